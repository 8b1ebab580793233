"""Migrations that leave the stream where it is: start anew, replay, look, or ask for a role."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cdk_stream.results.change import Change
from cdk_stream.results.impact import Impact
from cdk_stream.results.migration import Migration, Move, Step
from cdk_stream.stages.advise.situation import Situation
from cdk_stream.stages.advise.snippet import resource

_DECIDED = {
    "reset": "the new job starts empty and goes on from the newest rows",
    "replay": "the new job reads its inputs again from the beginning, and results come once more",
    "keep": "the new job goes on with state that means something else",
}


def consumer_group(change: Change, hits: list[Impact], situation: Situation) -> Migration:
    """Readers of what lies elsewhere begin in a group of their own."""
    name = _name(change.node)
    return Migration(
        change.node,
        "consumer_group",
        f"new consumer groups for the readers of '{name}'",
        "offsets of the old topic mean nothing in the new one",
        (Step(f"let the old topic of '{name}' live until every group has left it"),),
        tuple(_regrouped(hits, situation)),
        (Step("once the old groups have no lag left, delete them and the old topic"),),
    )


def _regrouped(hits: list[Impact], situation: Situation) -> Iterator[Move]:
    for impact in hits:
        group = situation.group(impact.exposure)
        if not group:
            yield Move(impact.exposure, (Step("read the new topic in a new consumer group"),))
            continue
        keys: dict[str, Any] = {
            "name": _name(impact.exposure),
            "consumer_config": {"consumer_group": f"{group}-v2"},
        }
        path = str(situation.head.nodes[impact.exposure]["path"])
        text = f"read to the end in '{group}', then begin in a new group where the old one stopped"
        yield Move(impact.exposure, (Step(text, "set", path, resource(impact.exposure, keys)),))


def replay(change: Change, hits: list[Impact], situation: Situation) -> Migration:
    """What becomes of a running job whose state does not fit, and what its readers see of it."""
    name = _name(change.node)
    policy = str(situation.head.nodes[change.node].get("on_state_change") or "")
    steps = []
    if policy not in _DECIDED:
        policy = "replay"
        keys = {"name": name, "on_state_change": policy}
        text = f"decide what becomes of the state of '{name}'; 'reset' and 'keep' are the others"
        steps.append(Step(text, "set", change.path, resource(change.node, keys)))
    steps.append(Step("stop the old job with a savepoint and keep it: it is the way back"))
    steps.append(Step(f"start the new one: {_DECIDED[policy]}"))
    key = situation.head.nodes[change.node].get("key") or ()
    return Migration(
        change.node,
        "replay",
        f"if '{name}' is changed in place: its job is {_started(policy)}",
        "what the running job remembers does not fit the new query",
        tuple(steps),
        tuple(Move(impact.exposure, (_sees(policy, key),)) for impact in hits),
    )


def _started(policy: str) -> str:
    return {"reset": "started empty", "keep": "started from its savepoint"}.get(policy, "replayed")


def _sees(policy: str, key: Any) -> Step:
    if policy == "reset":
        return Step("expect totals to begin at nothing, and rows in between to be missing")
    if policy == "keep":
        return Step(
            "expect results that mix the old meaning with the new for as long as state lives"
        )
    by = f" by {', '.join(map(repr, key))}" if key else ""
    return Step(f"take rows that come once more{by}, and more of them at once than usual")


def access(change: Change, hits: list[Impact]) -> Migration:
    """Readers see other values than before, or must be allowed to see the old ones."""
    columns = ", ".join(f"'{column}'" for column in change.columns) or "its rows"
    name = _name(change.node)
    text = f"cope with {columns} as it is shown now, or ask for a role that sees more of '{name}'"
    return Migration(
        change.node,
        "access",
        f"who may see {columns} of '{name}' changes",
        "what is masked looks like a value: a reader does not fail, it reads something else",
        (),
        tuple(Move(impact.exposure, (Step(text),)) for impact in hits),
    )


def confirm(change: Change, hits: list[Impact]) -> Migration:
    """Nothing needs to be written; somebody must say that it is fine."""
    name = _name(change.node)
    text = f"say whether it can live with this change of '{name}', by approving it or not"
    return Migration(
        change.node,
        "confirm",
        f"rows, values or promises of '{name}' differ: its readers must look",
        "nothing fails by itself; only they know what they rely on",
        (),
        tuple(Move(impact.exposure, (Step(text),)) for impact in hits),
    )


def _name(node: str) -> str:
    return node.partition(".")[2]
