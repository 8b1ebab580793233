"""Functions of arrays and maps."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cdk_stream.run.refusal import RowFailure

Items = tuple[Any, ...]


def _told(items: Items) -> list[Any]:
    return [item for item in items if item is not None]


def _element(items: Items) -> Any:
    if len(items) > 1:
        raise RowFailure("ELEMENT of an array with more than one item")
    return items[0] if items else None


def _slice(items: Items, start: int, end: int | None = None) -> Items:
    first = start if start >= 0 else len(items) + start + 1
    last = len(items) if end is None else end if end >= 0 else len(items) + end + 1
    if start == 0:
        first = 1
    if first > last or first < 1:
        return () if first > last else items[0:last]
    return items[first - 1 : last]


def _position(items: Items, wanted: Any) -> int:
    return items.index(wanted) + 1 if wanted in items else 0


def _join(items: Items, separator: str, null: str | None = None) -> str:
    shown = [null if item is None else item for item in items]
    return separator.join(item for item in shown if item is not None)


def _distinct(items: Items) -> Items:
    return tuple(dict.fromkeys(items))


COLLECTIONS: dict[str, Callable[..., Any]] = {
    "ARRAY_APPEND": lambda items, item: (*items, item),
    "ARRAY_CONCAT": lambda *many: tuple(item for items in many for item in items),
    "ARRAY_CONTAINS": lambda items, item: item in items,
    "ARRAY_DISTINCT": _distinct,
    "ARRAY_EXCEPT": lambda one, other: _distinct(tuple(i for i in one if i not in other)),
    "ARRAY_INTERSECT": lambda one, other: _distinct(tuple(i for i in one if i in other)),
    "ARRAY_JOIN": _join,
    "ARRAY_MAX": lambda items: max(_told(items), default=None),
    "ARRAY_MIN": lambda items: min(_told(items), default=None),
    "ARRAY_POSITION": _position,
    "ARRAY_PREPEND": lambda items, item: (item, *items),
    "ARRAY_REMOVE": lambda items, item: tuple(one for one in items if one != item),
    "ARRAY_REVERSE": lambda items: items[::-1],
    "ARRAY_SLICE": _slice,
    "ARRAY_UNION": lambda *many: _distinct(tuple(item for items in many for item in items)),
    "CARDINALITY": len,
    "ELEMENT": _element,
    "MAP_KEYS": tuple,
    "MAP_VALUES": lambda entries: tuple(entries.values()),
}
