"""`waivers.yml`: what may pass although a policy is against it, why, and until when."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import BeforeValidator, Field

from cdk_stream.resources.authoring import Authored, ListOf, Name


def _day(value: object) -> object:
    if isinstance(value, str):
        try:
            date.fromisoformat(value if len(value) == len("2026-12-31") else "")
        except ValueError:
            raise ValueError(f"'{value}' is not a day such as 2026-12-31") from None
    return value


Day = Annotated[str, BeforeValidator(_day)]
"""A day: `2026-12-31`."""


class Waiver(Authored):
    """One exception from one policy, for a while."""

    id: Name
    """What reports call it."""
    policy: Name
    """The id of the policy that is waived."""
    node: str
    """The id of the node, `model.payments`; with `*` and `?`, of several; `project` for none."""
    column: Name | None = None
    """The only column it is about; left out, all that the policy says of the node."""
    reason: str = Field(min_length=1)
    """Why that is right for now."""
    owner: Name
    """Who ends it: a name of the project's `owners:`."""
    approved_by: ListOf[str] = ()
    """Who agreed."""
    ticket: str = ""
    """Where the work that ends it is written down."""
    expires: Day
    """The last day it holds."""


class Waivers(Authored):
    """`waivers.yml` in the project's folder."""

    waivers: tuple[Waiver, ...] = ()
    """The exceptions."""
