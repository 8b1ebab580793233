"""The single values in a column: itself, or the fields of a row and of rows in it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from cdk_stream.sql.spelling import shape


class Leaf(NamedTuple):
    """A single value's place, a name for each step, and its type."""

    path: tuple[str, ...]
    type: str


def leaves(type_: str, *path: str) -> Iterator[Leaf]:
    """A row whose fields are not known is its own leaf."""
    parts = shape(type_).parts if type_.startswith("ROW") else ()
    if not parts:
        yield Leaf(path, type_)
    for part in parts:
        yield from leaves(part.type, *path, part.name)
