"""Runs one query on the rows of its inputs, in the order in which they came."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cdk_stream.results.relation import Relation
from cdk_stream.run.names import Context
from cdk_stream.run.plan.flow import Flow, Plan
from cdk_stream.run.plan.query import query
from cdk_stream.run.refusal import RowFailure
from cdk_stream.run.rows import END, Change, Row
from cdk_stream.run.step import Step, Tally
from cdk_stream.run.times import BEGINNING, FOREVER, milliseconds
from cdk_stream.run.udf import PythonFunction
from cdk_stream.sql.analyze import analyze
from cdk_stream.sql.functions import FunctionSpec
from cdk_stream.sql.grammar.lexer import Tokens
from cdk_stream.sql.resolve.scope import RankFilter
from cdk_stream.sql.resolve.value import Value


@dataclass(slots=True)
class Input:
    """The rows of a source or model, and how its readers tell time by them."""

    relation: Relation
    watermark_ms: int
    changes: list[Change]


@dataclass(slots=True)
class Ran:
    """What came of a query."""

    changes: list[Change] = field(default_factory=list)
    read: int = 0
    filtered: int = 0
    late: int = 0


class _Output(Step):
    """Writes down what comes out, and when."""

    __slots__ = ("at", "changes")

    def __init__(self) -> None:
        self.changes: list[Change] = []
        self.at: float = 0

    def receive(self, row: Row, sign: int) -> None:
        self.changes.append(Change(row, sign, self.at))

    def advance(self, watermark: int) -> None:
        pass


class Running:
    """A planned query; it runs once. Raises CannotRun while it is planned."""

    def __init__(
        self,
        sql: str,
        tables: Mapping[tuple[str, str], str],
        inputs: Mapping[str, Input],
        specs: Mapping[str, FunctionSpec],
        functions: Mapping[str, PythonFunction],
        variables: Mapping[str, object],
    ) -> None:
        relations = {node_id: one.relation for node_id, one in inputs.items()}
        trace: dict[int, Value] = {}
        analysis = analyze(sql, tables, relations, specs, variables=variables, trace=trace)
        references = Tokens(sql, tables, variables).references
        self._tally = Tally()
        context = Context(trace, references, specs, functions, self._tally)
        plan = Plan(context, tables, relations, query)
        for value in trace.values():
            if isinstance(value.rank, RankFilter):
                known = plan.limits.get(id(value.rank.rank), value.rank.limit)
                plan.limits[id(value.rank.rank)] = min(known, value.rank.limit)
        flow: Flow = query(plan, analysis.tree, {})
        self._out = _Output()
        flow.last.after = self._out
        self._inputs = inputs
        self._entries: dict[str, list[Step]] = {node_id: [] for node_id in inputs}
        for node_id, entry in plan.entries:
            self._entries.setdefault(node_id, []).append(entry)
        self.columns = [(column.name, column.type) for column in flow.columns]

    def run(self) -> Ran:
        """Send every row in, and at last let all time pass. Raises RowFailure."""
        self._start()
        read = 0
        streams = [_Reader(self._entries[node_id], one) for node_id, one in self._inputs.items()]
        for reader, change in _in_order(streams):
            self._out.at = change.at
            read += 1
            try:
                reader.take(change)
            except (RowFailure, ArithmeticError, ValueError) as failure:
                raise RowFailure(f"{failure} (row {reader.count} of its input)") from failure
        self._out.at = END
        for entries in self._entries.values():
            for entry in entries:
                entry.advance(FOREVER)
        return Ran(self._out.changes, read, self._tally.filtered, self._tally.late)

    def _start(self) -> None:
        """VALUES are there before any row."""
        for entry in self._entries.get("", ()):
            entry.advance(BEGINNING + 1)


class _Reader:
    """Takes the rows of an input to where the query reads them, and tells the time by them."""

    __slots__ = ("count", "delay", "entries", "input", "place", "watermark")

    def __init__(self, entries: list[Step], given: Input) -> None:
        self.entries = entries
        self.input = given
        names = list(given.relation.columns)
        time = given.relation.event_time
        self.place = names.index(time) if time in names else -1
        self.delay = given.watermark_ms
        self.watermark = 0
        self.count = 0

    def take(self, change: Change) -> None:
        row, sign, _ = change
        self.count += 1
        for entry in self.entries:
            entry.receive(row, sign)
        moment: Any = row[self.place] if self.place >= 0 else None
        if moment is not None:
            watermark = milliseconds(moment) - self.delay
            if watermark > self.watermark:
                self.watermark = watermark
                for entry in self.entries:
                    entry.advance(watermark)


def _in_order(readers: list[_Reader]) -> list[tuple[_Reader, Change]]:
    """The changes of all inputs in the order in which they came."""
    if len(readers) == 1:
        (reader,) = readers
        return [(reader, change) for change in reader.input.changes]
    pairs = [(reader, change) for reader in readers for change in reader.input.changes]
    return sorted(pairs, key=lambda pair: pair[1].at)
