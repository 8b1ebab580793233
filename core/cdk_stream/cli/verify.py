"""`cdk-stream verify`: what a real planner says."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

import orjson

from cdk_stream.cli.options import add_format, add_project_dir, project_root
from cdk_stream.cli.output import colour_wanted, write
from cdk_stream.cli.place import from_here
from cdk_stream.cli.selection import SELECTORS
from cdk_stream.problems import Severity
from cdk_stream.report.colour import paint
from cdk_stream.report.data import problem_document
from cdk_stream.report.finding import problem_findings
from cdk_stream.report.frame import Frame
from cdk_stream.report.json import OPTIONS
from cdk_stream.report.plain import plain
from cdk_stream.report.text import problem_lines
from cdk_stream.report.words import plural
from cdk_stream.workflow.verify import Verified, verify

FORMATS = ("text", "json")
ABOUT = """\
Ask a real planner whether it takes what was compiled. Every generated Flink script that is
picked is run up to its INSERT in a session of Flink's SQL Gateway; the INSERT is explained and
compiled to a plan, and never started. Neither a JobManager nor Kafka is needed. What the planner
refuses is told at the line of the model that it is about.

A planner that cannot be reached refuses as well.
"""
EXAMPLES = f"""\
examples:
  cdk-stream verify                          every model
  cdk-stream verify --base main              those whose scripts differ from main
  cdk-stream verify +fraud_events            a model and all that it reads
  cdk-stream verify --sql-gateway http://localhost:8083
  cdk-stream verify --sql-gateway embedded   with PyFlink, in this process

{SELECTORS}"""


def configure(parser: argparse.ArgumentParser) -> None:
    """The options of the verb."""
    parser.add_argument("selectors", metavar="SELECTOR", nargs="*", help="what to pick; see below")
    parser.add_argument(
        "--exclude", metavar="SELECTOR", action="append", default=[], help="what to leave out again"
    )
    parser.add_argument(
        "--base", metavar="REF", help="only models for which something else is made than at REF"
    )
    parser.add_argument(
        "--sql-gateway",
        metavar="URL",
        help="the planner to ask, or `embedded` (default: each cluster's `flink: sql_gateway:`)",
    )
    parser.add_argument("--strict", action="store_true", help="warnings refuse as errors do")
    add_format(parser, FORMATS)
    add_project_dir(parser)


def run(arguments: argparse.Namespace) -> int:
    """Show what was answered; 1 when a planner refuses, or none answers."""
    root = project_root(arguments.project_dir)
    addresses = {"sql_gateway": arguments.sql_gateway} if arguments.sql_gateway else {}
    verified = verify(root, arguments.selectors, arguments.exclude, arguments.base, addresses)
    passed = verified.passed(arguments.strict)
    if arguments.format == "json":
        write(orjson.dumps(_document(verified, passed), option=OPTIONS).decode())
    else:
        frame = Frame(arguments.strict, from_here(root), colour_wanted())
        write("\n".join(_lines(verified, passed, frame)) + "\n")
    return 0 if passed else 1


def _document(verified: Verified, passed: bool) -> dict[str, object]:
    return {
        "format": "cdk-stream/verification@1",
        "project": verified.project,
        "passed": passed,
        "asked": dict(verified.asked),
        "unasked": list(verified.unasked),
        "problems": [problem_document(problem) for problem in verified.problems],
    }


def _lines(verified: Verified, passed: bool, frame: Frame) -> Iterator[str]:
    found = problem_findings(verified.problems, frame)
    if found:
        yield from problem_lines(found, frame)
        yield ""
    outcome = ("verified", "green") if passed else ("refused", "red")
    word = paint(*outcome, frame.colour)
    yield f"project {plain(verified.project)} {word}{_levels(verified)}"
    for by in sorted(set(verified.asked.values())):
        count = list(verified.asked.values()).count(by)
        yield f"{plural(count, 'model')} planned by {plain(by)}"
    if verified.unasked:
        yield f"{plural(len(verified.unasked), 'model')} without a planner to ask"


def _levels(verified: Verified) -> str:
    told = [problem.severity for problem in verified.problems]
    return "".join(
        f", {plural(told.count(level), level.value)}" for level in Severity if level in told
    )
