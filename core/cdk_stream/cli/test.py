"""`cdk-stream test`: what models make of given rows, and whether assertions hold of samples."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import orjson

from cdk_stream.cli.options import add_format, add_project_dir, project_root
from cdk_stream.cli.output import colour_wanted, write
from cdk_stream.cli.place import from_here
from cdk_stream.cli.selection import SELECTORS, add_selection, refuse_broken
from cdk_stream.report.json import OPTIONS
from cdk_stream.report.tests import document, text
from cdk_stream.report.tests_junit import render
from cdk_stream.results.outcome import Outcome
from cdk_stream.workflow.compile import compile_project
from cdk_stream.workflow.suite import picked_tests
from cdk_stream.workflow.unit import UnitRunner, unit_tests

FORMATS = ("text", "json", "junit")
ABOUT = """\
Run tests on rows, here, without any system. A unit test (`type: unit`) gives rows for what a model
reads and says which rows must come out. Rows that differ are shown below each other.
"""
EXAMPLES = f"""\
examples:
  cdk-stream test                                     all tests
  cdk-stream test card_payments_clean                 those of a model
  cdk-stream test --base main state:modified+         those of what changed, and of its readers
  cdk-stream test --format junit > report.xml

{SELECTORS}"""


def configure(parser: argparse.ArgumentParser) -> None:
    """The options of the verb."""
    add_selection(parser)
    add_format(parser, FORMATS)
    add_project_dir(parser)


def run(arguments: argparse.Namespace) -> int:
    """Run the tests, and show what came of them; 1 when one fails."""
    root = project_root(arguments.project_dir)
    compiled = compile_project(root)
    refuse_broken(compiled.compilation)
    units = unit_tests(compiled)
    chosen = picked_tests(
        root, compiled, units, arguments.selectors, arguments.exclude, arguments.base
    )
    runner = UnitRunner(compiled, root)
    outcomes = [runner.run(units[test]) for test in chosen if test in units]
    if not outcomes:
        asked = " ".join(arguments.selectors)
        words = f"'{asked}' selects no test" if asked else "the project has no test"
        print(f"cdk-stream: {words}", file=sys.stderr)
    _show(root, compiled.project.name, outcomes, arguments.format)
    return 1 if any(one.fails for one in outcomes) else 0


def _show(root: Path, project: str, outcomes: list[Outcome], format_: str) -> None:
    if format_ == "json":
        write(orjson.dumps(document(outcomes), option=OPTIONS).decode())
    elif format_ == "junit":
        write(render(project, outcomes))
    else:
        write(text(outcomes, from_here(root), colour_wanted()))
