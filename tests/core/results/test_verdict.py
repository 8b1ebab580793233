"""What refuses, and what only waits."""

from __future__ import annotations

import pytest

from cdk_stream.problems import Location, Problem, Severity
from cdk_stream.results.decision import Decision, Effect
from cdk_stream.results.verdict import LocatedDecision, Verdict

HERE = Location("models/x.yml", 1)
SEVERITY = {
    "deny": Severity.ERROR,
    "warn": Severity.WARNING,
    "require_approval": Severity.WARNING,
}


def with_problem(severity: Severity) -> Verdict:
    return Verdict("p", (Problem(HERE, "CS101", "x", severity=severity),))


def with_decision(effect: Effect) -> Verdict:
    decision = Decision("x", effect, "y", approvers=("a", "b"), severity=SEVERITY[effect])
    return Verdict("p", decisions=(LocatedDecision(decision, HERE),))


@pytest.mark.parametrize(
    ("severity", "usual", "strict"),
    [
        (Severity.ERROR, "refused", "refused"),
        (Severity.WARNING, "passed", "refused"),
        (Severity.NOTE, "passed", "passed"),
    ],
)
def test_problems(severity: Severity, usual: str, strict: str) -> None:
    verdict = with_problem(severity)
    assert (verdict.outcome(), verdict.outcome(strict=True)) == (usual, strict)


@pytest.mark.parametrize(
    ("effect", "usual", "strict"),
    [
        ("deny", "refused", "refused"),
        ("warn", "passed", "refused"),
        ("require_approval", "needs_approval", "needs_approval"),
    ],
)
def test_decisions(effect: Effect, usual: str, strict: str) -> None:
    verdict = with_decision(effect)
    assert (verdict.outcome(), verdict.outcome(strict=True)) == (usual, strict)


def test_approvers_are_those_of_approvals_only() -> None:
    assert with_decision("require_approval").approvers == ("a", "b")
    assert with_decision("warn").approvers == ()
