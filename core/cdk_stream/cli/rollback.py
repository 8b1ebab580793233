"""`cdk-stream rollback`: back to what an earlier record was made of."""

from __future__ import annotations

import argparse
import os

from cdk_stream.cli.deploy import carry_out
from cdk_stream.cli.deploying import (
    FORMATS,
    add_break_glass,
    add_choices,
    choices,
)
from cdk_stream.cli.options import add_environment, add_format, add_project_dir, project_root
from cdk_stream.cli.output import colour_wanted, write, write_file
from cdk_stream.report.plan_json import render as as_json
from cdk_stream.report.plan_text import render as as_text
from cdk_stream.workflow.draft import Asked, draft
from cdk_stream.workflow.rollback import find_earlier
from cdk_stream.workflow.site import Place, open_site

ABOUT = """\
Compile the commit of an earlier record from Git, and bring the live systems back to it, with the
same proofs as a deploy. Rows that were written since stay, and so do topics that hold them; what a
job remembers was written by the newer version, and may not restore: the plan says where.
"""
EXAMPLES = """\
examples:
  cdk-stream rollback 12 --environment dev
  cdk-stream rollback 12 --environment prod --out plan.json    then: cdk-stream deploy plan.json
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """The options of the verb."""
    parser.add_argument("to", metavar="TO", help="the serial of a record, or its commit")
    add_environment(parser)
    add_choices(parser)
    parser.add_argument("--out", metavar="FILE", help="only plan, and keep the plan for deploy")
    add_break_glass(parser)
    add_format(parser, FORMATS)
    add_project_dir(parser)


def run(arguments: argparse.Namespace) -> int:
    """Plan or carry out the way back."""
    root = project_root(arguments.project_dir)
    place = find_earlier(root, arguments.environment, arguments.to)
    asked = Asked(choices(arguments), "rollback")
    if arguments.out:
        return _plan(place, asked, arguments.out, as_tool=arguments.format == "json")
    return carry_out(place, asked, arguments)


def _plan(place: Place, asked: Asked, out: str, *, as_tool: bool) -> int:
    site = open_site(place, os.environ, past=True)
    try:
        plan = draft(site, asked).plan
    finally:
        site.close()
    write(as_json(plan) if as_tool else as_text(plan, colour=colour_wanted()))
    write_file(as_json(plan).encode(), out)
    return 1 if any(step.action == "foreign" for step in plan.steps) else 0
