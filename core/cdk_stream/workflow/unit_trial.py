"""One unit test: checked, run, and compared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from cdk_stream.problems import Problem, near
from cdk_stream.resources.authoring import reference_name
from cdk_stream.resources.unit_test import UnitTest
from cdk_stream.results.declaration import Declaration
from cdk_stream.results.outcome import Difference
from cdk_stream.results.stream import Stream
from cdk_stream.run.compare import Comparison
from cdk_stream.run.rows import NodeRows, Record, Records, Row
from cdk_stream.run.values import plain, read_rows
from cdk_stream.stages.resolve import unknown
from cdk_stream.workflow.compile import Compiled
from cdk_stream.workflow.run import execute, needed
from cdk_stream.workflow.sight import Seen, hidden
from cdk_stream.workflow.unit_rows import Reading


class Trial:
    """One unit test on its way."""

    def __init__(self, compiled: Compiled, root: Path, declaration: Declaration) -> None:
        self.compiled = compiled
        self.root = root
        self.test: UnitTest = declaration.resource
        self.reading = Reading(compiled, root, declaration)
        self.node = ""
        self.message = ""
        self.difference = Difference()

    @property
    def passed(self) -> bool:
        return not (self.reading.problems or self.message or self.difference.lines)

    def go(self, seen: Mapping[str, Seen] | None) -> None:
        """Check it, run it, and compare."""
        model = self._model()
        if self.test.as_ is not None and seen is None:
            roles = self.compiled.project.roles
            message = f"the project has no role '{self.test.as_}'"
            self.reading.tell("/as", "CS892", message, near(self.test.as_, roles))
        if model is None:
            return
        given = self._given(model)
        expect = self.test.expect
        columns, rows = self.reading.expected(expect, model) if expect.error is None else ((), ())
        if self.reading.problems:
            return
        answers = execute(self.compiled, given, [model.id], self.root)
        refusals = [one.refusal for one in answers.values() if one.refusal is not None]
        sight = seen[model.id] if seen is not None else None
        if expect.error is not None:
            self._fails_as(expect.error, refusals, sight)
        elif refusals:
            self.reading.problems += refusals
        elif sight is not None and sight.right == "denied":
            self.message = _denied(self.test)
        else:
            self._compare(answers[model.id], columns, rows, sight)

    def _model(self) -> Stream | None:
        found = self._named(self.test.model, "/model")
        if found is not None and not found.startswith("model."):
            message = f"'{reference_name(self.test.model)}' is a source, which makes nothing"
            self.reading.tell("/model", "CS891", message, "name a model")
            return None
        self.node = found or ""
        return self.compiled.bench.input(found) if found else None

    def _named(self, reference: str, pointer: str) -> str | None:
        name = reference_name(reference)
        found = self.compiled.bench.names.get(name)
        if found is None:
            complaint = unknown(name, self.compiled.bench.names, pointer)
            self.reading.tell(pointer, complaint.code, complaint.message, complaint.mend)
        return found

    def _given(self, model: Stream) -> dict[str, Records]:
        found: dict[str, Records] = {}
        for index, part in enumerate(self.test.given):
            pointer = f"/given/{index}"
            node_id = self._named(part.input, f"{pointer}/input")
            if node_id is None:
                continue
            if node_id in found:
                message = f"'{reference_name(part.input)}' is given twice"
                self.reading.tell(f"{pointer}/input", "CS891", message, "put the rows together")
            found[node_id] = self.reading.given(pointer, part, self.compiled.bench.input(node_id))
        if not self.reading.problems:
            self._complete(model, found)
        return found

    def _complete(self, model: Stream, given: Mapping[str, Records]) -> None:
        """Every source on the way has rows, and no rows are given for nothing."""
        read = needed(self.compiled, [model.id], given)
        for index, part in enumerate(self.test.given):
            name = reference_name(part.input)
            if self.compiled.bench.names[name] not in read or name == model.name:
                readable = [one.partition(".")[2] for one in read if one != model.id]
                message = f"'{model.name}' does not read '{name}' here"
                self.reading.tell(f"/given/{index}/input", "CS891", message, near(name, readable))
        for node_id in read:
            if node_id.startswith("source.") and node_id not in given:
                name = node_id.partition(".")[2]
                message = f"'{model.name}' reads '{name}', for which no rows are given"
                mend = f"add {{ input: {name}, rows: [] }}"
                self.reading.tell("/given", "CS890", message, mend)

    def _fails_as(self, wanted: str, refusals: list[Problem], sight: Seen | None) -> None:
        told = [f"{one.code} {one.message}" for one in refusals]
        if sight is not None and sight.right == "denied":
            told.append(_denied(self.test))
        if not told:
            self.message = f"'{wanted}' was expected, and nothing failed"
        elif not any(wanted in one for one in told):
            self.message = f"'{wanted}' was expected, and it failed otherwise: {told[0]}"

    def _compare(
        self, answer: NodeRows, columns: tuple[str, ...], rows: Records, sight: Seen | None
    ) -> None:
        masks = sight.masks if sight is not None else {}
        shown = {name: "" if name in masks else answer.columns[name] for name in columns}
        places = [list(answer.columns).index(name) for name in columns]
        came = [
            tuple(
                hidden(plain(row[place], answer.columns[name]), masks[name])
                if name in masks
                else row[place]
                for name, place in zip(columns, places, strict=True)
            )
            for row in answer.table
        ]
        expected = self._expected(shown, rows)
        if self.reading.problems:
            return
        expect = self.test.expect
        comparison = Comparison(
            shown, answer.key, ordered=expect.ordered, tolerance=expect.tolerance
        )
        self.difference = comparison.difference(expected, came)

    def _expected(self, shown: Mapping[str, str], rows: Records) -> list[Row]:
        found: list[Row] = []
        for index, row in enumerate(rows):
            found += self._row(index, row, shown)
        return found

    def _row(self, index: int, row: Record, shown: Mapping[str, str]) -> Iterator[Row]:
        try:
            yield from read_rows(shown, [row])
        except ValueError as error:
            at = f"/expect/rows/{index}" if self.test.expect.rows is not None else "/expect"
            message = str(error).replace("of row 1 is", f"of row {index + 1} is")
            self.reading.tell(at, "CS852", message)


def _denied(test: UnitTest) -> str:
    return f"'{test.as_}' has no right to '{reference_name(test.model)}'"
