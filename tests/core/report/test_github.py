"""Annotations: the most important ones at their lines, the others in the log."""

from __future__ import annotations

from cdk_stream.problems import Location, Problem, Severity
from cdk_stream.report.frame import Frame
from cdk_stream.report.github import SHOWN, render
from cdk_stream.results.decision import Decision
from cdk_stream.results.verdict import LocatedDecision, Verdict


def problem(at: int, severity: Severity) -> Problem:
    return Problem(Location("models/a.yml", at), "CS411", f"number {at}", severity=severity)


ASKS = LocatedDecision(
    Decision("p", "require_approval", "must approve", approvers=("team-a",)), Location("e.yml", 1)
)


def lines(verdict: Verdict) -> list[str]:
    return render(verdict, Frame()).split("\n")[:-1]


def test_what_github_would_drop_is_in_the_log() -> None:
    wrong = tuple(problem(at, Severity.ERROR) for at in range(1, 26))
    found = lines(Verdict("p", wrong))
    assert sum(line.startswith("::error ") for line in found) == SHOWN
    assert f"and {25 - SHOWN} errors more, not shown at their lines:" in found
    assert sum(line.startswith("- models/a.yml:") for line in found) == 25 - SHOWN


def test_approvals_are_shown_before_warnings() -> None:
    warnings = tuple(problem(at, Severity.WARNING) for at in range(1, 26))
    first = lines(Verdict("p", warnings, (ASKS,)))[0]
    assert first.startswith("::warning file=e.yml") and "to be approved by team-a" in first


def test_no_line_of_the_log_is_a_command() -> None:
    word = "##[stop-commands]x ::stop-commands::x"
    wrong = tuple(Problem(Location(word, at), "CS411", word) for at in range(1, 26))
    logged = [line for line in lines(Verdict(word, wrong)) if not line.startswith("::error ")]
    assert len(logged) == 25 - SHOWN + 2
    assert not [line for line in logged if "##[" in line or line.lstrip().startswith("::")]
