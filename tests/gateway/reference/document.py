"""Fields of a JSON document by their path: `address.city`."""

from __future__ import annotations

from typing import Any

Document = dict[str, Any]
ABSENT: Any = object()


def get(document: Document, path: tuple[str, ...]) -> Any:
    """The value at the path, `ABSENT` when there is none."""
    at: Any = document
    for step in path:
        if not isinstance(at, dict) or step not in at:
            return ABSENT
        at = at[step]
    return at


def put(document: Document, path: tuple[str, ...], value: Any) -> Document:
    """A copy with another value at a path that is there."""
    first, rest = path[0], path[1:]
    return {**document, first: put(document[first], rest, value) if rest else value}
