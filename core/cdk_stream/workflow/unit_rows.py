"""The rows of a unit test: read from what its author wrote, and held against the columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import InvalidOperation
from pathlib import Path
from typing import Any

from cdk_stream.problems import Location, Problem, Refused, near
from cdk_stream.resources.unit_test import Expect, Given
from cdk_stream.results.declaration import Declaration
from cdk_stream.results.stream import Stream
from cdk_stream.run.rows import Record, Records
from cdk_stream.run.samples import csv_header, csv_rows, read_records
from cdk_stream.run.values import reader
from cdk_stream.sql.spelling import shape
from cdk_stream.workflow.compile import Compiled

FOLDER = "tests"
_ENVELOPE = frozenset(("before", "after", "op", "source", "ts_ms"))
_EMPTY: dict[str, Any] = {
    "BOOLEAN": False,
    "CHAR": "",
    "VARCHAR": "",
    "BINARY": "",
    "VARBINARY": "",
    "DATE": "1970-01-01",
    "TIME": "00:00:00",
    "TIMESTAMP": "1970-01-01T00:00:00",
    "TIMESTAMP_LTZ": "1970-01-01T00:00:00Z",
    "ARRAY": [],
    "MULTISET": [],
    "MAP": {},
    "ROW": {},
}
"""What a column that may not be NULL holds when a row does not say; numbers are 0."""


@dataclass(slots=True)
class Reading:
    """One unit test while its rows are read; what is wrong with them gathers in `problems`."""

    compiled: Compiled
    root: Path
    declaration: Declaration
    problems: list[Problem] = field(default_factory=list)

    def tell(self, pointer: str, code: str, message: str, mend: str = "", line: int = 0) -> None:
        """Keep a problem at a place of the test."""
        place = self.place(pointer, line)
        self.problems.append(Problem(place, code, message, mend, node=self.declaration.id))

    def place(self, pointer: str = "", line: int = 0) -> Location:
        """The file and line of a place of the test."""
        where = self.declaration
        return self.compiled.loader.locate(where.path, where.pointer + pointer, line)

    def given(self, pointer: str, given: Given, stream: Stream) -> Records:
        """The rows of an input, each with every column that must have a value."""
        _, rows = self._records(pointer, given)
        for index, row in enumerate(rows):
            for at, part in _parts(_at(pointer, given, index), row):
                self._fits(at, part, stream, index)
        return completed(stream, rows)

    def expected(self, expect: Expect, stream: Stream) -> tuple[tuple[str, ...], Records]:
        """The columns that are compared, in the model's order, and the rows."""
        named, rows = self._records("/expect", expect)
        for index, row in enumerate(rows):
            self._fits(_at("/expect", expect, index), row, stream, index, typed=False)
            named = (*named, *row)
        wanted = set(named)
        for name in sorted(wanted - stream.columns.keys()) if not rows else ():
            self._unknown(f"/expect/{_form(expect)}", name, stream)
        columns = tuple(name for name in stream.columns if name in wanted or not wanted)
        return columns, rows

    def _records(self, pointer: str, part: Given | Expect) -> tuple[tuple[str, ...], Records]:
        if part.rows is not None:
            return (), part.rows
        if part.csv is not None:
            try:
                return csv_rows(part.csv)
            except ValueError as error:
                line = getattr(error, "line", 0)
                self.tell(f"{pointer}/csv", "CS131", f"the rows cannot be read: {error}", line=line)
                return (), []
        return self._file(f"{pointer}/file", part.file or "")

    def _file(self, pointer: str, name: str) -> tuple[tuple[str, ...], Records]:
        path = self.root / name
        folder = (self.root / FOLDER).resolve()
        if not name.startswith(f"{FOLDER}/") or not path.resolve().is_relative_to(folder):
            self.tell(pointer, "CS131", f"'{name}' does not lie under {FOLDER}/", "put it there")
            return (), []
        if not path.is_file():
            known = [one.relative_to(self.root).as_posix() for one in folder.rglob("*.*")]
            rows = [one for one in known if not one.endswith((".yml", ".yaml"))]
            self.tell(pointer, "CS131", f"there is no file '{name}'", near(name, rows))
            return (), []
        try:
            rows_ = read_records(path, name)
            return csv_header(path) if path.suffix == ".csv" else (), rows_
        except Refused as refused:
            self.problems += refused.problems
            return (), []

    def _fits(
        self, pointer: str, row: Mapping[str, Any], stream: Stream, index: int, typed: bool = True
    ) -> None:
        for name, value in row.items():
            column = stream.columns.get(name)
            if column is None:
                self._unknown(f"{pointer}/{name}", name, stream)
            elif typed and value is not None:
                self._typed(f"{pointer}/{name}", name, value, column.type, index)

    def _typed(self, pointer: str, name: str, value: Any, type_: str, index: int) -> None:
        try:
            reader(type_)(value)
        except (ValueError, TypeError, OverflowError, InvalidOperation) as error:
            shown = repr(value) if len(repr(value)) <= 40 else f"{repr(value)[:37]}..."
            message = f"'{name}' of row {index + 1} is {shown}: {error}"
            self.tell(pointer, "CS852", message, f"'{name}' is {type_}")

    def _unknown(self, pointer: str, name: str, stream: Stream) -> None:
        message = f"there is no column '{name}' in '{stream.name}'"
        self.tell(pointer, "CS404", message, near(name, stream.columns))


def completed(stream: Stream, rows: Records) -> Records:
    """The rows with something in each column that must have a value, the event time included."""
    columns = {} if stream.open else stream.columns
    empty = {
        name: _EMPTY.get(shape(column.type).name, 0)
        for name, column in columns.items()
        if not column.nullable or name == stream.event_time
    }
    return [row if _is_envelope(row) else {**empty, **row} for row in rows] if empty else rows


def _is_envelope(row: Record) -> bool:
    return "op" in row and row.keys() <= _ENVELOPE


def _at(pointer: str, part: Given | Expect, index: int) -> str:
    form = _form(part)
    return f"{pointer}/{form}/{index}" if form == "rows" else f"{pointer}/{form}"


def _form(part: Given | Expect) -> str:
    return next(form for form in ("rows", "csv", "file") if getattr(part, form) is not None)


def _parts(pointer: str, row: Record) -> list[tuple[str, Mapping[str, Any]]]:
    """A plain row, or the rows in an envelope of Debezium."""
    if _is_envelope(row):
        held = ((f"{pointer}/{name}", row.get(name)) for name in ("before", "after"))
        return [(at, part) for at, part in held if isinstance(part, Mapping)]
    return [(pointer, row)]
