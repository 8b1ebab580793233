"""`cdk-stream test`: what models make of given rows, and whether assertions hold of samples."""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

import orjson

from cdk_stream.cli.options import add_format, add_project_dir, project_root
from cdk_stream.cli.output import colour_wanted, write
from cdk_stream.cli.place import from_here
from cdk_stream.cli.selection import SELECTORS, add_selection, picked, refuse_broken
from cdk_stream.problems import Usage, near
from cdk_stream.report.json import OPTIONS
from cdk_stream.report.tests import document, text
from cdk_stream.report.tests_junit import render
from cdk_stream.results.outcome import Outcome
from cdk_stream.workflow.asserted import assertion_outcomes
from cdk_stream.workflow.capture import free_name, given_rows, record
from cdk_stream.workflow.compile import Compiled, compile_project
from cdk_stream.workflow.degraded import compared
from cdk_stream.workflow.suite import Units, picked_tests
from cdk_stream.workflow.unit import UnitRunner, unit_tests

NAME = re.compile(r"[A-Za-z_][\w.-]{0,199}")
FORMATS = ("text", "json", "junit")
ABOUT = """\
Run tests on rows, here, without any system. A unit test (`type: unit`) gives rows for what a model
reads and says which rows must come out. Rows that differ are shown below each other.

The assertions of all other tests are held against what the models make of the rows of samples/, and
the rows that break one are shown. What only rows that flow can tell, max_lag for instance, is named
and not judged; a test of severity `warn` fails without failing the run.

With --compare, models are tried as they are and as they were at a commit, on the same rows: 1 when
the number of rows, the share of NULL or the distribution of a column is further apart than
--threshold. It is a gate for what `block_deploy` asks: nothing degraded goes in.

With --record, a unit test is written from sample rows below those of tests/MODEL.yml, whose every
line stays. It holds what the model makes of the rows today: look at it before you commit it.
"""
EXAMPLES = f"""\
examples:
  cdk-stream test                                     all tests
  cdk-stream test card_payments_clean                 those of a model
  cdk-stream test --base main state:modified+         those of what changed, and of its readers
  cdk-stream test --format junit > report.xml
  cdk-stream test --compare main --generate 1000      does anything come out otherwise?
  cdk-stream test --record payments_clean             a test from the rows of samples/
  cdk-stream test --record payments_clean --given payments=bad_day.jsonl --name bad_day

{SELECTORS}"""


def configure(parser: argparse.ArgumentParser) -> None:
    """The options of the verb."""
    add_selection(parser)
    parser.add_argument(
        "--compare", metavar="REF", help="compare what models make with what they made at a commit"
    )
    parser.add_argument(
        "--threshold",
        metavar="SHARE",
        type=float,
        default=0.1,
        help="for --compare, how far apart is too far, from 0 to 1 (default: 0.1)",
    )
    parser.add_argument(
        "--generate",
        metavar="N",
        type=int,
        help="for --compare, make up N rows for every source in place of samples/",
    )
    parser.add_argument(
        "--seed", metavar="S", type=int, default=1, help="another seed makes other rows"
    )
    parser.add_argument("--record", metavar="MODEL", help="write a unit test of MODEL from rows")
    parser.add_argument(
        "--given",
        metavar="[INPUT=]FILE",
        action="append",
        default=[],
        help="for --record, rows of an input (default: those of samples/)",
    )
    parser.add_argument("--name", metavar="NAME", help="for --record, the name of the test")
    parser.add_argument(
        "--limit",
        metavar="N",
        type=int,
        default=20,
        help="for --record, rows to take of each input (default: 20)",
    )
    add_format(parser, FORMATS)
    add_project_dir(parser)


def run(arguments: argparse.Namespace) -> int:
    """Run the tests, and show what came of them; 1 when one fails."""
    _refuse_mixtures(arguments)
    root = project_root(arguments.project_dir)
    compiled = compile_project(root)
    refuse_broken(compiled.compilation)
    units = unit_tests(compiled)
    if arguments.record is not None:
        return _record(root, compiled, units, arguments)
    if arguments.compare is not None:
        outcomes = _compared(root, compiled, arguments)
        _show(root, compiled.project.name, outcomes, arguments.format)
        return 1 if any(one.fails for one in outcomes) else 0
    chosen = picked_tests(
        root, compiled, units, arguments.selectors, arguments.exclude, arguments.base
    )
    runner = UnitRunner(compiled, root)
    outcomes = [runner.run(units[test]) for test in chosen if test in units]
    others = [test for test in chosen if test not in units]
    outcomes += assertion_outcomes(compiled, root, others)
    if not outcomes:
        asked = " ".join(arguments.selectors)
        words = f"'{asked}' selects no test" if asked else "the project has no test"
        print(f"cdk-stream: {words}", file=sys.stderr)
    _show(root, compiled.project.name, outcomes, arguments.format)
    return 1 if any(one.fails for one in outcomes) else 0


def _refuse_mixtures(arguments: argparse.Namespace) -> None:
    if arguments.record is None and (arguments.given or arguments.name):
        raise Usage("--given and --name go with --record MODEL")
    if arguments.compare is None and arguments.generate is not None:
        raise Usage("--generate goes with --compare REF")
    if arguments.record is not None and arguments.compare is not None:
        raise Usage("either --record or --compare")
    if not 0 <= arguments.threshold <= 1:
        raise Usage(f"--threshold is a share from 0 to 1, not {arguments.threshold:g}")
    for name in ("limit", "generate"):
        rows = getattr(arguments, name)
        if rows is not None and rows < 1:
            raise Usage(f"--{name} takes a number of rows, not {rows}")


def _compared(root: Path, compiled: Compiled, arguments: argparse.Namespace) -> list[Outcome]:
    chosen = picked(root, compiled, arguments)
    return compared(
        root,
        compiled,
        arguments.compare,
        [node for node in chosen if node.startswith("model.")],
        threshold=arguments.threshold,
        count=arguments.generate,
        seed=arguments.seed,
    )


def _record(root: Path, compiled: Compiled, units: Units, arguments: argparse.Namespace) -> int:
    names = compiled.bench.names
    model = names.get(arguments.record, "")
    if not model.startswith("model."):
        models = [name for name, node_id in names.items() if node_id.startswith("model.")]
        raise Usage(f"there is no model '{arguments.record}'\n    {near(arguments.record, models)}")
    given = given_rows(compiled, root, model, arguments.given, arguments.limit)
    name = arguments.name or free_name(compiled, units, f"{arguments.record}_makes_rows")
    if f"test.{name}" in units or f"test.{name}" in compiled.compilation.entries:
        raise Usage(f"there is a test '{name}' already")
    if not NAME.fullmatch(name):
        raise Usage(f"'{name}' is no name of a test: letters, digits, '_', '.' and '-'")
    path, outcome = record(compiled, root, model, given, name)
    if outcome.status == "passed":
        write(f"{from_here(root)}{path}: '{name}', which passes\n")
        return 0
    write(text([outcome], from_here(root), colour_wanted()))
    write("nothing is written: the model does not make the same rows each time\n")
    return 1


def _show(root: Path, project: str, outcomes: list[Outcome], format_: str) -> None:
    if format_ == "json":
        write(orjson.dumps(document(outcomes), option=OPTIONS).decode())
    elif format_ == "junit":
        write(render(project, outcomes))
    else:
        write(text(outcomes, from_here(root), colour_wanted()))
