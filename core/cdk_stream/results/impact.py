"""Whom a change hits: exposures, their owners and the promises at risk."""

from __future__ import annotations

from dataclasses import dataclass

from cdk_stream.results.change import Category


@dataclass(frozen=True, slots=True)
class AtRisk:
    """A promise that may no longer hold: `sla.max_end_to_end_latency_ms: 800`, and why."""

    promise: str
    why: str


@dataclass(frozen=True, slots=True)
class Impact:
    """An exposure that changes reach; `severity` is the worst of what reaches it.

    `owner` is the base's, for an exposure that the base has: a change of the owner is no way
    around the old one, and then `new_owner` holds the head's. Both are empty when nobody owns it.
    """

    exposure: str
    """`exposure.fraud_scoring_service`."""
    owner: str
    type: str
    url: str
    severity: Category
    changes: tuple[str, ...]
    """The ids of the changed nodes that reach it, the exposure's own id when it changed itself."""
    path: tuple[str, ...]
    """Node ids of a shortest way from the worst change to the exposure, both included."""
    reasons: tuple[str, ...]
    """Why, worst first: `column 'status' of model 'clean' is removed`."""
    columns: tuple[str, ...] = ()
    """What it reads that the changes touch, as `model.clean.status`; () means whole rows."""
    at_risk: tuple[AtRisk, ...] = ()
    new_owner: str = ""
    ways: tuple[tuple[str, ...], ...] = ()
    """Every way like `path` by which a change reaches it, the worst first, each once."""


@dataclass(frozen=True, slots=True)
class Spared:
    """An exposure downstream of a change that reads nothing of what changed, and why."""

    exposure: str
    change: str
    why: str


@dataclass(frozen=True, slots=True)
class Reach:
    """How far a set of changes goes; both sorted, impacts worst first."""

    impacts: tuple[Impact, ...] = ()
    spared: tuple[Spared, ...] = ()
