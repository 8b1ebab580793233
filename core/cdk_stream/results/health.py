"""How a deployed project fares: its resources, the readers of its streams, and its last deploy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from cdk_stream.results.plan import Difference, Key

Condition = Literal["running", "starting", "paused", "degraded", "failed", "missing", "unknown"]
"""starting: not yet; paused: by somebody's will; degraded: part of it fails or it restarts;
missing: it was deployed and is gone; unknown: its system does not say."""

FINE: frozenset[Condition] = frozenset({"running", "starting", "paused"})


@dataclass(frozen=True, slots=True)
class Health:
    """How one resource is, in its system's own words."""

    condition: Condition
    told: str = ""


@dataclass(frozen=True, slots=True)
class GroupLag:
    """How far a consumer group is behind in one topic."""

    group: str
    topic: str
    records: int
    """Rows that it has not read yet, over all partitions."""
    age_ms: int | None = None
    """How long the oldest of them has been waiting, in milliseconds; None when nobody can tell."""


@dataclass(frozen=True, slots=True)
class Watched:
    """A resource of the record, as it is now."""

    key: Key
    node: str
    owner: str
    health: Health
    drift: tuple[Difference, ...] = ()
    """What somebody changed by hand since the last deploy."""

    @property
    def fine(self) -> bool:
        """Whether a monitor may sleep."""
        return self.health.condition in FINE and not self.drift


@dataclass(frozen=True, slots=True)
class Reader:
    """An exposure's consumer group against what the exposure was promised."""

    exposure: str
    owner: str
    lag: GroupLag
    max_records: int | None = None
    max_ms: int | None = None

    @property
    def late(self) -> str:
        """Which promise is broken, in words; empty for none."""
        if self.max_records is not None and self.lag.records > self.max_records:
            return f"{self.lag.records} rows behind, {self.max_records} are allowed"
        if self.max_ms is not None and (self.lag.age_ms or 0) > self.max_ms:
            return f"{self.lag.age_ms} ms behind, {self.max_ms} are allowed"
        return ""


@dataclass(frozen=True, slots=True)
class Deployment:
    """The last deploy, from its record."""

    serial: int
    commit: str
    outcome: str
    ended: str
    by: str


@dataclass(frozen=True, slots=True)
class Status:
    """The whole answer."""

    project: str
    environment: str
    deployment: Deployment | None
    """None when nothing was ever deployed."""
    resources: tuple[Watched, ...] = ()
    readers: tuple[Reader, ...] = ()
    leaks: tuple[str, ...] = ()
    """What anybody sees otherwise than the policy says."""

    @property
    def fine(self) -> bool:
        """Whether all is as it was deployed, runs, and keeps its promises."""
        deployed = self.deployment is None or self.deployment.outcome == "done"
        kept = all(not reader.late for reader in self.readers)
        safe = not self.leaks
        return deployed and kept and safe and all(one.fine for one in self.resources)
