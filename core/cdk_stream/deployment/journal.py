"""What a deploy writes down on its way, and what a reader makes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from cdk_stream.plugin.store import Entry, State
from cdk_stream.plugin.system import Outcome
from cdk_stream.results.plan import Key, Plan, Step
from cdk_stream.results.record import Recorded, key_document, read_key, recorded_document
from cdk_stream.results.record import read_recorded as _read

Approval = list[str]
"""Of one step: its action, the digest of what is wanted, and of what was live."""


@dataclass(frozen=True, slots=True)
class Approved:
    """What may be done: the digest of a plan, and its writing steps by id."""

    plan: str
    steps: Mapping[str, Approval]


def approved(plan: Plan) -> Approved:
    """All that a plan would do."""
    steps = {step.id: [step.action, step.digest, step.was] for step in plan.writes}
    return Approved(plan.digest, steps)


def begin(plan: Plan, what: Approved, by: str, at: str) -> Entry:
    """The first entry of a run: what it is about to do, or goes on doing."""
    return {
        "entry": "begin",
        "serial": plan.serial,
        "plan": what.plan,
        "commit": plan.commit,
        "by": by,
        "at": at,
        "steps": dict(what.steps),
    }


def start(step: Step) -> Entry:
    """A step is about to be carried out."""
    return {
        "entry": "start",
        **key_document(step.key),
        "action": step.action,
        "node": step.node,
        "digest": step.digest,
    }


def note(step: Step, name: str, value: Any) -> Entry:
    """What a step must know when it is carried out again."""
    return {"entry": "note", **key_document(step.key), "note": name, "value": value}


def failed(step: Step, why: str, unsure: bool) -> Entry:
    """A step was given up."""
    return {"entry": "failed", **key_document(step.key), "why": why, "unsure": unsure}


def done(step: Step, outcome: Outcome, left: Recorded | None) -> Entry:
    """The live system shows what the step is for; `left` is what the record shall say of it."""
    return {
        "entry": "done",
        **key_document(step.key),
        "action": step.action,
        "changed": outcome.changed,
        "told": outcome.told,
        "left": None if left is None else recorded_document(left),
    }


@dataclass(frozen=True, slots=True)
class Progress:
    """What is ours now: the last record, and the journal since."""

    resources: Mapping[Key, Recorded]
    approved: Approved | None = None
    """What a deploy was about to do that did not come to its end."""
    begun: frozenset[str] = frozenset()
    """The ids of the steps that it started."""


def progress(state: State) -> Progress:
    """Fold the journal over the record."""
    resources: dict[Key, Recorded] = dict(state.record.resources) if state.record else {}
    going: Approved | None = None
    begun: set[str] = set()
    for entry in state.journal:
        if entry["entry"] == "begin":
            if going is None or going.plan != entry["plan"]:
                begun.clear()
            going = Approved(entry["plan"], entry["steps"])
        else:
            key = read_key(entry)
            begun.add(str(key))
            _fold(resources, key, entry)
    return Progress(resources, going, frozenset(begun))


def _fold(resources: dict[Key, Recorded], key: Key, entry: Entry) -> None:
    """Let one entry change what is known of its resource."""
    kind, known = entry["entry"], resources.get(key)
    if kind == "start":
        known = known or Recorded(key, entry["node"], "", "")
        resources[key] = replace(known, unfinished=entry["action"])
    elif kind == "note" and known:
        resources[key] = replace(known, notes={**known.notes, entry["note"]: entry["value"]})
    elif kind == "failed" and known and not entry["unsure"]:
        _undo(resources, known)
    elif kind == "done" and entry["left"] is None:
        resources.pop(key, None)
    elif kind == "done":
        resources[key] = _read(entry["left"])


def _undo(resources: dict[Key, Recorded], known: Recorded) -> None:
    """A step that was plainly refused left everything as it was before."""
    if known.digest:
        resources[known.key] = replace(known, unfinished="", notes={})
    else:
        del resources[known.key]
