"""What must happen to the live systems so that they are what the project says."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

import orjson

Action = Literal[
    "create", "update", "restart", "replace", "delete", "adopt", "drift", "foreign", "nothing",
    "pause", "resume", "retire",
]  # fmt: skip
"""create: it is not there; update: changed in place; restart: stopped and started, its state kept;
replace: ended and made anew, its state lost or rebuilt; delete: made by us, wanted no more;
adopt: there already as wanted, from now on ours; drift: somebody changed it by hand, and it is put
back; foreign: somebody else's, so that it is left alone and what needs it is refused; nothing.
pause, resume, retire: at rest, going on, or let go, by somebody's will; never part of a plan."""

FORMAT = "cdk-stream/plan@1"
WRITES: frozenset[Action] = frozenset(
    {"create", "update", "restart", "replace", "delete", "adopt", "drift"}
)
"""The actions that a deploy carries out (adopt writes the record alone)."""

Danger = Literal["data_loss", "replay", "downtime", "state_drift", "exposure"]
"""What a step may cost: rows, a second run over old rows, a pause, another meaning of what a job
remembers, or clear values for a moment."""


class Key(NamedTuple):
    """One resource of a live system."""

    system: str
    """`kafka`, `registry`, `gateway`, `flink`, `connect`: the name of a `System`."""
    cluster: str
    kind: str
    """The kind of its artefact: `topic`, `subject`, `acl`, `interceptor`, `flink_job`, ..."""
    name: str

    def __str__(self) -> str:
        return f"{self.cluster}/{self.kind}/{self.name}"


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that is not as wanted; a secret's value is never among them."""

    field: str
    """A path: `configs.retention.ms`."""
    live: Any
    wanted: Any


@dataclass(frozen=True, slots=True)
class Step:
    """What happens to one resource, and why."""

    key: Key
    action: Action
    node: str
    """The id of the node that it is for; of the last record when it is deleted."""
    why: str
    """Lower-case, no full stop: "model 'clean' is new"."""
    differences: tuple[Difference, ...] = ()
    dangers: tuple[tuple[Danger, str], ...] = ()
    """What it may cost, each with a sentence; the sharpest first."""
    needs: tuple[str, ...] = ()
    """The ids of the steps that must be done before it."""
    digest: str = ""
    """The digest of the wanted artefact; empty when there is none."""
    was: str = ""
    """What the live resource was like when the plan was made, as its system digests it: a deploy
    that finds something else refuses. Empty when there was none."""
    approved: bool = True
    """False for what only an explicit approval lets happen: a deletion of a topic with rows."""

    @property
    def id(self) -> str:
        """`main/topic/payments`."""
        return str(self.key)


@dataclass(frozen=True, slots=True)
class Plan:
    """The steps, in an order in which they can be done one after the other."""

    project: str
    environment: str
    commit: str
    """The commit that is deployed; empty for a working tree, which only a `dev` may deploy."""
    deployed: str
    """The commit of the last record; empty for the first deploy."""
    steps: tuple[Step, ...]
    serial: int = 0
    """The serial number of the record that it was made against."""
    settings: Mapping[str, Any] = field(default_factory=dict)
    """What else decides what it does: approvals of deletions, choices about state."""

    @property
    def writes(self) -> tuple[Step, ...]:
        """The steps that change anything; not those that lack an approval."""
        return tuple(step for step in self.steps if step.action in WRITES and step.approved)

    @property
    def digest(self) -> str:
        """The sha256 of all that it would do, in hex: equal plans do the same."""
        return hashlib.sha256(
            orjson.dumps(self.document(), option=orjson.OPT_SORT_KEYS)
        ).hexdigest()

    def document(self) -> dict[str, Any]:
        """The plan as plain data, without its digest."""
        return {
            "format": FORMAT,
            "project": self.project,
            "environment": self.environment,
            "commit": self.commit,
            "deployed": self.deployed,
            "serial": self.serial,
            "settings": dict(self.settings),
            "steps": [_document(step) for step in self.steps],
        }

    def waves(self) -> tuple[tuple[Step, ...], ...]:
        """The writing steps by when they can start: all of a wave may run side by side."""
        depth: dict[str, int] = {}
        found: list[list[Step]] = []
        for step in self.writes:
            depth[step.id] = max(
                (depth[need] + 1 for need in step.needs if need in depth), default=0
            )
            while len(found) <= depth[step.id]:
                found.append([])
            found[depth[step.id]].append(step)
        return tuple(tuple(wave) for wave in found)


def _document(step: Step) -> dict[str, Any]:
    return {
        "id": step.id,
        "system": step.key.system,
        "cluster": step.key.cluster,
        "kind": step.key.kind,
        "name": step.key.name,
        "action": step.action,
        "node": step.node,
        "why": step.why,
        "differences": [
            {"field": one.field, "live": one.live, "wanted": one.wanted} for one in step.differences
        ],
        "dangers": [{"danger": danger, "why": why} for danger, why in step.dangers],
        "needs": list(step.needs),
        "digest": step.digest,
        "was": step.was,
        "approved": step.approved,
    }
