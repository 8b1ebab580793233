"""`cdk-stream plan`: what a deploy would do."""

from __future__ import annotations

import argparse
import importlib
import os

from cdk_stream.cli.deploying import add_choices, choices
from cdk_stream.cli.options import add_environment, add_format, add_project_dir, project_root
from cdk_stream.cli.output import colour_wanted, write, write_file
from cdk_stream.report.plan_json import render as as_json
from cdk_stream.workflow.draft import Asked, draft
from cdk_stream.workflow.site import find_place, open_site

FORMATS = ("text", "json", "markdown")
ABOUT = """\
Compare what the project asks for with the live systems and with the record of the last deploy,
and say what a deploy would do: every step with its reason, its differences and what it may cost,
in the order in which it would be done. Nothing is written to any system.

A commit is planned in a protected environment (HEAD, unless --commit says another), elsewhere the
files as they lie in the folder. A system that cannot be reached refuses the plan.
"""
EXAMPLES = """\
examples:
  cdk-stream plan --environment dev
  cdk-stream plan --environment prod --out plan.json    the plan that deploy carries out
  cdk-stream plan --environment prod --format markdown  for a comment of the pull request
  cdk-stream plan --environment pr-123                  with names of its own
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """The options of the verb."""
    add_environment(parser)
    parser.add_argument("--commit", metavar="REF", help="that commit, not the folder")
    add_choices(parser)
    add_format(parser, FORMATS)
    parser.add_argument("--out", metavar="FILE", help="keep the plan, as JSON, for deploy")
    add_project_dir(parser)


def run(arguments: argparse.Namespace) -> int:
    """Show the plan; 1 when somebody else's resource is in its way."""
    root = project_root(arguments.project_dir)
    place = find_place(root, arguments.environment, arguments.commit)
    site = open_site(place, os.environ)
    try:
        plan = draft(site, Asked(choices(arguments))).plan
    finally:
        site.close()
    renderer = importlib.import_module(f"cdk_stream.report.plan_{arguments.format}")
    write(site.secrets.mask(renderer.render(plan, colour=colour_wanted())))
    if arguments.out:
        write_file(as_json(plan).encode(), arguments.out)
    return 1 if any(step.action == "foreign" for step in plan.steps) else 0
