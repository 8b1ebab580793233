"""`cdk-stream run`: what models make of sample rows, on this machine."""

from __future__ import annotations

import argparse
import gc
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson

from cdk_stream.cli.options import add_format, add_project_dir, project_root
from cdk_stream.cli.output import colour_wanted, write
from cdk_stream.cli.place import from_here
from cdk_stream.cli.saves import watched
from cdk_stream.cli.selection import SELECTORS, add_selection, picked, refuse_broken
from cdk_stream.problems import Refused, Usage, near
from cdk_stream.report.json import OPTIONS
from cdk_stream.report.plain import plain
from cdk_stream.report.run import document, lines
from cdk_stream.run.rows import NodeRows, Records
from cdk_stream.run.values import plain_row
from cdk_stream.workflow.compile import Compiled, compile_project
from cdk_stream.workflow.results import FOLDER, write_results
from cdk_stream.workflow.run import execute, needed
from cdk_stream.workflow.samples import generated, sampled
from cdk_stream.workflow.sight import Seen, hidden, seen_by

Json = dict[str, Any]
FORMATS = ("text", "json")
_PATIENCE = 1.0
"""Seconds before a run shows how far it is."""
ABOUT = f"""\
Run models on sample rows, here, without any system: the rows of samples/SOURCE.jsonl, .csv or
.avro, or rows made up from the schemas. Each model gets the rows that Flink would give it once all
time has passed: windows close, late rows are dropped where Flink drops them, updates replace what
they update. A query that cannot be run here is refused by name, never approximated. The rows of
every node are written to {FOLDER}/.

Functions of the project are called when functions/NAME.py defines them in Python.
"""
EXAMPLES = f"""\
examples:
  cdk-stream run                                  the whole project
  cdk-stream run +fraud_events --limit 5          a model and all that it reads
  cdk-stream run --generate 1000 --seed 7         on rows made up from the schemas
  cdk-stream run --as support                     as that role sees it through the Gateway
  cdk-stream run --watch                          again whenever a file is saved

{SELECTORS}"""


def configure(parser: argparse.ArgumentParser) -> None:
    """The options of the verb."""
    add_selection(parser)
    parser.add_argument(
        "--generate", metavar="N", type=int, help="make up N rows for every source, of its schema"
    )
    parser.add_argument(
        "--seed",
        metavar="S",
        type=int,
        default=1,
        help="another seed makes other rows (default: 1)",
    )
    parser.add_argument("--as", dest="role", metavar="ROLE", help="show what a role would see")
    parser.add_argument(
        "--limit", metavar="N", type=int, default=10, help="rows to show of a node (default: 10)"
    )
    parser.add_argument(
        "--watch", action="store_true", help="run again whenever a file of the project is saved"
    )
    add_format(parser, FORMATS)
    add_project_dir(parser)


def run(arguments: argparse.Namespace) -> int:
    """Run, and show the rows; 1 when a node could not be run."""
    for name in ("generate", "limit"):
        value = getattr(arguments, name)
        if value is not None and value < 0:
            raise Usage(f"--{name} takes a number of rows, not {value}")
    root = project_root(arguments.project_dir)
    if not arguments.watch:
        return _once(root, arguments)
    gc.enable()  # a process that stays has its cycles collected
    code = 0
    for _ in watched(root):
        try:
            code = _once(root, arguments)
        except Refused as refused:
            write("".join(f"{plain(str(problem))}\n" for problem in refused.problems))
            code = 1
    return code


def _once(root: Path, arguments: argparse.Namespace) -> int:
    compiled = compile_project(root)
    refuse_broken(compiled.compilation)
    chosen = picked(root, compiled, arguments)
    names = [node for node in chosen if node.startswith(("source.", "model."))]
    seen = _seen(compiled, arguments.role)
    wanted = needed(compiled, names)
    with _progress(len(wanted)) as step:
        given = _given(compiled, root, wanted, arguments)
        answers = execute(compiled, given, names, root, step) if names else {}
    shown = {node: _rows(answers[node], seen.get(node)) for node in wanted if node in answers}
    sinks = {
        node: sink
        for node in shown
        if (sink := getattr(compiled.bench.declaration(node).resource, "sink", None)) is not None
    }
    write_results(root, shown, sinks)
    _show({node: shown[node] for node in names}, answers, seen, arguments, from_here(root))
    return 0 if all(answers[node].refusal is None for node in names) else 1


def _given(
    compiled: Compiled, root: Path, wanted: list[str], arguments: argparse.Namespace
) -> dict[str, Records]:
    if arguments.generate is not None:
        return generated(compiled, wanted, arguments.generate, arguments.seed)
    return sampled(compiled, root, wanted)


def _seen(compiled: Compiled, role: str | None) -> dict[str, Seen]:
    if role is None:
        return {}
    roles = compiled.manifest.project.get("roles", {})
    if role not in roles:
        mend = near(role, roles)
        raise Usage(f"the project has no role '{role}'" + (f"\n    {mend}" if mend else ""))
    return seen_by(compiled.manifest, role)


def _rows(answer: NodeRows, seen: Seen | None) -> list[Json]:
    """The rows as they are shown and written."""
    if seen is not None and seen.right == "denied":
        return []
    rows = [plain_row(answer.columns, row) for row in answer.table]
    for name, mask in seen.masks.items() if seen is not None else ():
        for row in rows:
            row[name] = hidden(row[name], mask)
    return rows


def _show(
    shown: dict[str, list[Json]],
    answers: dict[str, NodeRows],
    seen: dict[str, Seen],
    arguments: argparse.Namespace,
    prefix: str,
) -> None:
    if arguments.format == "json":
        limited = {node: rows[: arguments.limit] for node, rows in shown.items()}
        told = document(answers, limited)
        for node in told["nodes"] if seen else ():
            told["nodes"][node]["right"] = seen[node].right
        write(orjson.dumps(told, option=OPTIONS).decode())
        return
    colour = colour_wanted()
    text: list[str] = []
    for node, rows in shown.items():
        note = _note(seen.get(node), arguments.role)
        text += [*lines(answers[node], rows, arguments.limit, note, colour), ""]
    problems = [answer.refusal for answer in answers.values() if answer.refusal is not None]
    text += [plain_problem(prefix, str(problem)) for problem in problems]
    text.append(f"written to {prefix}{FOLDER}/")
    write("\n".join(text) + "\n")


def plain_problem(prefix: str, problem: str) -> str:
    """A problem's lines, its path as seen from here."""
    return "\n".join(
        plain(line) if not line.startswith("    ") else line
        for line in f"{prefix}{problem}".split("\n")
    )


def _note(seen: Seen | None, role: str | None) -> str:
    if seen is None:
        return ""
    if seen.right == "denied":
        return f"; {role} has no right to it"
    return f"; as {role} would see it, if given a right" if seen.right == "unknown" else ""


@contextmanager
def _progress(total: int) -> Iterator[Callable[[str], None]]:
    """A bar on a terminal, once the run takes a while."""
    if not sys.stderr.isatty():
        yield lambda node: None
        return
    try:
        from rich.console import Console  # noqa: PLC0415
        from rich.progress import Progress  # noqa: PLC0415
    except ModuleNotFoundError:
        yield lambda node: None
        return
    began = time.monotonic()
    bar = Progress(console=Console(stderr=True), transient=True)
    task = bar.add_task("", total=total)

    def step(node: str) -> None:
        if time.monotonic() - began > _PATIENCE and not bar.live.is_started:
            bar.start()
        bar.update(task, advance=1, description=node)

    try:
        yield step
    finally:
        bar.stop()
