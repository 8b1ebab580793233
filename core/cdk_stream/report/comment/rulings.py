"""What policies and the compiler found, denials first, and what waivers let pass."""

from __future__ import annotations

from collections.abc import Sequence

from cdk_stream.report.comment.words import folded, prose, table
from cdk_stream.report.finding import Finding, Level
from cdk_stream.report.inert import code, inert
from cdk_stream.report.words import plural

_WORD: dict[Level, str] = {"error": "denies", "warning": "warns", "note": "notes"}
_HEADER = ("", "where", "what", "how to mend it")


def policies(found: Sequence[Finding], rows: int) -> str:
    """The policies' findings; those that ask for an approval are in the first table."""
    told = [finding for finding in found if finding.policy and finding.level != "approval"]
    if not told:
        return ""
    counts = [
        plural(sum(finding.level == level for finding in told), noun)
        for level, noun in (("error", "denial"), ("warning", "warning"), ("note", "note"))
        if any(finding.level == level for finding in told)
    ]
    shown = table(_HEADER, [_row(finding) for finding in told], rows, "findings")
    return f"### Policies: {', '.join(counts)}\n\n{shown}"


def errors(found: Sequence[Finding], rows: int) -> str:
    """What keeps the project from compiling."""
    told = [one for one in found if not one.policy and one.level == "error"]
    shown = table(_HEADER, [_row(one) for one in told], rows, "errors")
    return f"### {plural(len(told), 'error')}\n\n{shown}" if shown else ""


def warnings(found: Sequence[Finding], rows: int) -> str:
    """What the compiler says besides, behind a line."""
    told = [one for one in found if not one.policy and one.level != "error"]
    if not told:
        return ""
    count = [
        plural(sum(one.level == level for one in told), level)
        for level in ("warning", "note")
        if any(one.level == level for one in told)
    ]
    shown = table(_HEADER, [_row(one) for one in told], rows, "of them")
    return folded(f"{' and '.join(count)} of the compiler", shown)


def waivers(found: Sequence[Finding], rows: int) -> str:
    """What would have been told, and why it was not."""
    if not found:
        return ""
    lines = [
        (code(str(one.location)), f"{code(one.rule)} {prose(one.message)}", inert(one.waiver))
        for one in found
    ]
    shown = table(("where", "what", "why it passes"), lines, rows, "of them")
    return folded(f"{plural(len(found), 'finding')} waived", shown)


def _row(finding: Finding) -> Sequence[str]:
    level = _WORD.get(finding.level, finding.level) if finding.policy else finding.level
    return (
        f"**{level}**",
        code(str(finding.location)),
        f"{code(finding.rule)} {prose(finding.message)}",
        prose(finding.mend),
    )
