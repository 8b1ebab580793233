"""What is known of an expression while a query is resolved."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from cdk_stream.resources.classification import RANK
from cdk_stream.results.relation import EdgeKind, Origin

Edges = dict[Origin, EdgeKind]

# Which of two ways an input takes tells more about it. A condition and a mask of the same input
# together are told as a transformation: neither of the two alone bounds what shows.
_REVEALS: dict[EdgeKind, int] = {
    "identity": 6,
    "transformation": 5,
    "aggregation": 4,
    "conditional": 3,
    "mask": 2,
    "count": 1,
}
_MILD = ("mask", "count")


def _steps(outer: EdgeKind, kept: tuple[EdgeKind, ...]) -> dict[EdgeKind, EdgeKind]:
    return {kind: kind if kind in kept else outer for kind in _REVEALS}


STEPS: dict[EdgeKind, dict[EdgeKind, EdgeKind]] = {
    "identity": _steps("identity", tuple(_REVEALS)),
    "transformation": _steps("transformation", ("aggregation", "conditional", "mask", "count")),
    "aggregation": _steps("aggregation", ("conditional", "mask", "count")),
    "conditional": _steps("conditional", ("mask", "count")),
    "mask": _steps("mask", ("count",)),
    "count": _steps("count", ()),
}
"""outer kind -> inner kind -> the kind of the whole: SUM of a masked value is still masked."""


class Value:
    """An expression: its type, what it is made of, and one spelling for all that mean the same."""

    __slots__ = (
        "ceiling",
        "edges",
        "exact",
        "fields",
        "nullable",
        "rank",
        "spelling",
        "time",
        "type",
    )

    def __init__(
        self,
        type_: str,
        nullable: bool,
        edges: Edges,
        spelling: str,
        exact: bool = True,
        time: str = "",
        ceiling: str = "",
        fields: dict[str, Value] | None = None,
        rank: Any = None,
    ) -> None:
        self.type = type_
        self.nullable = nullable
        self.edges = edges
        self.spelling = spelling
        self.exact = exact
        self.time = time
        """`row`, `proc` for a time attribute; `start:N`, `end:N` for the bounds of window N."""
        self.ceiling = ceiling
        self.fields = fields
        """The parts of a ROW, or of the rows in an array, where they are known one by one."""
        self.rank = rank
        """For ROW_NUMBER and its like the `Rank`, for a filter on one the `RankFilter`."""

    def copy(self, *, time: str, nullable: bool) -> Value:
        """The same value with another time mark and nullability."""
        return Value(
            self.type,
            nullable,
            self.edges,
            self.spelling,
            self.exact,
            time,
            self.ceiling,
            self.fields,
            self.rank,
        )


NOTHING: Edges = {}


def stepped(kind: EdgeKind, edges: Edges) -> Edges:
    """`edges` seen through an operation of `kind`."""
    if not edges:
        return NOTHING
    step = STEPS[kind]
    return {origin: step[inner] for origin, inner in edges.items()}


def add(edges: Edges, more: Edges) -> None:
    """Put `more` into `edges`; where an input takes two ways the more revealing one stays."""
    for origin, kind in more.items():
        known = edges.get(origin)
        if known is None:
            edges[origin] = kind
        elif known != kind:
            edges[origin] = _both(known, kind)


def _both(one: EdgeKind, other: EdgeKind) -> EdgeKind:
    more, less = (one, other) if _REVEALS[one] > _REVEALS[other] else (other, one)
    return "transformation" if more == "conditional" and less in _MILD else more


def merged(kind: EdgeKind, values: Iterable[Value]) -> Edges:
    """The edges of an operation of `kind` on `values`."""
    result: Edges = {}
    step = STEPS[kind]
    for value in values:
        for origin, inner in value.edges.items():
            way = step[inner]
            known = result.get(origin)
            if known is None:
                result[origin] = way
            elif known != way:
                result[origin] = _both(known, way)
    return result


def highest(ceilings: Iterable[str]) -> str:
    """The most sensitive of the classes that masks bring their inputs down to; '' for none."""
    return max(ceilings, key=lambda level: RANK.get(level, -1), default="")
