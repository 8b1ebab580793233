"""The JSON of COMPILE PLAN -> a graph whose order does not depend on the ids in it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]

_NO_OPERATOR = frozenset({"exchange", "union"})
_TYPE = re.compile(r"(?:stream|batch)-exec-([a-z0-9-]+)_(\d+)")


class NoPlan(ValueError):
    """The text is no compiled plan, or of a kind that is not understood; says why."""


@dataclass(slots=True)
class PlanNode:
    """One operator of a plan."""

    kind: str
    """`group-aggregate`"""
    version: str
    """How often Flink has changed how it works: `1`."""
    body: Json
    """All that the plan says of it."""
    inputs: list[PlanNode] = field(default_factory=list)
    """In the order of its arguments."""
    readers: int = 0
    chained: int = 0
    """How many of its readers run in the same thread, without spreading the rows anew."""
    place: int = -1
    """Its turn when Flink numbers the operators; -1 for what is no operator at run time."""

    @property
    def says(self) -> str:
        """The planner's own words for it."""
        return str(self.body.get("description", self.kind))

    @property
    def columns(self) -> list[tuple[str, Any]]:
        """Name and type of what it gives."""
        return row_columns(self.body.get("outputType"))


@dataclass(slots=True)
class Plan:
    """A compiled plan; `nodes` come after their inputs, in an order that only its shape decides."""

    flink: str
    nodes: list[PlanNode]


def read_plan(document: object) -> Plan:
    """The plan in a decoded JSON document; raises `NoPlan`."""
    try:
        return _read(document)
    except (KeyError, TypeError, AttributeError) as error:
        raise NoPlan(f"it is no compiled plan: {error}") from error


def _read(document: Any) -> Plan:
    by_id: dict[object, PlanNode] = {}
    for body in document["nodes"]:
        if body["id"] in by_id:
            raise NoPlan(f"two operators have the id {body['id']}")
        by_id[body["id"]] = _node(body)
    for edge in document["edges"]:
        target, source = by_id[edge["target"]], by_id[edge["source"]]
        target.inputs.append(source)
        source.readers += 1
        source.chained += _is_chained(target)
    nodes = _ordered(list(by_id.values()))
    _number(nodes)
    return Plan(str(document["flinkVersion"]), nodes)


def _node(body: Json) -> PlanNode:
    found = _TYPE.fullmatch(body["type"])
    if found is None:
        raise NoPlan(f"'{body['type']}' is no operator of a plan")
    return PlanNode(found[1], found[2], body)


def _is_chained(reader: PlanNode) -> bool:
    """A sink that keeps rows spreads them by its key first."""
    if reader.kind == "sink":
        return not reader.body.get("requireUpsertMaterialize")
    return reader.kind not in _NO_OPERATOR


def _ordered(nodes: list[PlanNode]) -> list[PlanNode]:
    """Every node after its inputs, walked from the sinks in the order of arguments."""
    found: dict[int, PlanNode] = {}
    open_: set[int] = set()
    sinks = [node for node in nodes if node.readers == 0]
    stack = [(node, False) for node in reversed(sinks)]
    while stack:
        node, is_done = stack.pop()
        if is_done:
            found.setdefault(id(node), node)
        elif id(node) not in found:
            if id(node) in open_:
                raise NoPlan("its operators feed each other in a circle")
            open_.add(id(node))
            stack.append((node, True))
            stack += [(other, False) for other in reversed(node.inputs) if id(other) not in found]
    if len(found) != len(nodes):
        raise NoPlan("its operators feed each other in a circle")
    return list(found.values())


def _number(nodes: list[PlanNode]) -> None:
    """Give each operator its turn, as Flink does: from the sources on, each after its inputs.

    Flink makes an operator's id of that turn and of what comes before it, unless the plan is
    pinned; an operator that is added or taken away moves the ids of all that come after it.
    """
    waiting = [node for node in nodes if not node.inputs]
    placed: set[int] = set()
    readers: dict[int, list[PlanNode]] = {}
    for node in nodes:
        for source in node.inputs:
            readers.setdefault(id(source), []).append(node)
    turn = 0
    while waiting:
        node = waiting.pop(0)
        if id(node) in placed or not all(id(source) in placed for source in node.inputs):
            continue
        placed.add(id(node))
        if node.kind not in _NO_OPERATOR:
            node.place = turn
            turn += 1
        waiting += readers.get(id(node), [])


def row_columns(type_: Any) -> list[tuple[str, Any]]:
    """The fields of a row type, as the plan spells it: a text, or an object."""
    if isinstance(type_, Mapping):
        return [(str(item["name"]), item["fieldType"]) for item in type_.get("fields", ())]
    if isinstance(type_, str) and type_.startswith("ROW<"):
        return _fields(type_[4 : type_.rindex(">")])
    return []


_FIELD = re.compile(r"`((?:[^`]|``)*)` ")


def _fields(text: str) -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    for part in _split(text):
        named = _FIELD.match(part)
        if named is None:
            raise NoPlan(f"'{part}' is no field of a row")
        found.append((named[1].replace("``", "`"), part[named.end() :]))
    return found


def _split(text: str) -> list[str]:
    """The parts between the commas that are in no brackets and no quotes."""
    parts, depth, start, quote = [], 0, 0, ""
    for index, sign in enumerate(text):
        if quote:
            quote = "" if sign == quote else quote
        elif sign in "`'":
            quote = sign
        elif sign in "<(":
            depth += 1
        elif sign in ">)":
            depth -= 1
        elif sign == "," and not depth:
            parts.append(text[start:index].strip())
            start = index + 1
    last = text[start:].strip()
    return [*parts, last] if last else parts
