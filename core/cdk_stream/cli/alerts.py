"""`cdk-stream alerts`: rules by which Prometheus wakes somebody."""

from __future__ import annotations

import argparse

from cdk_stream.cli.options import add_environment, add_format, add_project_dir, project_root
from cdk_stream.cli.output import write
from cdk_stream.problems import Refused
from cdk_stream.report.alert_rules import render
from cdk_stream.workflow.compile import compile_tree
from cdk_stream.workflow.site import find_place

FORMATS = ("prometheus",)
ABOUT = """\
Write alert rules for Prometheus from what the project says: a rule for each consumer group with
`max_lag_messages` or `max_lag_seconds`, one for each continuous test, and two for the whole: what
is deployed is not fine, and nobody measures any more. They read what
`cdk-stream status --format prometheus` and `cdk-stream watch --metrics` write.
"""
EXAMPLES = """\
examples:
  cdk-stream alerts --environment prod --output /etc/prometheus/rules/fraud.yml
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """The options of the verb."""
    add_environment(parser)
    add_format(parser, FORMATS)
    parser.add_argument("--output", metavar="FILE", help="write there instead of to the terminal")
    add_project_dir(parser)


def run(arguments: argparse.Namespace) -> int:
    """Write the rules of the version that would be deployed."""
    place = find_place(project_root(arguments.project_dir), arguments.environment)
    compiled = compile_tree(place.tree)
    if not compiled.compilation.ok:
        raise Refused(compiled.compilation.problems)
    name = compiled.project.name.removeprefix(place.prefix)
    write(render(compiled.manifest, name, place.name), arguments.output)
    return 0
