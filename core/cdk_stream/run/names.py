"""The columns that an expression can name, and their places in the row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlglot import exp

from cdk_stream.run.refusal import CannotRun
from cdk_stream.run.step import Tally
from cdk_stream.run.udf import PythonFunction
from cdk_stream.sql.functions import FunctionSpec
from cdk_stream.sql.resolve.value import Value


@dataclass(slots=True)
class Context:
    """What the parts of one model share while it is planned."""

    trace: Mapping[int, Value]
    references: Mapping[int, tuple[str, str]]
    """Where a reference stands in the text -> its kind and name."""
    specs: Mapping[str, FunctionSpec]
    functions: Mapping[str, PythonFunction]
    tally: Tally

    def value(self, node: exp.Expr) -> Value:
        """What the analysis knows of an expression."""
        found = self.trace.get(id(node))
        if found is None:
            raise CannotRun(f"'{node.key.upper()}' here", node)
        return found

    def type(self, node: exp.Expr) -> str:
        """The type of an expression; one that is not known cannot be run."""
        type_ = self.value(node).type
        if not type_:
            raise CannotRun(f"'{node.key.upper()}', whose type is not known,", node)
        return type_


@dataclass(slots=True)
class Column:
    """A column of the rows at one point of a query."""

    name: str
    type: str
    time: str = ""
    """`row` for the event time; `start:N`, `end:N` for the bounds of window N."""


@dataclass(slots=True)
class Table:
    """Some neighbouring columns of the row, and what the query calls them together."""

    name: str
    node: str
    """The id of the node it is, '' for a query."""
    columns: list[Column]
    start: int = 0
    """The place of its first column in the row."""

    def place(self, name: str) -> int | None:
        for index, column in enumerate(self.columns, self.start):
            if column.name == name:
                return index
        return None


@dataclass(slots=True)
class Names:
    """The tables side by side in the row."""

    tables: list[Table] = field(default_factory=list)
    merged: dict[str, tuple[int, int]] = field(default_factory=dict)
    """The columns of USING: either place, for which of the two is not NULL."""
    computed: dict[str, int] = field(default_factory=dict)
    """The spelling of what is computed already -> its place, once rows are grouped."""
    grouped: bool = False

    @property
    def width(self) -> int:
        return sum(len(table.columns) for table in self.tables)

    @property
    def columns(self) -> list[Column]:
        return [column for table in self.tables for column in table.columns]

    def add(self, table: Table) -> None:
        """Put a table to the right of the others."""
        table.start = self.width
        self.tables.append(table)

    def find(self, name: str, qualifier: str = "") -> int | None:
        """The place of a column; None when there is none."""
        for table in self.tables:
            if not qualifier or qualifier in (table.name, table.node):
                place = table.place(name)
                if place is not None:
                    return place
        return None

    def has(self, qualifier: str) -> bool:
        return any(qualifier in (table.name, table.node) for table in self.tables)


def path_of(column: exp.Expr) -> list[str]:
    """`a.b.c` as its parts."""
    keys = ("catalog", "db", "table", "this")
    parts: list[Any] = [column.args[key] for key in keys if column.args.get(key) is not None]
    return [str(part.name) for part in parts]


def locate(names: Names, column: exp.Expr) -> tuple[int | tuple[int, int], list[str]] | None:
    """The place of a column and the fields taken of it; None when these names lack it."""
    first, *rest = path_of(column)
    if rest and names.has(first):
        place = names.find(rest[0], first)
        return None if place is None else (place, rest[1:])
    if first in names.merged:
        return names.merged[first], rest
    place = names.find(first)
    return None if place is None else (place, rest)
