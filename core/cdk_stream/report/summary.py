"""The sentences that every report says the same way."""

from __future__ import annotations

from collections.abc import Iterable

from cdk_stream.report.finding import Finding
from cdk_stream.report.frame import Frame
from cdk_stream.report.plain import plain
from cdk_stream.report.words import compiled_words, plural
from cdk_stream.results.counts import Counts
from cdk_stream.results.impact import Impact
from cdk_stream.results.verdict import Verdict


def headline(verdict: Verdict, found: Iterable[Finding], frame: Frame) -> str:
    """The verdict and how much was found: "refused: 2 errors, 1 warning"."""
    levels = [finding.level for finding in found]
    told = ", ".join(
        plural(levels.count(level), level)
        for level in ("error", "warning", "note")
        if level in levels
    )
    if verdict.waived:
        told += f"{', ' if told else ''}{len(verdict.waived)} waived"
    outcome = verdict.outcome(frame.strict)
    if outcome == "needs_approval":
        word = "passed, once approved by " + ", ".join(map(plain, verdict.approvers))
        return f"{word} ({told})" if told else word
    return f"{outcome}: {told or 'nothing to complain about'}"


def compared(verdict: Verdict) -> str:
    """What was looked at: "the working tree, compared with commit 1a2b3c4"."""
    head = plain(verdict.head)
    return f"{head}, compared with {plain(verdict.base)}" if verdict.base else head


def compiled(counts: Counts) -> str:
    """`2 sources, 4 models (2 flink, 1 proxy, 1 connect), 1 test, 3 exposures`."""
    nouns = {"sources": counts.sources, "tests": counts.tests, "exposures": counts.exposures}
    return compiled_words({**nouns, "models": counts.models})


def asked(verdict: Verdict) -> str:
    """How many policies were asked; none are when the project does not compile."""
    if not verdict.policies:
        return "no policy asked"
    return f"{plural(len(verdict.policies), 'policy')} asked"


def promises(impact: Impact) -> list[tuple[str, list[str]]]:
    """Each promise at risk once, with every reason why."""
    found: dict[str, list[str]] = {}
    for risk in impact.at_risk:
        found.setdefault(risk.promise, []).append(risk.why)
    return list(found.items())


def hit(verdict: Verdict) -> str:
    """Whom the change hits, in a few words."""
    if not verdict.changes:
        return "nothing changes"
    changes = plural(len(verdict.changes), "change")
    return f"{changes}, {plural(len(verdict.impacts), 'exposure')} hit"
