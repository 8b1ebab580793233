"""Problems and decisions as a reader sees them: one list, worst first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from cdk_stream.problems import Location, Problem, Severity
from cdk_stream.report.frame import Frame
from cdk_stream.report.plain import plain
from cdk_stream.results.verdict import LocatedDecision, Verdict
from cdk_stream.results.waiver import Waived

Level = Literal["error", "warning", "approval", "note"]
"""error: refuses; warning: said; approval: someone must agree; note: informs."""

_RANK: dict[Level, int] = {"error": 0, "warning": 1, "approval": 2, "note": 3}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to show; every text but `mend` is on one line and safe to print."""

    rule: str
    """A code (`CS301`) or a policy's id."""
    level: Level
    location: Location
    message: str
    mend: str = ""
    node: str = ""
    column: str = ""
    """The data column concerned."""
    policy: bool = False
    """Whether `rule` is a policy."""
    title: str = ""
    docs: str = ""
    approvers: tuple[str, ...] = ()
    waiver: str = ""
    """The waiver that lets it pass, in words."""


def findings(verdict: Verdict, frame: Frame) -> tuple[Finding, ...]:
    """Everything that was found, by level, then by place; equal ones once."""
    found = dict.fromkeys(
        [_of_problem(problem, frame) for problem in verdict.problems]
        + [_of_decision(located, frame) for located in verdict.decisions]
    )
    return tuple(sorted(found, key=_order))


def waived_findings(verdict: Verdict, frame: Frame) -> tuple[Finding, ...]:
    """What waivers let pass, by place; notes, whatever it would be without them."""
    found = [
        replace(
            _of_decision(LocatedDecision(one.decision, one.location), frame),
            level="note",
            waiver=_waiver(one),
        )
        for one in verdict.waived
    ]
    return tuple(sorted(found, key=_order))


def _waiver(one: Waived) -> str:
    """`waiver 'W1' of team-fraud until 2026-12-31: why (STREAM-12, approved by dana)`."""
    more = [one.ticket] if one.ticket else []
    if one.approved_by:
        more.append(f"approved by {', '.join(one.approved_by)}")
    words = f"waiver '{one.waiver}' of {one.owner} until {one.expires}: {one.reason}"
    return plain(f"{words} ({', '.join(more)})" if more else words)


def problem_findings(problems: Iterable[Problem], frame: Frame) -> tuple[Finding, ...]:
    """Problems that no verdict holds, in the order given."""
    return tuple(_of_problem(problem, frame) for problem in problems)


def _order(finding: Finding) -> tuple[int, Location, str, str]:
    return _RANK[finding.level], finding.location, finding.rule, finding.message


def _of_problem(problem: Problem, frame: Frame) -> Finding:
    return Finding(
        rule=plain(problem.code),
        level=_level(problem.severity, frame),
        location=_place(problem.location, frame),
        message=plain(problem.message),
        mend=problem.mend,
        node=plain(problem.node),
    )


def _of_decision(located: LocatedDecision, frame: Frame) -> Finding:
    decision = located.decision
    approval = decision.effect == "require_approval"
    return Finding(
        rule=plain(decision.policy),
        level="approval" if approval else _level(decision.severity, frame),
        location=_place(located.location, frame),
        message=plain(decision.message),
        mend=decision.remediation,
        node=plain(decision.node),
        column=plain(decision.column),
        policy=True,
        title=plain(decision.title),
        docs=plain(decision.docs),
        approvers=tuple(map(plain, decision.approvers)),
    )


def _level(severity: Severity, frame: Frame) -> Level:
    if severity is Severity.ERROR or (frame.strict and severity is Severity.WARNING):
        return "error"
    return "warning" if severity is Severity.WARNING else "note"


def _place(location: Location, frame: Frame) -> Location:
    path = plain(frame.prefix + location.path)
    return Location(path, location.line, location.column)
