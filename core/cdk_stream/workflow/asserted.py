"""The assertions of tests, held against the rows that models make of samples."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from cdk_stream.problems import Location, Problem, Severity
from cdk_stream.resources.authoring import reference_name
from cdk_stream.resources.test import Assertion
from cdk_stream.results.declaration import Declaration
from cdk_stream.results.outcome import Difference, Line, Outcome, Status
from cdk_stream.run.assertions import (
    LIVE,
    ROW_CHECKS,
    NotHere,
    Table,
    distribution,
    error_ratio,
    foreign_key,
    table_of,
)
from cdk_stream.run.model import Input, Running
from cdk_stream.run.python import python_functions
from cdk_stream.run.refusal import CannotRun, RowFailure
from cdk_stream.run.rows import Change, NodeRows
from cdk_stream.run.values import plain_row
from cdk_stream.sql.analyze import analyze
from cdk_stream.stages.infer.functions import functions
from cdk_stream.workflow.compile import Compiled
from cdk_stream.workflow.run import execute, needed
from cdk_stream.workflow.samples import sampled

_ABSENT = ("CS850", "CS853", "CS854")
"""Refusals that say nothing of the project: there are no rows, or not in this engine."""


class Found(NamedTuple):
    """What came of an assertion."""

    status: Status
    message: str = ""
    rows: tuple[int, ...] = ()
    """The positions of the rows that break it."""
    problems: tuple[Problem, ...] = ()


class Asserted:
    """Runs the tested models on the rows of samples/, once, and holds assertions against them."""

    def __init__(self, compiled: Compiled, root: Path, tests: Iterable[str]) -> None:
        self._compiled = compiled
        self._root = root
        self._tests = list(tests)
        bench = compiled.bench
        self._declared = {test: bench.declaration(test) for test in self._tests}
        wanted = sorted({node for test in self._tests for node in bench.uses[test].ids})
        self._needed = needed(compiled, wanted)
        given = sampled(compiled, root, self._needed)
        self._answers = execute(compiled, given, wanted, root) if wanted else {}
        self._specs = functions(compiled.project)
        self._python = python_functions(root, self._specs)

    def outcomes(self) -> Iterator[Outcome]:
        """One for each assertion, by test and place."""
        for test, declaration in self._declared.items():
            for index, assertion in enumerate(declaration.resource.assertions):
                yield self._outcome(test, declaration, index, assertion)

    def _outcome(
        self, test: str, declaration: Declaration, index: int, assertion: Assertion
    ) -> Outcome:
        began = time.process_time()
        node = self._compiled.bench.names[reference_name(declaration.resource.model)]
        place = self._place(declaration, index)
        try:
            found = self._found(assertion, node, place)
        except NotHere as reason:
            found = Found("not_here", f"{assertion.kind} is not judged here: {reason}")
        except (CannotRun, RowFailure) as reason:
            why = f"{reason.feature} is not run" if isinstance(reason, CannotRun) else str(reason)
            status: Status = "not_here" if isinstance(reason, CannotRun) else "refused"
            found = Found(status, f"{assertion.kind} is not judged here: {why}")
        return Outcome(
            test,
            f"{declaration.name} / {_told(assertion)}",
            "assertion",
            node,
            place,
            found.status,
            found.message,
            difference=self._shown(node, found.rows),
            problems=found.problems,
            severity=declaration.resource.on_failure.severity,
            seconds=time.process_time() - began,
        )

    def _place(self, declaration: Declaration, index: int) -> Location:
        return self._compiled.bench.place(declaration, f"/assertions/{index}", 0, 0)

    def _found(self, assertion: Assertion, node: str, place: Location) -> Found:
        kind, wanted = assertion.kind, assertion.arguments
        if kind in LIVE:
            raise NotHere(f"it {LIVE[kind]}, which samples do not have")
        lacking = self._lacking(node)
        if lacking is not None:
            return lacking
        table = self._table(node)
        if kind in ROW_CHECKS:
            return _rows(ROW_CHECKS[kind](wanted, table))
        if kind == "distribution":
            return _shares(distribution(wanted, table))  # type: ignore[arg-type]
        return self._compared(kind, wanted, node, table, place)

    def _compared(self, kind: str, wanted: Any, node: str, table: Table, place: Location) -> Found:
        if kind == "foreign_key":
            other = self._compiled.bench.names[reference_name(wanted.ref_model)]
            lacking = self._lacking(other)
            return lacking or _rows(foreign_key(wanted, table, self._table(other)))
        if kind == "error_ratio" and wanted.where is None:
            raise NotHere("it counts what a job fails on; write `where:` to say which rows fail")
        condition = (
            wanted.where if kind == "error_ratio" else f"({wanted.expression}\n) IS NOT TRUE"
        )
        problems = self._misread(condition, node, place)
        if problems:
            return Found("refused", problems=problems)
        failed = self._holding(condition, node, table)
        if kind == "error_ratio":
            return _shares(error_ratio(wanted.max_ratio, wanted.window, table, failed))
        return _rows(sorted(failed))

    def _lacking(self, node: str) -> Found | None:
        """Why there are no rows of a node: told by what it reads, where that is the cause."""
        refusal = self._answers[node].refusal
        if refusal is None:
            return None
        above = needed(self._compiled, [node])
        told = [one for name in above if (one := self._answers[name].refusal) is not None]
        real = tuple(one for one in told if one.code not in _ABSENT)
        if real:
            return Found("refused", problems=real)
        cause = next((one for one in told if one.code != "CS854"), refusal)
        return Found("not_here", f"there are no rows to judge: {cause.message}")

    def _table(self, node: str) -> Table:
        return table_of(self._answers[node], self._compiled.bench.input(node).event_time)

    def _query(self, condition: str, node: str) -> tuple[str, dict[tuple[str, str], str]]:
        name = node.partition(".")[2]
        kind = "ref" if node.startswith("model.") else "source"
        reference = f'{{{{ {kind}("{name}") }}}}'
        return f"SELECT * FROM {reference} WHERE {condition}", {(kind, name): node}

    def _misread(self, condition: str, node: str, place: Location) -> tuple[Problem, ...]:
        sql, tables = self._query(condition, node)
        relations = {node: self._compiled.bench.input(node).relation()}
        variables = self._compiled.project.vars
        analysis = analyze(sql, tables, relations, self._specs, variables=variables)
        return tuple(
            Problem(place, one.code, one.message, one.mend)
            for one in analysis.findings
            if Severity(one.severity) is Severity.ERROR
        )

    def _holding(self, condition: str, node: str, table: Table) -> set[int]:
        """The positions of the rows of which a condition is true."""
        sql, tables = self._query(condition, node)
        relation = replace(
            self._compiled.bench.input(node).relation(), changelog="append", event_time="", key=()
        )
        rows = [Change(row, 1, at) for at, row in enumerate(table.rows)]
        inputs: Mapping[str, Input] = {node: Input(relation, 0, rows)}
        variables = self._compiled.project.vars
        running = Running(sql, tables, inputs, self._specs, self._python, variables)
        kept = {change.row for change in running.run().changes}
        return {at for at, row in enumerate(table.rows) if row in kept}

    def _shown(self, node: str, places: tuple[int, ...]) -> Difference:
        if not places:
            return Difference()
        answer: NodeRows = self._answers[node]
        lines = (Line("!", plain_row(answer.columns, answer.table[at])) for at in places)
        return Difference(tuple(answer.columns), tuple(lines))


def _rows(places: list[int]) -> Found:
    return Found("failed" if places else "passed", rows=tuple(places))


def _shares(told: list[str]) -> Found:
    return Found("failed", "\n".join(told)) if told else Found("passed")


def _told(assertion: Assertion) -> str:
    """`not_null customer_id`, `sql a > b`."""
    arguments = assertion.arguments
    for name in ("column", "key", "name", "expression", "where", "target"):
        value = getattr(arguments, name, None)
        if value:
            listed = value if isinstance(value, tuple) else (reference_name(value),)
            return f"{assertion.kind} {', '.join(listed)}"
    return assertion.kind


def assertion_outcomes(compiled: Compiled, root: Path, tests: list[str]) -> list[Outcome]:
    """What comes of the assertions of tests (`test.NAME`) on sample rows.

    Raises Refused for samples or functions that cannot be read (CS855, CS856).
    """
    return list(Asserted(compiled, root, tests).outcomes()) if tests else []
