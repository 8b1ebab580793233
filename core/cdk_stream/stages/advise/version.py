"""Old and new side by side: a new version of a stream, or an old column kept beside the new."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from cdk_stream.results.change import Change
from cdk_stream.results.impact import Impact
from cdk_stream.results.migration import Migration, Move, Step
from cdk_stream.stages.advise.projection import with_projections
from cdk_stream.stages.advise.situation import Situation
from cdk_stream.stages.advise.snippet import resource

_REFERENCE = re.compile(r"""(\b(?:ref|source)\(\s*["'])([^"']+)(["'])""")


def new_names(nodes: Iterable[str], situation: Situation) -> dict[str, str]:
    """Node id -> the name of its new version: `payments_v2`."""
    taken = {node.partition(".")[2] for node in situation.head.nodes}
    found = {}
    for node in nodes:
        number = _number(node, situation)
        while f"{_name(node)}_v{number}" in taken:
            number += 1
        found[node] = f"{_name(node)}_v{number}"
    return found


def _number(node: str, situation: Situation) -> int:
    """What the author says, when it is more than the base says; else one more than that."""
    old = str(situation.base.nodes[node].get("version") or 1)
    new = str(situation.head.nodes[node].get("version") or "")
    before = int(old) if old.isdigit() else 1
    return int(new) if new.isdigit() and int(new) > before else before + 1


def new_version(
    change: Change, hits: list[Impact], names: Mapping[str, str], situation: Situation
) -> Migration:
    """The old stream stays as it was, the new one is written beside it."""
    node, name = change.node, names[change.node]
    folder = change.path.rpartition("/")[0]
    added = Step(
        f"write what '{_name(node)}' is here as '{name}'",
        "file",
        f"{folder}/{name}.yml",
        resource(node, _versioned(node, names, situation)),
    )
    return Migration(
        node,
        "new_version",
        f"a new version of '{_name(node)}' beside the old one",
        "its readers move when they are ready, and nobody is cut off",
        (added, *_restored(node, change.path, situation)),
        tuple(_moves(node, hits, names, situation)),
        (
            Step(
                f"say with 'deprecation_date' until when '{_name(node)}' stays, and remove it once "
                "nobody reads it any more"
            ),
        ),
    )


def _versioned(node: str, names: Mapping[str, str], situation: Situation) -> dict[str, Any]:
    """The head's resource under its new name; a new job has no state to decide about."""
    written = dict(situation.written(node))
    written.pop("on_state_change", None)
    written.pop("sql_file", None)
    found: dict[str, Any] = {"name": names[node]}
    number = names[node].rpartition("_v")[2]
    for key, value in written.items():
        if key == "topic":
            found[key] = _topic(value, number)
        elif key in ("from", "sql"):
            found[key] = _renamed(value, names)
        elif key not in ("version", "name"):
            found[key] = value
    if node.startswith("model."):
        found["version"] = int(number)
    return found


def _topic(value: Any, number: str) -> Any:
    if isinstance(value, str):
        return f"{value}.v{number}"
    if isinstance(value, dict) and "name" in value:
        return {**value, "name": f"{value['name']}.v{number}"}
    return value


def _renamed(value: Any, names: Mapping[str, str]) -> Any:
    """References to what has a new version lead to it; everything else stays."""
    by_name = {_name(node): name for node, name in names.items()}
    if isinstance(value, dict):
        return {key: _renamed(item, names) for key, item in value.items()}
    if isinstance(value, list):
        return [_renamed(item, names) for item in value]
    if not isinstance(value, str):
        return value
    if value in by_name:
        return by_name[value]
    return _REFERENCE.sub(
        lambda found: found[1] + by_name.get(found[2], found[2]) + found[3], value
    )


def _restored(node: str, path: str, situation: Situation) -> Iterator[Step]:
    files = sorted(situation.alone(node))
    text = f"take '{_name(node)}' back to what it is in the base"
    if files:
        yield Step(text, "run", "", f"git checkout {situation.commit} -- {' '.join(files)}\n")
    else:
        yield Step(f"{text}, commit {situation.commit}, in its file", "", path)


def _moves(
    node: str, hits: list[Impact], names: Mapping[str, str], situation: Situation
) -> Iterator[Move]:
    for impact in hits:
        if impact.exposure not in situation.head.nodes:
            continue
        written = situation.written(impact.exposure)
        number = names[node].rpartition("_v")[2]
        keys: dict[str, Any] = {"name": written["name"]}
        for key in ("depends_on", "consumes", "produces"):
            if key in written and _renamed(written[key], {node: names[node]}) != written[key]:
                moved = _renamed(written[key], {node: names[node]})
                old = written[key] if isinstance(written[key], list) else [written[key]]
                new = moved if isinstance(moved, list) else [moved]
                keys[key] = list(dict.fromkeys([*old, *new])) if key == "produces" else new
        if len(keys) == 1:
            yield Move(impact.exposure, (_stays(node, impact),))
            continue
        group = situation.group(impact.exposure)
        if group and "produces" not in keys:
            keys["consumer_config"] = {"consumer_group": f"{group}-v{number}"}
        yield Move(impact.exposure, (_moved(node, names[node], impact, keys, situation),))


def _leaves(node: str, impact: Impact, columns: str) -> Step:
    if len(impact.path) > 2 and all(way[-2:-1] != (node,) for way in impact.ways):
        return _stays(node, impact)
    return Step(f"stop reading {columns}; name what it does read in its 'columns:'")


def _stays(node: str, impact: Impact) -> Step:
    through = impact.path[-2] if len(impact.path) > 2 else node
    return Step(f"nothing: it reads '{_name(through)}', which goes on as it is")


def _moved(
    node: str, name: str, impact: Impact, keys: Mapping[str, Any], situation: Situation
) -> Step:
    if "produces" in keys:
        text = f"write both '{_name(node)}' and '{name}' until the old one is gone"
    else:
        text = f"read '{name}', compare the two, then leave the old one"
        if "consumer_config" in keys:
            text = f"read '{name}' in a new consumer group, compare the two, then leave the old one"
    path = str(situation.head.nodes[impact.exposure]["path"])
    return Step(text, "set", path, resource(impact.exposure, keys))


def expand_contract(change: Change, hits: list[Impact], situation: Situation) -> Migration | None:
    """Old columns stay beside the new ones; None where the query is not simple enough for that."""
    node = change.node
    if not node.startswith("model.") or not situation.can_have_versions(node):
        return None
    gone = [
        aspect.column
        for aspect in change.aspects
        if aspect.code in ("COLUMN_REMOVED", "COLUMN_RENAMED") and not aspect.inherited
    ]
    old, new = situation.before(node).get("sql"), situation.written(node).get("sql")
    sql = with_projections(str(old), str(new), gone) if old and new else None
    if sql is None:
        return None
    columns = ", ".join(f"'{column}'" for column in gone)
    kept = resource(node, {"name": _name(node), "sql": sql})
    return Migration(
        node,
        "expand_contract",
        f"keep {columns} of '{_name(node)}' until its readers have moved",
        "the stream only gains columns now; what it loses comes in a change of its own",
        (Step(f"select {columns} as before, beside what is new", "set", change.path, kept),),
        tuple(Move(impact.exposure, (_leaves(node, impact, columns),)) for impact in hits),
        (Step(f"once nobody reads {columns} any more, remove it: that is this change again"),),
    )


def _name(node: str) -> str:
    return node.partition(".")[2]
