"""Rows on their way through a project, and what a node made of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from cdk_stream.problems import Problem
from cdk_stream.results.relation import Changelog

Row = tuple[Any, ...]
Record = Mapping[str, Any]
"""A row as people write it: column -> value, as JSON or Python has them."""
Records = Sequence[Record]

END = float("inf")
"""The moment at which all time has passed."""


class Change(NamedTuple):
    """A row that is added or taken back."""

    row: Row
    sign: int
    """1 for a row that is added, -1 for one that is taken back."""
    at: float
    """When it came: the moment of the source's row that caused it, `END` for the flush."""


@dataclass(slots=True)
class NodeRows:
    """What a source held, or a model made."""

    node: str
    columns: dict[str, str]
    """Column -> type in Flink's spelling, in order."""
    changelog: Changelog = "append"
    """`append`: every row stays; `upsert`: updates by `key`; `retract`: rows are taken back."""
    key: tuple[str, ...] = ()
    changes: list[Change] = field(default_factory=list)
    """Everything that was sent, in order."""
    table: list[Row] = field(default_factory=list)
    """What is there in the end, in the order in which it came: equal to `changes` for `append`."""
    read: int = 0
    """Rows read of all inputs."""
    filtered: int = 0
    """Rows that a condition of WHERE, HAVING or CEL did not keep."""
    late: int = 0
    """Rows, or for sliding windows a row's parts, that Flink drops as late."""
    seconds: float = 0.0
    """CPU time that computing it took."""
    given: bool = False
    """Whether the rows were given and not computed."""
    refusal: Problem | None = None
    """Why there are no rows; the other fields are empty then."""

    @property
    def written(self) -> int:
        """Rows in the end."""
        return len(self.table)

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The rows in the end: column -> Python value (Decimal, datetime in UTC, tuple, dict)."""
        names = tuple(self.columns)
        return [dict(zip(names, row, strict=True)) for row in self.table]
