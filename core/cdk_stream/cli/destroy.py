"""`cdk-stream destroy`: takes an environment down."""

from __future__ import annotations

import argparse

from cdk_stream.cli.deploy import carry_out
from cdk_stream.cli.deploying import FORMATS
from cdk_stream.cli.options import add_environment, add_format, add_project_dir, project_root
from cdk_stream.problems import Location, Problem, Refused, Usage
from cdk_stream.stages.plan.judge import Choices
from cdk_stream.tree import PROJECT_FILE
from cdk_stream.workflow.draft import Asked
from cdk_stream.workflow.site import find_place

ABOUT = """\
Delete what the record of an ephemeral environment owns, with the rows it holds: readers before
what feeds them. What was there before the environment stays.
"""
EXAMPLES = """\
examples:
  cdk-stream destroy --environment pr-123    when the pull request is closed
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """The options of the verb."""
    add_environment(parser)
    add_format(parser, FORMATS)
    add_project_dir(parser)


def run(arguments: argparse.Namespace) -> int:
    """Take it down; 1 when something is left that should be gone."""
    root = project_root(arguments.project_dir)
    if not arguments.environment:
        raise Usage("say which environment: --environment pr-123")
    place = find_place(root, arguments.environment)
    if not place.environment.ephemeral:
        message = f"'{place.name}' is not ephemeral: it is not taken down as a whole"
        mend = "take its models out, and deploy with --delete KEY for what holds rows"
        raise Refused([Problem(Location(PROJECT_FILE), "CS842", message, mend)])
    return carry_out(place, Asked(Choices(delete_own=True), "destroy"), arguments)
