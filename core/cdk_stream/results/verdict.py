"""The answer of a check: what is wrong, what the policies say, and whom the change hits."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from cdk_stream.problems import Location, Problem, Severity
from cdk_stream.results.affected import Affected
from cdk_stream.results.change import Change
from cdk_stream.results.consumer import Undeclared
from cdk_stream.results.counts import Counts
from cdk_stream.results.decision import Decision
from cdk_stream.results.impact import Impact, Spared
from cdk_stream.results.migration import Migration
from cdk_stream.results.waiver import Waived

Outcome = Literal["refused", "needs_approval", "passed"]
"""Whether it may go in: no; once the named owners agree; yes."""


@dataclass(frozen=True, slots=True)
class LocatedDecision:
    """A policy's finding and the line it is about."""

    decision: Decision
    location: Location


@dataclass(frozen=True, slots=True)
class Verdict:
    """Everything a check found out; how it is shown is the reports' affair."""

    project: str
    problems: tuple[Problem, ...] = ()
    decisions: tuple[LocatedDecision, ...] = ()
    changes: tuple[Change, ...] = ()
    impacts: tuple[Impact, ...] = ()
    """Worst first."""
    spared: tuple[Spared, ...] = ()
    base: str = ""
    """What the project was compared with: "commit 1a2b3c4"; empty when with nothing."""
    head: str = "the working tree"
    counts: Counts = field(default_factory=Counts)
    policies: tuple[str, ...] = ()
    """The ids of the policies that were asked."""
    nodes: tuple[str, ...] = ()
    """The ids of the nodes that compiled."""
    waived: tuple[Waived, ...] = ()
    """What policies found and waivers let pass; it is none of `decisions`."""
    affected: Affected = field(default_factory=Affected)
    """The part of the project between the changes and whom they hit."""
    migrations: tuple[Migration, ...] = ()
    """The ways over the changes, parents first."""
    undeclared: tuple[Undeclared, ...] = ()
    """Live consumer groups that read what changes, and that no exposure declares."""
    consumers_from: str = ""
    """Where live consumer groups were read; empty when nobody looked."""

    def passed(self, strict: bool = False) -> bool:
        """Whether nothing refuses the project; `strict` lets warnings refuse as well.

        An approval that is still to be given never refuses: see `approvers`.
        """
        told = {problem.severity for problem in self.problems}
        told |= {
            located.decision.severity
            for located in self.decisions
            if located.decision.effect != "require_approval"
        }
        return Severity.ERROR not in told and not (strict and Severity.WARNING in told)

    def outcome(self, strict: bool = False) -> Outcome:
        """The verdict in one word."""
        if not self.passed(strict):
            return "refused"
        return "needs_approval" if self.approvers else "passed"

    @property
    def approvers(self) -> tuple[str, ...]:
        """The owners whose approval a policy asks for, sorted."""
        return tuple(
            sorted(
                {
                    owner
                    for located in self.decisions
                    if located.decision.effect == "require_approval"
                    for owner in located.decision.approvers
                }
            )
        )
