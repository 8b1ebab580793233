"""A unit test written from sample rows: what the model makes of them today is what it must make."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from cdk_stream.classify.edit import Text, last_line
from cdk_stream.problems import Refused, Usage, near
from cdk_stream.results.declaration import Declaration
from cdk_stream.results.outcome import Outcome
from cdk_stream.run.rows import Records
from cdk_stream.run.samples import read_records
from cdk_stream.run.values import plain_row
from cdk_stream.workflow.compile import Compiled, compile_project
from cdk_stream.workflow.run import execute, needed, raise_refused
from cdk_stream.workflow.samples import sampled
from cdk_stream.workflow.unit import UnitRunner, unit_tests
from cdk_stream.workflow.unit_rows import FOLDER, completed

_PLAIN = re.compile(r"[A-Za-z_](?:[\w. -]*\w)?")
_TAKEN = re.compile(r"(?i)true|false|null|y|n|yes|no|on|off")


def given_rows(
    compiled: Compiled, root: Path, model: str, files: list[str], limit: int
) -> dict[str, Records]:
    """Node id -> rows: of the files, each for the input that it is called by, and of samples/.

    A file is `PATH`, or `INPUT=PATH`. At most `limit` rows of each. Raises Usage and Refused.
    """
    named = dict(_named(compiled, model, files))
    found = {node_id: read_records(path, path.name) for node_id, path in named.items()}
    read = needed(compiled, [model], found)
    found |= sampled(compiled, root, [one for one in read if one not in found])
    lacking = [one for one in read if one.startswith("source.") and one not in found]
    if lacking:
        name = lacking[0].partition(".")[2]
        raise Usage(f"there are no rows for '{name}'\n    name a file: --given {name}=FILE")
    return {node_id: found[node_id][:limit] for node_id in read if node_id in found}


def _named(compiled: Compiled, model: str, files: list[str]) -> Iterator[tuple[str, Path]]:
    above = [one for one in needed(compiled, [model]) if one != model]
    names = {one.partition(".")[2]: one for one in above}
    for text in files:
        name, equal, path = text.rpartition("=")
        name = name if equal else Path(path).stem
        if name not in names:
            raise Usage(f"'{model.partition('.')[2]}' reads no '{name}'\n    {near(name, names)}")
        if not Path(path).is_file():
            raise Usage(f"there is no file '{path}'")
        yield names[name], Path(path)


def record(
    compiled: Compiled, root: Path, model: str, given: Mapping[str, Records], name: str
) -> tuple[str, Outcome]:
    """Write a unit test below those of tests/MODEL.yml, and run it; file and outcome.

    The file is left as it was when the test does not pass. Raises Refused when the model cannot
    be run, Usage when the file cannot take it.
    """
    whole = {node_id: completed(compiled.bench.input(node_id), given[node_id]) for node_id in given}
    answers = execute(compiled, whole, [model], root)
    raise_refused(answers.values())
    came = answers[model]
    rows = [plain_row(came.columns, row) for row in came.table]
    bare = model.partition(".")[2]
    path = root / FOLDER / f"{bare}.yml"
    before = path.read_bytes().decode() if path.exists() else None
    lines = list(_lines(name, bare, given, rows))
    path.parent.mkdir(exist_ok=True)
    path.write_text(_with(before or "", lines, path.name), encoding="utf-8", newline="")
    try:
        outcome = _tried(root, name)
    except Refused:
        _restore(path, before)
        raise
    if outcome.status != "passed":
        _restore(path, before)
    return f"{FOLDER}/{path.name}", outcome


def _tried(root: Path, name: str) -> Outcome:
    again = compile_project(root)
    return UnitRunner(again, root).run(unit_tests(again)[f"test.{name}"])


def _restore(path: Path, before: str | None) -> None:
    if before is None:
        path.unlink()
    else:
        path.write_text(before, encoding="utf-8", newline="")


def free_name(compiled: Compiled, units: Mapping[str, Declaration], wanted: str) -> str:
    """`wanted`, or with the first number behind it that no test has."""
    number, name = 1, wanted
    while f"test.{name}" in units or f"test.{name}" in compiled.compilation.entries:
        number += 1
        name = f"{wanted}_{number}"
    return name


def _lines(
    name: str, model: str, given: Mapping[str, Records], rows: list[dict[str, Any]]
) -> Iterator[str]:
    yield from (f"- name: {name}", "  type: unit", f"  model: {model}", "  given:")
    for node_id, records in given.items():
        yield f"    - input: {node_id.partition('.')[2]}"
        yield from _rows("      ", records)
    yield "  expect:"
    yield from _rows("    ", rows)


def _rows(indent: str, rows: Records) -> Iterator[str]:
    yield f"{indent}rows:" if rows else f"{indent}rows: []"
    yield from (f"{indent}  - {flow(row)}" for row in rows)


def flow(value: Any) -> str:
    """A value as YAML has it on one line; bytes become base64, and what else is no JSON a text."""
    if isinstance(value, Mapping):
        pairs = ", ".join(f"{flow(str(key))}: {flow(one)}" for key, one in value.items())
        return f"{{ {pairs} }}" if pairs else "{}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(flow, value))}]"
    if isinstance(value, str) and _PLAIN.fullmatch(value) and not _TAKEN.fullmatch(value):
        return value
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, int | float | None):
        return json.dumps(value)
    return _quoted(base64.b64encode(value).decode() if isinstance(value, bytes) else str(value))


def _quoted(text: str) -> str:
    if text.isprintable():
        return json.dumps(text, ensure_ascii=False)
    quoted: str = yaml.safe_dump(text, default_style='"', width=len(text) * 12)
    return quoted.rstrip("\n")


def _with(text: str, lines: list[str], name: str) -> str:
    """The file with one more test below its others; every line of it stays."""
    top = yaml.compose(text, Loader=yaml.CSafeLoader)
    pairs = top.value if isinstance(top, yaml.MappingNode) else []
    tests = next((value for key, value in pairs if key.value == "tests"), None)
    if tests is None:
        below = text if not text or text.endswith("\n") else text + "\n"
        own = "".join(f"  {line}\n" for line in lines)
        return f"{below}\ntests:\n{own}" if below else f"tests:\n{own}"
    if not isinstance(tests, yaml.SequenceNode) or tests.flow_style or not tests.value:
        raise Usage(f"'tests:' of {FOLDER}/{name} is no list of lines that could go on")
    edit = Text(text.splitlines(keepends=True))
    indent = " " * tests.start_mark.column
    edit.add_line(last_line(edit, tests), "\n" + "\n".join(indent + line for line in lines))
    return edit.result()
