"""Who must agree to a change, who did, and whether that is enough."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from cdk_stream.results.change import Category

GateState = Literal["success", "pending", "failure", "error"]
"""success: it may go in; pending: somebody or something is waited for; failure: it may not;
error: nobody can say."""
Ground = Literal["exposure", "governance", "policy"]
"""Why an owner is asked: an exposure of theirs is hit, a file that rules the project differs, or
another policy asks for them."""

DESCRIPTION_LIMIT = 140
"""What a forge shows of a status."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that an owner is asked about."""

    ground: Ground
    policy: str
    """The id of the policy that asks."""
    message: str
    node: str = ""
    """The exposure, or what the policy is about; empty for the project as a whole."""
    category: Category | Literal[""] = ""
    """How bad the change is for the exposure; empty for other grounds."""
    files: tuple[str, ...] = ()
    """The files that rule the project and differ, from the top of the repository."""
    columns: tuple[str, ...] = ()
    """What the exposure reads of what changes: `model.clean.status`; () for whole rows."""
    classifications: tuple[str, ...] = ()
    """The classes of the data that it reads, in the base or in the head; sorted."""


@dataclass(frozen=True, slots=True)
class Requirement:
    """An owner whose approval is needed; `people` and `teams` are who may give it."""

    owner: str
    """A name of the project's `owners:`."""
    reasons: tuple[Reason, ...]
    people: tuple[str, ...] = ()
    """Logins without `@`, as the project writes them."""
    teams: tuple[str, ...] = ()
    """`acme/team-fraud`, without `@`."""
    min_approvals: int = 1
    """How many different people must approve."""
    optional: bool = False
    """Asked, but not waited for."""
    administrators: bool = False
    """Whoever administers the repository may answer: the base names no owners of its rules."""
    problem: str = ""
    """Why the owner stands for nobody who could be asked; empty when fine."""


@dataclass(frozen=True, slots=True)
class Vote:
    """A review that is its author's last word, as it counts for one requirement."""

    login: str
    review: int
    """The forge's id of it."""
    state: str
    """`APPROVED`, `CHANGES_REQUESTED` or `DISMISSED`."""
    commit: str
    """The commit that was looked at."""
    submitted: str
    """When: `2026-01-31T12:00:00Z`."""
    via: str = ""
    """The login or team of the owner that the reviewer is; empty for nobody of them."""
    why_not: str = ""
    """Why it does not count; empty when it does."""
    held_by: str = ""
    """The equal impact digest that lets an approval of an older commit hold."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How far one requirement is met."""

    requirement: Requirement
    approvals: tuple[Vote, ...] = ()
    """Those that count, one a person."""
    blocked_by: tuple[Vote, ...] = ()
    """Changes that people of the owner ask for."""
    discounted: tuple[Vote, ...] = ()
    """Approvals by people of the owner that do not count, each with `why_not`."""
    problem: str = ""
    """Why nobody can say; empty when everything is known."""
    mend: str = ""

    @property
    def missing(self) -> int:
        """How many approvals are still needed."""
        return max(0, self.requirement.min_approvals - len(self.approvals))

    @property
    def state(self) -> Literal["approved", "missing", "blocked", "unknown"]:
        """The requirement in one word."""
        if self.problem:
            return "unknown"
        if self.blocked_by:
            return "blocked"
        return "missing" if self.missing else "approved"


@dataclass(frozen=True, slots=True)
class Gate:
    """The answer, as a status shows it."""

    state: GateState
    description: str
    """At most 140 characters, safe to show."""
    reasons: tuple[str, ...] = ()
    """Everything that keeps it from success, or why it is one; sharpest first."""
    mends: tuple[str, ...] = ()
    """How to get further, in the same order; shorter when there is nothing to do."""


@dataclass(frozen=True, slots=True)
class BrokenGlass:
    """Somebody named for it let a change pass without what was missing."""

    login: str
    review: int
    commit: str
    submitted: str
    reason: str


@dataclass(frozen=True, slots=True)
class Approvals:
    """Everything about the votes on one pull request."""

    gate: Gate
    standings: tuple[Standing, ...] = ()
    """By owner, those that are waited for first."""
    outsiders: tuple[Vote, ...] = ()
    """Decisive reviews by people of none of the owners: they neither help nor block."""
    ask: tuple[str, ...] = ()
    """Logins and `org/team` to request a review from now: missing, and not asked yet."""
    frozen: tuple[str, ...] = ()
    """The freeze windows that hold now, in words."""
    broken_glass: BrokenGlass | None = None
    overridden: tuple[str, ...] = ()
    """What the broken glass let pass."""

    def of(self, owner: str) -> Standing | None:
        """The standing of an owner."""
        found = (one for one in self.standings if one.requirement.owner == owner)
        return next(found, None)
