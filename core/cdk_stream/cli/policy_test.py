"""`cdk-stream policy test`: the tests in Rego that stand beside policies."""

from __future__ import annotations

import argparse
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson

from cdk_stream.cli.options import add_format, add_project_dir
from cdk_stream.cli.output import write
from cdk_stream.cli.place import from_here
from cdk_stream.cli.policy_shelf import ENGINES, shelf_of
from cdk_stream.policy.choice import named
from cdk_stream.problems import Usage
from cdk_stream.report.json import OPTIONS
from cdk_stream.report.words import plural
from cdk_stream.resources.engine import Engine
from cdk_stream.workflow.policies import Shelf, folder_shelf
from cdk_stream.workflow.trial import Coverage, Session, run_session

FORMATS = ("text", "json")
ABOUT = """\
Run the tests that stand beside policies: every rule test_... of the files NAME_test.rego in the
project's folders of policies, or in DIR, which need not be a project. They run in the project's
engine, and in the opa executable when there is one on PATH, so that what holds here holds there.

Tests read the files fixtures/NAME.json beside the policies as data.fixtures.NAME; `cdk-stream
policy input` makes such files from a project.
"""
EXAMPLES = f"""\
examples:
  cdk-stream policy test
  cdk-stream policy test --coverage                 which lines of policies no test evaluates
  cdk-stream policy test --threshold 90             1 when less than 90 % of a policy is tested
  cdk-stream policy test rules/ --engine embedded   a folder that is no project, in one engine

{ENGINES}"""


def configure(parser: argparse.ArgumentParser) -> None:
    """The options of the verb."""
    parser.add_argument("folder", metavar="DIR", nargs="?", help="a folder instead of the project")
    parser.add_argument("--coverage", action="store_true", help="say which lines are evaluated")
    parser.add_argument(
        "--threshold",
        metavar="PERCENT",
        type=float,
        help="1 when fewer lines of some policy are evaluated; implies --coverage",
    )
    parser.add_argument(
        "--engine", metavar="ENGINE", action="append", default=[], help="run in this engine only"
    )
    add_format(parser, FORMATS)
    add_project_dir(parser)


def run(arguments: argparse.Namespace) -> int:
    """Show what holds; 1 when a test fails or too little is covered."""
    shelf = _shelf(arguments)
    if not shelf.tests:
        raise Usage(
            "there are no tests of policies\n"
            "    write NAME_test.rego beside the policy, as `cdk-stream policy new` does"
        )
    measured = arguments.coverage or arguments.threshold is not None
    sessions = [run_session(shelf, engine, cover=measured) for engine in _engines(arguments, shelf)]
    coverage = next((s.coverage for s in sessions if s.coverage is not None), None)
    if measured and coverage is None:
        raise Usage("only the embedded engine tells coverage\n    add --engine embedded")
    short = _short(coverage or [], arguments.threshold)
    if arguments.format == "json":
        write(orjson.dumps(_document(sessions, coverage), option=OPTIONS).decode())
    else:
        prefix = from_here(shelf.root)
        write("\n".join([*_lines(sessions, prefix), *_coverage(coverage), *short]) + "\n")
    failed = any(not trial.passed for session in sessions for trial in session.trials)
    return 1 if failed or short else 0


def _shelf(arguments: argparse.Namespace) -> Shelf:
    if arguments.folder is None:
        arguments = argparse.Namespace(project_dir=arguments.project_dir)
        return shelf_of(arguments)
    folder = Path(arguments.folder)
    if not folder.is_dir():
        raise Usage(f"there is no folder '{folder}'")
    return folder_shelf(folder)


def _engines(arguments: argparse.Namespace, shelf: Shelf) -> list[Engine]:
    if arguments.engine:
        return [named(text) for text in arguments.engine]
    chosen: list[Engine] = [shelf.settings.engine]
    if chosen == ["embedded"] and shutil.which("opa"):
        chosen.append("opa")
    return chosen


def _short(coverage: list[Coverage], threshold: float | None) -> list[str]:
    if threshold is None:
        return []
    return [
        f"{file.path}: {file.percent:.1f} % of its lines are evaluated, less than {threshold:g} %"
        for file in coverage
        if file.percent < threshold
    ]


def _lines(sessions: list[Session], prefix: str) -> Iterator[str]:
    for session in sessions:
        failed = [trial for trial in session.trials if not trial.passed]
        for trial in failed:
            yield f"{prefix}{trial.location}: {trial.name} failed in {session.engine}"
            if trial.why:
                yield f"    {trial.why}"
        held = len(session.trials) - len(failed)
        yield f"{session.engine}: {held} of {plural(len(session.trials), 'test')} hold"


def _coverage(coverage: list[Coverage] | None) -> Iterator[str]:
    if coverage is None:
        return
    yield "\ncoverage"
    width = max((len(file.path) for file in coverage), default=0)
    for file in coverage:
        missed = f"  not line {_ranges(file.missed)}" if file.missed else ""
        yield f"  {file.path:<{width}} {file.percent:>5.1f} %{missed}"


def _ranges(lines: tuple[int, ...]) -> str:
    """`3-5, 9`."""
    parts: list[list[int]] = []
    for line in lines:
        if parts and line == parts[-1][-1] + 1:
            parts[-1] = [parts[-1][0], line]
        else:
            parts.append([line, line])
    return ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in parts)


def _document(sessions: list[Session], coverage: list[Coverage] | None) -> dict[str, Any]:
    document: dict[str, Any] = {
        "format": "cdk-stream/policy-tests@1",
        "engines": [
            {
                "engine": session.engine,
                "tests": [
                    {
                        "name": trial.name,
                        "file": trial.location.path,
                        "line": trial.location.line,
                        "passed": trial.passed,
                        **({"why": trial.why} if trial.why else {}),
                    }
                    for trial in session.trials
                ],
            }
            for session in sessions
        ],
    }
    if coverage is not None:
        document["coverage"] = [
            {"file": file.path, "percent": round(file.percent, 1), "missed": list(file.missed)}
            for file in coverage
        ]
    return document
