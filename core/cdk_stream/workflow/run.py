"""Sample rows -> what every model makes of them, without any system."""

from __future__ import annotations

import time
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cdk_stream.problems import Problem, Refused
from cdk_stream.results.declaration import Declaration
from cdk_stream.results.stream import Stream
from cdk_stream.run.cel import cel_kept
from cdk_stream.run.changes import arrived, table
from cdk_stream.run.model import Input, Ran, Running
from cdk_stream.run.python import python_functions
from cdk_stream.run.refusal import CannotRun, RowFailure
from cdk_stream.run.rows import Change, NodeRows, Records
from cdk_stream.run.udf import PythonFunction
from cdk_stream.run.values import Unreadable
from cdk_stream.sql.functions import FunctionSpec
from cdk_stream.sql.template import position
from cdk_stream.stages.infer.functions import functions
from cdk_stream.workflow.compile import Compiled

_MEND = "run it on Flink, or give rows for the model itself"


def execute(
    compiled: Compiled,
    given: Mapping[str, Records],
    only: Sequence[str] = (),
    root: Path | None = None,
    step: Callable[[str], None] | None = None,
) -> dict[str, NodeRows]:
    """Run models on given rows, each with the meaning that Flink gives it once all time has passed.

    `compiled` is a project that compiled without errors. `given` maps node ids (`source.x`,
    `model.x`; a bare name is a source's) to rows in the order in which they arrive: a list of
    mappings from column to value, as JSON, YAML, CSV, Avro or Python have them (times as ISO text
    in UTC or datetime, decimals as text or Decimal, bytes as base64, rows as mappings). A column
    that a row lacks is NULL. Rows given for a model replace what it would compute. `only` names
    the nodes that are wanted, by id; left out, all of them. What these read is computed too.
    `root` is the project's folder, whose functions/ hold the Python of its functions; `step` is
    called with the id of each node that is done.

    The answer has an entry for every node that was given or computed, inputs first. One that
    cannot be run has a `refusal`: CS850 a construct this engine does not run, named with its line;
    CS851 a row on which the job would fail; CS852 a given row that does not fit; CS853 a source
    without rows; CS854 a model that reads one of these. Nothing raises for what rows hold;
    `Refused` comes for functions of the project whose Python cannot be read (CS855).

    A source's rows set its watermark one by one: the newest event time so far less the delay of
    its `event_time: watermark`, and so do a model's for those who read it. Rows of several inputs
    meet in the order of the newest event time so far. What Flink drops as late is dropped.
    """
    run = _Run(compiled, given, root)
    for node_id in needed(compiled, only, run.given):
        run.compute(node_id)
        if step is not None:
            step(node_id)
    return run.done


def needed(compiled: Compiled, only: Sequence[str] = (), given: Container[str] = ()) -> list[str]:
    """Sources and models that are looked at for `only`, inputs first; rows of `given` are there."""
    entries = compiled.compilation.entries
    streams = [name for name in entries if name.startswith(("source.", "model."))]
    if not only:
        return streams
    found: set[str] = set()
    pending = list(only)
    while pending:
        node_id = pending.pop()
        if node_id in found or node_id not in entries:
            continue
        found.add(node_id)
        if node_id not in given:
            pending += [used for used in entries[node_id].uses if used in entries]
    return [name for name in streams if name in found]


