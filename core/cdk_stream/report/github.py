"""A verdict as workflow commands: GitHub shows them at the lines of a pull request."""

from __future__ import annotations

from cdk_stream.report.finding import Finding, Level, findings, waived_findings
from cdk_stream.report.frame import Frame
from cdk_stream.report.plain import plain, plain_lines
from cdk_stream.report.summary import headline, hit
from cdk_stream.report.words import plural
from cdk_stream.results.verdict import Verdict

SHOWN = 10
"""GitHub shows so many of each kind for a step, and drops the others without a word."""
_COMMAND: dict[Level, str] = {
    "error": "error",
    "warning": "warning",
    "approval": "warning",
    "note": "notice",
}
_RANK: dict[Level, int] = {"error": 0, "approval": 1, "warning": 2, "note": 3}


def render(verdict: Verdict, frame: Frame) -> str:
    """One `::error file=...::` line for each finding, worst first, then one line in words.

    What GitHub would not show at the lines stands in the log, counted.
    """
    found = findings(verdict, frame)
    ordered = sorted(found, key=lambda finding: _RANK[finding.level])
    told: dict[str, list[Finding]] = {"error": [], "warning": [], "notice": []}
    for finding in (*ordered, *waived_findings(verdict, frame)):
        told[_COMMAND[finding.level]].append(finding)
    lines = [_command(finding) for kind in told.values() for finding in kind[:SHOWN]]
    for kind, listed in told.items():
        if len(listed) > SHOWN:
            lines.append(f"and {plural(len(listed) - SHOWN, kind)} more, not shown at their lines:")
            lines += [f"- {_logged(finding)}" for finding in listed[SHOWN:]]
    words = f"project {plain(verdict.project)} {headline(verdict, found, frame)}"
    if verdict.base:
        words += f"; {hit(verdict)}"
    return "\n".join((*lines, _harmless(words))) + "\n"


def _logged(finding: Finding) -> str:
    return _harmless(f"{finding.location}: {finding.rule} {finding.message}")


def _harmless(line: str) -> str:
    """A line that no runner takes for a command: the old ones may stand anywhere in it."""
    return line.replace("##[", "## [")


def _command(finding: Finding) -> str:
    title = f"{finding.rule} {finding.title}" if finding.title else finding.rule
    place = finding.location
    properties = {"file": place.path, "line": place.line, "col": place.column, "title": title}
    told = ",".join(f"{key}={_property(str(value))}" for key, value in properties.items() if value)
    message = finding.message
    if finding.approvers:
        message += f"\nto be approved by {', '.join(finding.approvers)}"
    if finding.waiver:
        message += f"\n{finding.waiver}"
    elif finding.mend:
        message += "\n" + "\n".join(plain_lines(finding.mend))
    return f"::{_COMMAND[finding.level]} {told}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
