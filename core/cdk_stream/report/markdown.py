"""A verdict as a comment on a pull request: what is decided, whom it hits, what to mend."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cdk_stream.report.finding import Finding, Level, findings, waived_findings
from cdk_stream.report.frame import Frame
from cdk_stream.report.inert import code, inert
from cdk_stream.report.summary import asked, compared, compiled, headline, promises
from cdk_stream.report.words import plural
from cdk_stream.results.change import Change
from cdk_stream.results.impact import Impact
from cdk_stream.results.verdict import Verdict

MAX_CHARACTERS = 60_000
"""GitHub takes 65,536; the rest is left to whoever posts the comment."""
_ROWS = (10_000, 200, 100, 50, 20, 10, 5)
_LEVEL: dict[Level, str] = {
    "error": "❌ error",
    "warning": "⚠️ warning",
    "approval": "✋ approval",
    "note": "note",
}
_OUTCOME = {"refused": "❌", "needs_approval": "✋", "passed": "✅"}


def render(verdict: Verdict, frame: Frame) -> str:
    """The comment, at most `MAX_CHARACTERS` long: tables lose whole rows first, and say so."""
    found = findings(verdict, frame)
    for rows in _ROWS:
        text = _comment(verdict, found, frame, rows)
        if len(text) <= MAX_CHARACTERS:
            return text
    return "\n\n".join(_head(verdict, found, frame)) + "\n"


def _comment(verdict: Verdict, found: Sequence[Finding], frame: Frame, rows: int) -> str:
    sections = [
        *_head(verdict, found, frame),
        _impact(verdict, rows),
        _findings(found, rows),
        _waived(waived_findings(verdict, frame), rows),
        _changes(verdict, rows),
        f"<sub>{inert(compiled(verdict.counts))}; {asked(verdict)}</sub>",
    ]
    return "\n\n".join(section for section in sections if section) + "\n"


def _head(verdict: Verdict, found: Sequence[Finding], frame: Frame) -> list[str]:
    mark = _OUTCOME[verdict.outcome(frame.strict)]
    title = f"## {mark} {inert(verdict.project)} {inert(headline(verdict, found, frame))}"
    return [title, f"Checked {inert(compared(verdict))}."]


def _impact(verdict: Verdict, rows: int) -> str:
    if not verdict.base:
        return ""
    if not verdict.changes:
        return "Nothing changes."
    if not verdict.impacts:
        return "### Impact\n\nNo exposure is hit."
    title = f"### Impact: {plural(len(verdict.impacts), 'exposure')} hit"
    table = _table(
        ("", "exposure", "owner", "why", "at risk", "path"),
        [_impact_row(impact) for impact in verdict.impacts],
        rows,
    )
    spared = [f"- {code(x.exposure)} is not hit: {inert(x.why)}" for x in verdict.spared[:rows]]
    return "\n\n".join(filter(None, (title, table, "\n".join(spared))))


def _impact_row(impact: Impact) -> tuple[str, ...]:
    owner = code(impact.owner) if impact.owner else "nobody"
    if impact.new_owner:
        owner += f", from now on {code(impact.new_owner)}"
    return (
        f"**{impact.severity}**",
        f"{code(impact.exposure)}<br>{inert(impact.type)}",
        owner,
        _lines(impact.reasons, 4),
        "<br>".join(_risk(promise, whys) for promise, whys in promises(impact)),
        code(" -> ".join(impact.path)),
    )


def _risk(promise: str, whys: Sequence[str]) -> str:
    more = f" (and {len(whys) - 1} more)" if len(whys) > 1 else ""
    return f"**{inert(promise)}**: {inert(whys[0])}{more}"


def _findings(found: Sequence[Finding], rows: int) -> str:
    if not found:
        return ""
    table = _table(
        ("", "where", "what", "how to mend it"), [_finding_row(finding) for finding in found], rows
    )
    return f"### Findings\n\n{table}"


def _finding_row(finding: Finding) -> tuple[str, ...]:
    what = f"{code(finding.rule)} {inert(finding.message)}"
    if finding.approvers:
        what += f"<br>to be approved by {', '.join(map(code, finding.approvers))}"
    return _LEVEL[finding.level], code(str(finding.location)), what, inert(finding.mend)


def _waived(found: Sequence[Finding], rows: int) -> str:
    if not found:
        return ""
    lines = [
        (code(str(x.location)), f"{code(x.rule)} {inert(x.message)}", inert(x.waiver))
        for x in found
    ]
    table = _table(("where", "what", "why it passes"), lines, rows)
    return f"<details><summary>{len(found)} waived</summary>\n\n{table}\n\n</details>"


def _changes(verdict: Verdict, rows: int) -> str:
    if not verdict.changes:
        return ""
    table = _table(
        ("", "node", "what differs"), [_change_row(change) for change in verdict.changes], rows
    )
    summary = f"<summary>{plural(len(verdict.changes), 'change')}</summary>"
    return f"<details>{summary}\n\n{table}\n\n</details>"


def _change_row(change: Change) -> tuple[str, ...]:
    return (
        f"**{change.category}**",
        f"{code(change.node)} {change.kind}",
        _lines(f"{aspect.code}: {aspect.message}" for aspect in change.aspects),
    )


def _lines(texts: Iterable[str], most: int = 8) -> str:
    shown = list(texts)
    rest = [f"and {len(shown) - most} more"] if len(shown) > most else []
    return "<br>".join([*map(inert, shown[:most]), *rest])


def _table(header: Sequence[str], rows: Sequence[Sequence[str]], most: int) -> str:
    lines = [header, ["---"] * len(header), *rows[:most]]
    table = "\n".join(f"| {' | '.join(line)} |" for line in lines)
    return f"{table}\n\n... and {len(rows) - most} more" if len(rows) > most else table
