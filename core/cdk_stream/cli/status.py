"""`cdk-stream status`: how a deployed project fares."""

from __future__ import annotations

import argparse
import importlib
import os

from cdk_stream.cli.options import add_environment, add_format, add_project_dir, project_root
from cdk_stream.cli.output import colour_wanted, write
from cdk_stream.workflow.status import status

FORMATS = ("text", "json", "prometheus")
ABOUT = """\
Look at everything that the record of an environment says is deployed: whether it is there and as it
was left, whether its jobs and connectors run, and how far the applications that name their
consumer group are behind, against `max_lag_messages` and `max_lag_seconds` of their
`consumer_config`. Nothing is written to any system.

Whatever fails, is missing, was changed by hand or is late makes the exit code 1. What somebody
paused is fine.
"""
EXAMPLES = """\
examples:
  cdk-stream status --environment prod
  cdk-stream status --environment prod --format prometheus --output /var/lib/node/cdk.prom
  cdk-stream status --environment prod --format json | jq '.readers[] | select(.late != "")'
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """The options of the verb."""
    add_environment(parser)
    add_format(parser, FORMATS)
    parser.add_argument("--output", metavar="FILE", help="write there instead of to the terminal")
    add_project_dir(parser)


def run(arguments: argparse.Namespace) -> int:
    """Show the status; 1 unless all is fine."""
    found = status(project_root(arguments.project_dir), arguments.environment, os.environ)
    renderer = importlib.import_module(f"cdk_stream.report.status_{arguments.format}")
    colour = arguments.output is None and colour_wanted()
    write(renderer.render(found, colour=colour), arguments.output)
    return 0 if found.fine else 1
