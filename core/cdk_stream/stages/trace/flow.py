"""Which columns of a reader a change in a column reaches."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from cdk_stream.results.manifest import Manifest, Node

ROWS = ""
"""In place of a column: whole rows are concerned."""


class _Reader(NamedTuple):
    columns: dict[tuple[str, str], tuple[str, ...]]
    """(input, its column) -> the columns made of it; `ROWS` when it decides which rows come out."""
    blurred: tuple[str, ...]
    """What may be made of any input: nobody can tell."""


class Flow:
    """The readers of columns in one compiled project; nodes are looked at when reached."""

    def __init__(self, manifest: Manifest) -> None:
        self.manifest = manifest
        self._readers: dict[str, _Reader] = {}

    def reached(self, node: str, column: str, child: str) -> Iterable[str]:
        """The columns of the stream `child` that `column` of its input `node` reaches."""
        if column == ROWS:
            return (ROWS,)
        reader = self._readers.get(child)
        if reader is None:
            reader = self._readers[child] = _reader(self.manifest.nodes[child])
        return (*reader.columns.get((node, column), ()), *reader.blurred)

    def reads(self, exposure: str, column: str) -> bool:
        """Whether an exposure reads a column of something it consumes."""
        columns = self.manifest.nodes[exposure].get("columns", ())
        return column == ROWS or not columns or column in columns


def _reader(node: Node) -> _Reader:
    found: dict[tuple[str, str], list[str]] = {}
    blurred = [ROWS] if node.get("open") or not node.get("columns") else []
    for name, column in node.get("columns", {}).items():
        if column.get("analysis") == "unknown":
            blurred.append(name)
        for parent, field, _ in column.get("edges", ()):
            found.setdefault((parent, field), []).append(name)
    for parent, field, _ in node.get("influences", ()):
        found.setdefault((parent, field), []).append(ROWS)
    return _Reader({origin: tuple(names) for origin, names in found.items()}, tuple(blurred))
