"""What was deployed: the record that the next plan is made against."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from cdk_stream.results.plan import Action, Key

FORMAT = "cdk-stream/deployment@1"
Result = Literal["done", "failed", "skipped", "kept"]
"""done: the live system shows it; failed: it does not, or nobody can tell; skipped: a step that it
needs failed; kept: a deletion that nobody approved."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """A resource that is ours, as the last step left it."""

    key: Key
    node: str
    digest: str
    """Of the artefact that was asked for."""
    live: str
    """Of the live resource as it was left, as its system digests it."""
    spec: Any = None
    """The artefact itself: a JSON object, or the text of a SQL script."""
    commit: str = ""
    """The commit whose artefact it is; empty for one of a working tree."""
    holds_data: bool = False
    adopted: bool = False
    """It was there before the project: its deletion must be asked for by name."""
    needs: tuple[str, ...] = ()
    """The ids of the resources that it needs, so that it goes before they do."""
    rank: int = 0
    """How far down the graph its node is."""
    unfinished: Action | Literal[""] = ""
    """The action of a step that was begun and not seen to end; its notes are kept."""
    notes: Mapping[str, Any] = field(default_factory=dict)
    paused: Mapping[str, Any] = field(default_factory=dict)
    """`by`, `at` and `reason` of somebody who let it rest, and what it goes on with."""
    retired: Mapping[str, Any] = field(default_factory=dict)
    """`by`, `at`, `reason`, `new` and `gone` of the cutover that let it go with what it holds."""


@dataclass(frozen=True, slots=True)
class StepResult:
    """What became of one step of a deploy."""

    id: str
    action: Action
    result: Result
    changed: bool = False
    told: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """One deploy, and all that is ours after it."""

    project: str
    environment: str
    serial: int
    """1 for the first record; the plan of the next deploy names it."""
    commit: str
    plan: str
    """The digest of the plan that was carried out."""
    outcome: Literal["done", "failed"]
    started: str
    """When, in UTC: `2026-01-31T12:00:00Z`."""
    ended: str
    by: str
    """Who, as the environment tells: a login of CI, or an account of the machine."""
    resources: Mapping[Key, Recorded]
    steps: tuple[StepResult, ...] = ()
    evidence: str = ""
    """The digest of the proof of approval; empty for an environment that is not protected."""
    break_glass: str = ""
    """The reason for a deploy without proof."""
    rollback: bool = False
    protected: bool = False
    """Whether the environment was protected: only a proven deploy makes it unprotected."""
    branch: str = ""
    """The branch whose merges are deployed there: only a proven deploy changes it."""

    def following(
        self,
        by: str,
        started: str,
        ended: str,
        steps: tuple[StepResult, ...],
        resources: Mapping[Key, Recorded],
    ) -> Record:
        """The next record, of something that was done without a deploy."""
        failed = any(step.result == "failed" for step in steps)
        return replace(
            self,
            serial=self.serial + 1,
            outcome="failed" if failed else "done",
            started=started,
            ended=ended,
            by=by,
            evidence="",
            break_glass="",
            steps=steps,
            resources=resources,
        )

    def document(self) -> dict[str, Any]:
        """The record as plain data; `docs/deployment-record.md` says every key."""
        return {
            "format": FORMAT,
            "project": self.project,
            "environment": self.environment,
            "serial": self.serial,
            "commit": self.commit,
            "plan": self.plan,
            "outcome": self.outcome,
            "started": self.started,
            "ended": self.ended,
            "by": self.by,
            "evidence": self.evidence,
            "break_glass": self.break_glass,
            "rollback": self.rollback,
            "protected": self.protected,
            "branch": self.branch,
            "steps": [
                {
                    "id": step.id,
                    "action": step.action,
                    "result": step.result,
                    "changed": step.changed,
                    "told": step.told,
                }
                for step in self.steps
            ],
            "resources": [
                recorded_document(one)
                for one in sorted(self.resources.values(), key=lambda one: one.key)
            ],
        }


def recorded_document(one: Recorded) -> dict[str, Any]:
    """A resource of a record as plain data."""
    return {
        **key_document(one.key),
        "node": one.node,
        "digest": one.digest,
        "live": one.live,
        "spec": one.spec,
        "commit": one.commit,
        "holds_data": one.holds_data,
        "adopted": one.adopted,
        "needs": list(one.needs),
        "rank": one.rank,
        "unfinished": one.unfinished,
        "notes": dict(one.notes),
        "paused": dict(one.paused),
        "retired": dict(one.retired),
    }


def key_document(key: Key) -> dict[str, str]:
    """The four parts of a key as plain data."""
    return {"system": key.system, "cluster": key.cluster, "kind": key.kind, "name": key.name}


def read_key(data: Mapping[str, Any]) -> Key:
    """The inverse of `key_document`; KeyError for less."""
    return Key(data["system"], data["cluster"], data["kind"], data["name"])


def read_recorded(data: Mapping[str, Any]) -> Recorded:
    """The inverse of `recorded_document`; KeyError for less."""
    return Recorded(
        read_key(data),
        data["node"],
        data["digest"],
        data["live"],
        data["spec"],
        data["commit"],
        data["holds_data"],
        data["adopted"],
        tuple(data["needs"]),
        data["rank"],
        data["unfinished"],
        data["notes"],
        data.get("paused", {}),
        data.get("retired", {}),
    )


def read_record(data: Mapping[str, Any]) -> Record:
    """The inverse of `Record.document`; ValueError or KeyError when it is none of this format."""
    if data.get("format") != FORMAT:
        raise ValueError(f"its format is {data.get('format')!r}, not '{FORMAT}'")
    resources = [read_recorded(one) for one in data["resources"]]
    steps = tuple(StepResult(**one) for one in data["steps"])
    named = {
        name: data[name]
        for name in (
            "project", "environment", "serial", "commit", "plan", "outcome", "started", "ended",
            "by", "evidence", "break_glass", "rollback", "protected",
            "branch",
        )
    }  # fmt: skip
    return Record(
        **named,
        steps=steps,
        resources={one.key: one for one in resources},
    )
