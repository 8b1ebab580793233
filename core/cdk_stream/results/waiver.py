"""A finding that passes for a while."""

from __future__ import annotations

from dataclasses import dataclass

from cdk_stream.problems import Location
from cdk_stream.results.decision import Decision

POLICY = "waivers"
"""What is wrong with waivers themselves is told under this name, as if a policy had found it."""
_NOWHERE = Location("")


@dataclass(frozen=True, slots=True)
class Waived:
    """What a policy found, and the waiver that lets it pass."""

    decision: Decision
    waiver: str
    """The waiver's id."""
    reason: str
    owner: str
    expires: str
    """The last day: `2026-12-31`."""
    ticket: str = ""
    approved_by: tuple[str, ...] = ()
    location: Location = _NOWHERE
    """Where the finding is."""


@dataclass(frozen=True, slots=True)
class Waiving:
    """Findings after the waivers: what is left of them, what passes, what is wrong with waivers.

    `told` is about `waivers.yml`: each `pointer` is a place in that file.
    """

    decisions: tuple[Decision, ...]
    waived: tuple[Waived, ...] = ()
    told: tuple[Decision, ...] = ()
