"""`cdk-stream policy input`: the document that policies see, for tests."""

from __future__ import annotations

import argparse

import orjson

from cdk_stream.cli.options import add_format, add_project_dir, project_root
from cdk_stream.cli.output import write
from cdk_stream.report.json import OPTIONS
from cdk_stream.workflow.judgement import cut, document

FORMATS = ("json",)
ABOUT = """\
Write the document that policies see as `input`: the compiled project, the time, and with --base
what differs and whom it reaches. Put it into a folder fixtures/ beside policies, and tests read it
as data.fixtures.NAME. --node keeps the file small: that node stays, and what is next to it.
"""
EXAMPLES = """\
examples:
  cdk-stream policy input --output policies/fixtures/fraud.json
  cdk-stream policy input --node payments_clean --now 2026-01-31T12:00:00Z
  cdk-stream policy input --base main
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """The options of the verb."""
    add_moment(parser)
    parser.add_argument(
        "--node", metavar="NODE", action="append", default=[], help="keep this node and its next"
    )
    parser.add_argument("--output", metavar="FILE", help="write there instead of to the terminal")
    add_format(parser, FORMATS)
    add_project_dir(parser)


def add_moment(parser: argparse.ArgumentParser) -> None:
    """`--base` and `--now`."""
    parser.add_argument("--base", metavar="REF", help="a branch, tag or commit to compare with")
    parser.add_argument(
        "--now", metavar="TIME", help="the time of the judgement, 2026-01-31T12:00:00Z for instance"
    )


def run(arguments: argparse.Namespace) -> int:
    """Write the document; refuses a project with errors."""
    found = document(project_root(arguments.project_dir), arguments.base, arguments.now)
    whole = orjson.loads(found.text)
    if arguments.node:
        whole = cut(whole, arguments.node)
    write(orjson.dumps(whole, option=OPTIONS).decode(), arguments.output)
    return 0
