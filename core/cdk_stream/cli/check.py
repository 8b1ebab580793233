"""`cdk-stream check`: the verdict."""

from __future__ import annotations

import argparse
import importlib
import sys
from pathlib import Path

from cdk_stream.cli.options import add_format, add_project_dir, project_root
from cdk_stream.cli.output import colour_wanted, write
from cdk_stream.cli.place import from_here, in_repository
from cdk_stream.problems import Refused, Usage
from cdk_stream.report.finding import findings
from cdk_stream.report.frame import Frame
from cdk_stream.report.plain import plain
from cdk_stream.report.summary import headline
from cdk_stream.results.verdict import Verdict
from cdk_stream.workflow import check as workflow

FORMATS = ("text", "json", "markdown", "github", "sarif", "junit")
ABOUT = """\
Compile the project and ask every policy about it. With --base, compile that version as well
(from Git, without a checkout) and say what changed, how dangerous each change is, and which
applications it reaches, with their owners and the promises at risk.

Errors and denials refuse the project. Warnings do not, unless --strict is given. An approval
that a policy asks for is told, and refuses nothing here: whoever merges must see to it.
"""
EXAMPLES = """\
examples:
  cdk-stream check                                  the project as it lies on disk
  cdk-stream check --base main                      ... and what differs from where it left main
  cdk-stream check --base main --format markdown    a comment for the pull request
  cdk-stream check --format sarif --output out.sarif
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """The options of the verb."""
    parser.add_argument(
        "--base",
        metavar="REF",
        help="a branch, tag or commit to compare with, at the point where this branch left it",
    )
    parser.add_argument("--strict", action="store_true", help="warnings refuse as errors do")
    add_format(parser, FORMATS)
    parser.add_argument("--output", metavar="FILE", help="write there instead of to the terminal")
    add_project_dir(parser)


def run(arguments: argparse.Namespace) -> int:
    """Show the verdict; 1 when it refuses."""
    root = project_root(arguments.project_dir)
    if arguments.base == "":  # an unset variable of a script must not turn the comparison off
        raise Usage("--base is empty\n    name a branch, tag or commit, or leave it out")
    verdict = _judge(root, arguments.base)
    frame = _frame(root, arguments)
    renderer = importlib.import_module(f"cdk_stream.report.{arguments.format}")
    write(renderer.render(verdict, frame), arguments.output)
    if arguments.output:
        words = headline(verdict, findings(verdict, frame), frame)
        print(f"project {plain(verdict.project)} {words}", file=sys.stderr)
    return 0 if verdict.passed(arguments.strict) else 1


def _judge(root: Path, base: str | None) -> Verdict:
    """A project that does not even load gets a verdict too: the reader asked for a format."""
    try:
        return workflow.check(root, base)
    except Refused as refused:
        return Verdict(root.resolve().name, refused.problems)


def _frame(root: Path, arguments: argparse.Namespace) -> Frame:
    if arguments.format == "text":
        colour = arguments.output is None and colour_wanted()
        return Frame(arguments.strict, from_here(root), colour)
    return Frame(arguments.strict, in_repository(root))
