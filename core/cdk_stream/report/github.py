"""A verdict as workflow commands: GitHub shows them at the lines of a pull request."""

from __future__ import annotations

from cdk_stream.report.finding import Finding, Level, findings, waived_findings
from cdk_stream.report.frame import Frame
from cdk_stream.report.plain import plain, plain_lines
from cdk_stream.report.summary import headline, hit
from cdk_stream.results.verdict import Verdict

_COMMAND: dict[Level, str] = {
    "error": "error",
    "warning": "warning",
    "approval": "warning",
    "note": "notice",
}


def render(verdict: Verdict, frame: Frame) -> str:
    """One `::error file=...::` line for each finding, worst first, then one line in words."""
    found = findings(verdict, frame)
    lines = [_command(finding) for finding in (*found, *waived_findings(verdict, frame))]
    words = f"project {plain(verdict.project)} {headline(verdict, found, frame)}"
    if verdict.base:
        words += f"; {hit(verdict)}"
    return "\n".join((*lines, words)) + "\n"


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