@dataclass(slots=True)
class _Run:
    """One execution."""

    compiled: Compiled
    given: Mapping[str, Records]
    root: Path | None
    done: dict[str, NodeRows] = field(default_factory=dict)
    specs: dict[str, FunctionSpec] = field(default_factory=dict)
    python: dict[str, PythonFunction] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.given = {
            name if "." in name else f"source.{name}": rows for name, rows in self.given.items()
        }
        self.specs = functions(self.compiled.project)
        self.python = python_functions(self.root, self.specs)

    def compute(self, node_id: str) -> None:
        """Add what a node holds to `done`."""
        began = time.process_time()
        stream = self.compiled.bench.input(node_id)
        columns = {name: column.type for name, column in stream.columns.items()}
        made = NodeRows(node_id, columns, stream.changelog, stream.key)
        try:
            if node_id in self.given:
                made.given = True
                made.changes = self._given(stream)
            elif stream.kind == "source":
                made.refusal = self._no_rows(stream)
            else:
                self._model(stream, made)
        except _Stopped as stop:
            made.refusal = stop.problem
        if made.refusal is None:
            made.table = table(made.changes)
        made.seconds = time.process_time() - began
        self.done[node_id] = made

    def _given(self, stream: Stream) -> list[Change]:
        try:
            return arrived(stream.relation(), self.given[stream.id])
        except Unreadable as error:
            declaration = self.compiled.bench.declaration(stream.id)
            mend = f"the columns of '{stream.name}': {_types(stream)}"
            raise _Stopped(self._problem(declaration, "CS852", str(error), mend)) from None

    def _no_rows(self, stream: Stream) -> Problem:
        declaration = self.compiled.bench.declaration(stream.id)
        message = f"there are no rows for the source '{stream.name}'"
        mend = f"write samples/{stream.name}.jsonl, or let --generate make some"
        return self._problem(declaration, "CS853", message, mend)

    def _model(self, stream: Stream, made: NodeRows) -> None:
        declaration = self.compiled.bench.declaration(stream.id)
        uses = self.compiled.bench.uses[stream.id]
        inputs: dict[str, Input] = {}
        for used in uses.ids:
            below = self.done[used]
            if below.refusal is not None:
                name = used.partition(".")[2]
                message = f"'{stream.name}' reads '{name}', which has no rows"
                mend = f"{below.refusal.code}: {below.refusal.message}"
                raise _Stopped(self._problem(declaration, "CS854", message, mend))
            seen = self.compiled.bench.input(used)
            inputs[used] = Input(seen.relation(), seen.watermark_ms, below.changes)
        ran = self._ran(declaration, uses.tables, inputs)
        made.changes = ran.changes
        made.read, made.filtered, made.late = ran.read, ran.filtered, ran.late

    def _ran(
        self,
        declaration: Declaration,
        tables: Mapping[tuple[str, str], str],
        inputs: Mapping[str, Input],
    ) -> Ran:
        resource = declaration.resource
        try:
            if declaration.sql:
                variables = self.compiled.project.vars
                return Running(
                    declaration.sql, tables, inputs, self.specs, self.python, variables
                ).run()
            ((_, only),) = inputs.items()
            if resource.cel is not None:
                return cel_kept(resource.cel, only)
            return Ran(only.changes, len(only.changes))
        except CannotRun as refusal:
            message = f"'{declaration.name}' cannot be run here: {refusal.feature} is not run"
            line, column = (
                position(declaration.sql, refusal.offset) if refusal.offset >= 0 else (0, 0)
            )
            mend = refusal.mend or _MEND
            problem = self._problem(declaration, "CS850", message, mend, line, column)
            raise _Stopped(problem) from None
        except RowFailure as failure:
            message = f"'{declaration.name}' fails on a row: {failure}"
            mend = "Flink's job would stop there; TRY_CAST and conditions keep it running"
            raise _Stopped(self._problem(declaration, "CS851", message, mend)) from None

    def _problem(
        self,
        declaration: Declaration,
        code: str,
        message: str,
        mend: str,
        line: int = 0,
        column: int = 0,
    ) -> Problem:
        pointer = "/sql" if line else ""
        place = self.compiled.bench.place(declaration, pointer, line, column)
        return Problem(place, code, message, mend, node=declaration.id)


class _Stopped(Exception):
    """A node that cannot be computed."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


def _types(stream: Stream) -> str:
    return ", ".join(f"{name} {column.type}" for name, column in stream.columns.items())


def refused(answers: Iterable[NodeRows]) -> list[Problem]:
    """The problems of an execution."""
    return [answer.refusal for answer in answers if answer.refusal is not None]


def raise_refused(answers: Iterable[NodeRows]) -> None:
    """Raise Refused when a node could not be run."""
    problems = refused(answers)
    if problems:
        raise Refused(problems)
