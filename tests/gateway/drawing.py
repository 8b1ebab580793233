"""Random small projects: sources with protected columns, models over them, sinks, readers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from tests.gateway.plan import (
    NUMBER,
    ROW,
    TEXT,
    Called,
    Copy,
    Either,
    Expression,
    Grant,
    Joined,
    Node,
    Plan,
    Reader,
    Rule,
)

Draw = Callable[[st.SearchStrategy[Any]], Any]
_ROLES = ("ann", "bob", "cat", "dan")
_SOURCE = {"id": TEXT, "status": TEXT, "c1": TEXT, "c2": TEXT, "n": NUMBER, "place": ROW}
_METHODS = ("mask_all", "mask_first_n", "mask_last_n", "tokenization", "encrypt")
_NAMES = ("c1", "c2", "x", "y")


@st.composite
def plans(draw: Draw) -> Plan:
    """A project that the compiler may accept or refuse."""
    nodes: list[Node] = []
    for number in range(draw(st.integers(1, 2))):
        nodes.append(_source(draw, number, nodes))
    for number in range(draw(st.integers(1, 4))):
        nodes.append(_model(draw, number, nodes))
    if draw(st.booleans()):
        given = draw(st.sampled_from(nodes))
        nodes.append(Node("msink", "sink", given.columns, (given.name,)))
    readers = [_reader(draw, number, nodes) for number in range(draw(st.integers(1, 3)))]
    cluster = draw(st.sampled_from(["", "", "eu"]))
    return Plan(tuple(nodes), tuple(readers), _roles(draw), cluster)


def _roles(draw: Draw) -> dict[str, Any]:
    roles: dict[str, Any] = {role: {"service_accounts": [f"app-{role}"]} for role in _ROLES}
    if draw(st.integers(0, 3)) == 0:
        roles["bob"]["service_accounts"].append("app-ann")
    if draw(st.integers(0, 3)) == 0:
        roles["cat"]["group"] = draw(st.sampled_from(["ann", "shared"]))
        roles["dan"]["group"] = draw(st.sampled_from(["dan", "shared"]))
    if draw(st.integers(0, 3)) == 0:
        roles["dan"]["service_accounts"].append("cdk-p-msink")
    return roles


def _source(draw: Draw, number: int, before: list[Node]) -> Node:
    topic = f"raw{number}.v1"
    if before and draw(st.integers(0, 7)) == 0:
        topic = before[0].topic
    node = Node(
        f"s{number}",
        "source",
        dict(_SOURCE),
        topic=topic,
        format=draw(st.sampled_from(["json", "json", "avro", "debezium_json"])),
        key=draw(st.sampled_from([("id",), ("id",), (), ("c1",)])),
        willing=draw(st.booleans()),
        pure=frozenset(_SOURCE),
    )
    return _protected(draw, node, ["c1", "c1", "c2", "n", "place"], 2)


def _model(draw: Draw, number: int, before: list[Node]) -> Node:
    name = f"m{number}"
    how = draw(st.sampled_from(["select", "select", "select", "star", "union", "join", "group"]))
    first, second = draw(st.sampled_from(before)), draw(st.sampled_from(before))
    only = draw(st.sampled_from([(), ("A",), ("A", "B")])) if "status" in first.columns else ()
    match how:
        case "star":
            node = Node(name, "select", dict(first.columns), (first.name,), only=only)
            return _protected(draw, replace(node, pure=first.pure), sorted(first.pure), 1)
        case "select":
            items = _items(draw, name, first)
            node = Node(name, "select", _types(items, first), (first.name,), items, only)
            pure = frozenset(key for key, item in items if _is_pure(item, first))
            return _protected(draw, replace(node, pure=pure), sorted(pure), 1)
        case "group":
            kept = [
                (key, Called("MAX", Copy(key))) for key in _plain(first) if key not in ("id", "n")
            ]
            items = (("id", Copy("id")), *kept)
            return Node(name, "group", _types(items, first), (first.name,), items, only)
        case "join":
            taken = [(key, Copy(key, 1)) for key in _plain(second) if key in ("c1", "x")]
            items = (("id", Copy("id")), *((f"j{key}", item) for key, item in taken))
            types = {key: TEXT for key, _ in items}
            return Node(name, "join", types, (first.name, second.name), items)
        case _:
            common = [key for key in _plain(first) if key in _plain(second)]
            items = tuple((key, Copy(key)) for key in common)
            both = (first.name, second.name)
            return Node(name, "union", _types(items, first), both, items)


def _is_pure(item: Expression, given: Node) -> bool:
    if isinstance(item, Copy):
        return item.name.partition(".")[0] in given.pure
    return isinstance(item, Joined)


def _plain(node: Node) -> list[str]:
    return [key for key, type_ in node.columns.items() if type_ == TEXT and key != "status"]


def _items(draw: Draw, name: str, given: Node) -> tuple[tuple[str, Expression], ...]:
    """`id`, perhaps the status, and some columns under old or other names."""
    items: list[tuple[str, Expression]] = [("id", Copy("id"))]
    if "status" in given.columns and draw(st.booleans()):
        items.append(("status", Copy("status")))
    texts = [Copy(key) for key in _plain(given) if key != "id"] or [Copy("id")]
    for key in draw(st.lists(st.sampled_from(_NAMES), max_size=3, unique=True)):
        items.append((key, _expression(draw, name, key, texts, "status" in given.columns)))
    if "n" in given.columns and draw(st.booleans()):
        items.append((draw(st.sampled_from(["n", "amount"])), Copy("n")))
    if "place" in given.columns and draw(st.booleans()):
        whole = draw(st.booleans())
        items.append(("place", Copy("place")) if whole else ("city", Copy("place.city")))
    return tuple(items)


def _expression(draw: Draw, name: str, key: str, texts: list[Copy], by_status: bool) -> Expression:
    column: Copy = draw(st.sampled_from(texts))
    other: Copy = draw(st.sampled_from(texts))
    kinds = ["copy", "copy", "copy", "joined", "upper", "coalesce"] + ["either"] * by_status
    match draw(st.sampled_from(kinds)):
        case "joined":
            return Joined(f"{name}-{key}-", column)
        case "either":
            return Either(Copy("status"), column, other)
        case "upper":
            return Called("UPPER", column)
        case "coalesce":
            return Called("COALESCE", column)
        case _:
            return column


def _types(items: tuple[tuple[str, Expression], ...], given: Node) -> dict[str, str]:
    return {
        key: given.columns.get(item.name, TEXT) if isinstance(item, Copy) else TEXT
        for key, item in items
    }


def _protected(draw: Draw, node: Node, columns: list[str], most: int) -> Node:
    """The node with at most so many rules on some of the columns, and with what lifts them."""
    columns = [column for column in columns if column not in ("id", "status")]
    if not columns:
        return node
    rules = tuple(_rule(draw, columns) for _ in range(draw(st.integers(0, most))))
    grants = tuple(
        Grant(
            draw(st.lists(st.sampled_from(_ROLES), min_size=1, max_size=2, unique=True).map(tuple)),
            draw(st.sampled_from([(), tuple(rule.columns)])),
        )
        for rule in rules
        if draw(st.booleans())
    )
    return replace(node, rules=rules, grants=grants)


def _rule(draw: Draw, columns: list[str]) -> Rule:
    method = draw(st.sampled_from(_METHODS))
    roles: tuple[str, ...] = ()
    if method != "encrypt" and draw(st.integers(0, 2)) == 0:
        roles = (draw(st.sampled_from(_ROLES)),)
    characters = draw(st.integers(1, 6)) if method.startswith("mask_") and "_n" in method else 0
    return Rule((draw(st.sampled_from(columns)),), method, roles, characters)


def _reader(draw: Draw, number: int, nodes: list[Node]) -> Reader:
    names = [node.name for node in nodes]
    read = draw(st.lists(st.sampled_from(names), min_size=1, max_size=3, unique=True))
    sources = [node.name for node in nodes if node.how == "source"]
    return Reader(
        f"r{number}",
        tuple(read),
        tuple(draw(st.lists(st.sampled_from(sources), max_size=1))),
        tuple(draw(st.lists(st.sampled_from(_ROLES), max_size=3, unique=True))),
        tuple(draw(st.sampled_from([(), (), ("loner",), ("app-ann",)]))),
    )
