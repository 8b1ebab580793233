"""Who answers for the rules, how many must agree to a change, and when nothing may change."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from cdk_stream.resources.authoring import Authored, ListOf, Name, shared, unsaid
from cdk_stream.resources.classification import Classification


def _moment(value: object) -> object:
    """YAML may have read a time already; what is kept is text."""
    if isinstance(value, datetime):
        value = value.isoformat()
    if isinstance(value, str):
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            raise ValueError(f"'{value}' is not a time such as 2026-12-24T18:00") from None
        if moment.tzinfo is not None:
            raise ValueError(f"'{value}' has a zone of its own: leave it out, `timezone` says it")
    return value


Moment = Annotated[str, BeforeValidator(_moment)]
"""A time on the clock of a place: `2026-12-24T18:00`."""

Count = Annotated[int, Field(ge=1, le=10)]
"""How many people."""


class Approvals(Authored):
    """How many must agree, and whose word counts."""

    min_approvals: Count = 1
    """How many people of each owner must approve, when nothing below asks for more."""
    owners: dict[Name, Count] = {}
    """Name of an owner -> how many of its people must approve."""
    classifications: dict[Classification, Count] = {}
    """Class -> how many people of an owner must approve when its application reads such data."""
    categories: dict[Literal["breaking", "risky", "safe"], Count] = {}
    """Category of a change -> how many people of an owner must approve it."""
    optional: ListOf[Name] = ()
    """Owners who are asked for a review and not waited for."""
    allow_bots: ListOf[str] = ()
    """Logins of bots whose approval counts, when an owner names them."""
    sticky: Literal["no", "impact-digest"] = "no"
    """With `impact-digest`, an approval outlives later commits as long as all that reaches the
    application stays as it was approved; with `no`, every push asks again."""


class Freeze(Authored):
    """A time in which nothing changes."""

    name: str = Field(min_length=1)
    """What reports call it."""
    starts: Moment
    """When it begins, `2026-12-24T18:00`."""
    ends: Moment
    """When it is over."""
    timezone: str = "UTC"
    """Whose clock that is: `Europe/Berlin`."""
    repeats: Literal["no", "daily", "weekly", "yearly"] = "no"
    """Whether it comes again at the same time of each day, week or year."""
    allows: ListOf[Literal["breaking", "risky", "safe"]] = ()
    """Changes of these categories may go in all the same."""


class BreakGlass(Authored):
    """Who may let a change pass in an emergency."""

    people: ListOf[str] = ()
    """Their logins: `@dana`. They approve with a review that begins with `break-glass:` and the
    reason; it is recorded and reported."""


class Governance(Authored):
    """Who must approve changes of policies, owners, roles, clusters and the project file."""

    owners: ListOf[Name] = ()
    """Names of `owners:`."""
    files: ListOf[str] = ()
    """More files that rule the project, from the top of the repository: `/terraform/**`."""
    approvals: Approvals = Field(default_factory=shared(unsaid(Approvals)))
    """How many must agree, and whose word counts."""
    freeze: ListOf[Freeze] = ()
    """Times in which nothing changes."""
    break_glass: BreakGlass = Field(default_factory=shared(unsaid(BreakGlass)))
    """Who may let a change pass in an emergency."""
