"""Everything that holds a change back -> the gate."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cdk_stream.results.approval import (
    DESCRIPTION_LIMIT,
    BrokenGlass,
    Gate,
    GateState,
    Standing,
)

_RANK: dict[GateState, int] = {"error": 0, "failure": 1, "pending": 2, "success": 3}


@dataclass(frozen=True, slots=True)
class Hold:
    """One thing that keeps a change from going in."""

    state: GateState
    reason: str
    mend: str = ""
    hard: bool = False
    """Whether not even broken glass lets it pass."""
    owner: str = ""
    """The owner that is waited for."""


def holds(standings: Iterable[Standing]) -> list[Hold]:
    """What the votes still lack."""
    return [hold for one in standings if (hold := _hold(one)) is not None]


def gate(found: Sequence[Hold], standings: Sequence[Standing], hit: int) -> Gate:
    """The answer when no glass is broken; `hit` is how many exposures the change reaches."""
    ordered = sorted(found, key=lambda one: _RANK[one.state])
    if not ordered:
        return _success(standings, hit)
    state = ordered[0].state
    reasons = tuple(dict.fromkeys(one.reason for one in ordered))
    mends = tuple(dict.fromkeys(one.mend for one in ordered if one.mend))
    return Gate(state, _short(_summary(ordered)), reasons, mends)


def forced(found: Sequence[Hold], glass: BrokenGlass) -> tuple[Gate, tuple[str, ...]] | None:
    """The gate behind broken glass, and what it lets pass; None when that is not enough."""
    if not found or any(one.hard for one in found):
        return None
    reason = f"{glass.login} broke the glass: {glass.reason}"
    ordered = sorted(found, key=lambda one: _RANK[one.state])
    passed = tuple(dict.fromkeys(one.reason for one in ordered))
    return Gate("success", _short(reason), (reason, *passed)), passed


def _hold(standing: Standing) -> Hold | None:
    requirement = standing.requirement
    owner = requirement.owner
    if requirement.optional or standing.state == "approved":
        return None
    if standing.state == "unknown":
        return Hold("error", standing.problem, standing.mend)
    if standing.state == "blocked":
        who = ", ".join(vote.login for vote in standing.blocked_by)
        mend = f"come to an agreement with {who}, who then approves or has the review dismissed"
        return Hold("failure", f"{who} asks for changes, for owner '{owner}'", mend)
    given, wanted = len(standing.approvals), requirement.min_approvals
    counts = f" ({given} of {wanted})" if wanted > 1 else ""
    why = "".join(f"; {one.login}'s does not count: {one.why_not}" for one in standing.discounted)
    done = {vote.login.casefold() for vote in standing.approvals}
    people = [login for login in requirement.people if login.casefold() not in done]
    names = ", ".join((*requirement.teams, *people)) or "an administrator"
    return Hold(
        "pending",
        f"waiting for owner '{owner}'{counts}{why}",
        f"ask {names} for an approval of the last commit",
        owner=owner,
    )


def _summary(ordered: Sequence[Hold]) -> str:
    """The sharpest reason; owners that are waited for are told together."""
    first = ordered[0]
    owners = [one.owner for one in ordered if one.owner]
    return f"waiting for {', '.join(owners)}" if first.owner else first.reason


def _success(standings: Sequence[Standing], hit: int) -> Gate:
    needed = [one for one in standings if not one.requirement.optional]
    if needed:
        people = sorted({vote.login for one in needed for vote in one.approvals})
        return Gate("success", _short(f"approved by {', '.join(people)}"))
    if hit:
        return Gate("success", f"{hit} exposure{'s' if hit > 1 else ''} hit, no approval needed")
    return Gate("success", "no exposure is hit, no approval needed")


def _short(text: str) -> str:
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return line if len(line) <= DESCRIPTION_LIMIT else f"{line[: DESCRIPTION_LIMIT - 3]}..."
