"""A verdict for a person at a terminal: the decision, what led to it, whom it hits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from cdk_stream.report.colour import paint
from cdk_stream.report.finding import Finding, Level, findings, waived_findings
from cdk_stream.report.frame import Frame
from cdk_stream.report.plain import plain, plain_lines
from cdk_stream.report.summary import asked, compared, compiled, headline, promises
from cdk_stream.report.words import plural
from cdk_stream.results.change import Category, Change
from cdk_stream.results.consumer import Undeclared
from cdk_stream.results.impact import Impact, Spared
from cdk_stream.results.verdict import Verdict

_COLOUR = {
    "refused": "red",
    "needs_approval": "yellow",
    "passed": "green",
    "error": "red",
    "warning": "yellow",
    "approval": "yellow",
    "note": "blue",
    "breaking": "red",
    "risky": "yellow",
    "safe": "green",
}
_REASONS = 3
_HEADINGS: tuple[tuple[Level, str], ...] = (
    ("error", "errors"),
    ("warning", "warnings"),
    ("approval", "approvals needed"),
    ("note", "notes"),
)


def render(verdict: Verdict, frame: Frame) -> str:
    """The whole verdict as text; ends with a newline."""
    found = findings(verdict, frame)
    sections = [
        _decision(verdict, found, frame),
        *(
            _section(name, [x for x in found if x.level == level], frame)
            for level, name in _HEADINGS
        ),
        _section("waived", waived_findings(verdict, frame), frame),
        _changes(verdict, frame),
        _impacts(verdict, frame),
        _ways(verdict, frame),
        _undeclared(verdict, frame),
        [_footer(verdict)],
    ]
    return "\n\n".join("\n".join(lines) for lines in sections if lines) + "\n"


def problem_lines(found: Iterable[Finding], frame: Frame) -> Iterator[str]:
    """`path:line:column: CODE message`, the mend indented below."""
    for finding in found:
        rule = paint(finding.rule, _COLOUR[finding.level], frame.colour)
        yield f"{finding.location}: {rule} {finding.message}"
        if finding.approvers:
            yield f"    to be approved by {', '.join(finding.approvers)}"
        if finding.waiver:
            yield f"    {finding.waiver}"
        elif finding.mend:
            yield from (f"    {line}" for line in plain_lines(finding.mend))


def _decision(verdict: Verdict, found: Sequence[Finding], frame: Frame) -> list[str]:
    outcome = _COLOUR[verdict.outcome(frame.strict)]
    words = paint(headline(verdict, found, frame), outcome, frame.colour)
    return [
        f"project {plain(verdict.project)} {words}",
        f"checked {compared(verdict)}",
    ]


def _section(name: str, found: Sequence[Finding], frame: Frame) -> list[str]:
    if not found:
        return []
    return [_heading(f"{name} ({len(found)})", frame), *problem_lines(found, frame)]


def _heading(text: str, frame: Frame) -> str:
    return paint(text, "bold", frame.colour)


def _changes(verdict: Verdict, frame: Frame) -> list[str]:
    if not verdict.base:
        return []
    if not verdict.changes:
        return [_heading("nothing changes", frame)]
    title = _heading(f"changes ({len(verdict.changes)})", frame)
    return [title, *(line for change in verdict.changes for line in _change(change, frame))]


def _change(change: Change, frame: Frame) -> Iterator[str]:
    place = plain(frame.prefix + change.path)
    yield f"{_category(change.category, frame)}  {plain(change.node)} {change.kind}  ({place})"
    for aspect in change.aspects:
        upstream = ", from upstream" if aspect.inherited else ""
        yield f"    {aspect.code} {plain(aspect.message)} ({aspect.category}{upstream})"
        if aspect.mend:
            yield from (f"        {line}" for line in plain_lines(aspect.mend))


def _impacts(verdict: Verdict, frame: Frame) -> list[str]:
    if not verdict.changes:
        return []
    if not verdict.impacts:
        lines = [_heading("no exposure is hit", frame)]
    else:
        title = f"impact: {plural(len(verdict.impacts), 'exposure')} hit"
        lines = [_heading(title, frame)]
        lines += [line for impact in verdict.impacts for line in _impact(impact, frame)]
    return lines + [_spared(spared) for spared in verdict.spared]


def _impact(impact: Impact, frame: Frame) -> Iterator[str]:
    owner = f"owner {plain(impact.owner)}" if impact.owner else "nobody owns it"
    if impact.new_owner:
        owner += f", {plain(impact.new_owner)} from now on"
    kind = plain(impact.type)
    yield f"{_category(impact.severity, frame)}  {plain(impact.exposure)}  ({kind}, {owner})"
    if len(impact.path) > 1:
        yield f"    path: {' -> '.join(map(plain, impact.path))}"
    yield from _some(impact.reasons, "    ")
    if impact.columns:
        yield f"    reads: {', '.join(map(plain, impact.columns))}"
    for promise, whys in promises(impact):
        yield f"    at risk: {plain(promise)}"
        yield from _some(whys, "        ")
    if impact.url:
        yield f"    {plain(impact.url)}"


def _some(reasons: Sequence[str], indent: str) -> Iterator[str]:
    """The first of them: the changes themselves are told in full above."""
    yield from (f"{indent}{plain(reason)}" for reason in reasons[:_REASONS])
    if len(reasons) > _REASONS:
        yield f"{indent}and {len(reasons) - _REASONS} more"


def _spared(spared: Spared) -> str:
    return f"not hit  {plain(spared.exposure)}  by {plain(spared.change)}: {plain(spared.why)}"


def _ways(verdict: Verdict, frame: Frame) -> list[str]:
    """The ways over the changes by their titles; the comment has the steps."""
    if not verdict.migrations:
        return []
    title = "ways over it, with what to write: --format markdown"
    return [_heading(title, frame), *(f"    {plain(one.title)}" for one in verdict.migrations)]


def _undeclared(verdict: Verdict, frame: Frame) -> list[str]:
    if not verdict.consumers_from:
        return []
    source = plain(verdict.consumers_from)
    if not verdict.undeclared:
        return [_heading(f"no undeclared consumer group reads what changes ({source})", frame)]
    title = f"undeclared consumers ({len(verdict.undeclared)}), from {source}"
    return [_heading(title, frame), *(_stranger(one, frame) for one in verdict.undeclared)]


def _stranger(one: Undeclared, frame: Frame) -> str:
    members = "" if one.members is None else f", {plural(one.members, 'member')}"
    place = f"{plain(one.topic)}, of {plain(one.node)}{members}"
    return f"{_category(one.severity, frame)}  {plain(one.group)} reads {place}"


def _category(category: Category, frame: Frame) -> str:
    return paint(category.ljust(8), _COLOUR[category], frame.colour)


def _footer(verdict: Verdict) -> str:
    made = plural(verdict.counts.artifacts, "artefact")
    return f"{compiled(verdict.counts)} -> {made}; {asked(verdict)}"
