"""`cdk-stream state record`: what running jobs remember, kept in Git."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

import orjson

from cdk_stream.cli.options import add_format, add_project_dir, project_root
from cdk_stream.cli.output import colour_wanted, write, write_file
from cdk_stream.cli.place import from_here
from cdk_stream.cli.selection import SELECTORS
from cdk_stream.problems import Usage
from cdk_stream.report.data import problem_document
from cdk_stream.report.finding import problem_findings
from cdk_stream.report.frame import Frame
from cdk_stream.report.json import OPTIONS
from cdk_stream.report.plain import plain
from cdk_stream.report.text import problem_lines
from cdk_stream.workflow.state import Recorded, record

FORMATS = ("text", "json")
ABOUT = """\
Ask Flink's planner what the job of each model would remember, and keep the answer in
state/MODEL.json. Commit these files: `check --base` compares the two versions of each and knows
for certain whether a change leaves a running job's state as it is, makes it mean something else,
or makes it useless. Without them it goes by the query alone, and is strict.

Nothing is started, and neither a JobManager nor Kafka is needed. The files hold no addresses and
no secrets; they are the same for the same plan.
"""
EXAMPLES = f"""\
examples:
  cdk-stream state record                        every model
  cdk-stream state record fraud_events           one model
  cdk-stream state record --check                write nothing; 1 when a file is not as it must be
  cdk-stream state record --sql-gateway http://localhost:8083
  cdk-stream state record --sql-gateway embedded with PyFlink, in this process

{SELECTORS}"""


def configure(parser: argparse.ArgumentParser) -> None:
    """The options of the verb."""
    parser.add_argument("action", choices=["record"], help="what to do: record")
    parser.add_argument("selectors", metavar="SELECTOR", nargs="*", help="what to pick; see below")
    parser.add_argument(
        "--exclude", metavar="SELECTOR", action="append", default=[], help="what to leave out again"
    )
    parser.add_argument("--check", action="store_true", help="only say which files would change")
    parser.add_argument(
        "--sql-gateway",
        metavar="URL",
        help="the planner to ask, or `embedded` (default: each cluster's `flink: sql_gateway:`)",
    )
    add_format(parser, FORMATS)
    add_project_dir(parser)


def run(arguments: argparse.Namespace) -> int:
    """Write the files; 1 when a planner refuses or none answers, or with --check one differs."""
    root = project_root(arguments.project_dir)
    addresses = {"sql_gateway": arguments.sql_gateway} if arguments.sql_gateway else {}
    recorded = record(root, arguments.selectors, arguments.exclude, addresses)
    if not arguments.check:
        _write(root, recorded)
    if arguments.format == "json":
        write(orjson.dumps(_document(recorded), option=OPTIONS).decode())
    else:
        frame = Frame(False, from_here(root), colour_wanted())
        write("".join(f"{line}\n" for line in _lines(recorded, frame, arguments.check)))
    return 0 if recorded.passed() and not (arguments.check and recorded.files) else 1


def _write(root: Path, recorded: Recorded) -> None:
    for path, content in recorded.files.items():
        if content:
            write_file(content, str(root / path))
            continue
        try:
            (root / path).unlink()
        except OSError as error:
            raise Usage(f"'{path}' cannot be removed: {error.strerror}") from error


def _document(recorded: Recorded) -> dict[str, object]:
    return {
        "format": "cdk-stream/state-record@1",
        "project": recorded.project,
        "written": [path for path, content in recorded.files.items() if content],
        "removed": [path for path, content in recorded.files.items() if not content],
        "kept": list(recorded.kept),
        "problems": [problem_document(problem) for problem in recorded.problems],
    }


def _lines(recorded: Recorded, frame: Frame, check: bool) -> Iterator[str]:
    found = problem_findings(recorded.problems, frame)
    if found:
        yield from problem_lines(found, frame)
    for path, content in recorded.files.items():
        words = ("would write", "would remove") if check else ("wrote", "removed")
        yield f"{words[0] if content else words[1]} {plain(path)}"
    for path in recorded.kept:
        yield f"{plain(path)} is as it must be"
    if not (found or recorded.files or recorded.kept):
        yield "no job that is picked keeps state"
