"""`cdk-stream ls`: what a selector picks."""

from __future__ import annotations

import argparse

from cdk_stream.cli.options import add_format, add_project_dir
from cdk_stream.cli.output import write
from cdk_stream.cli.selection import SELECTORS, add_selection, selected
from cdk_stream.report import graph
from cdk_stream.report.plain import plain

FORMATS = ("text", "json")
ABOUT = """\
List the nodes that selectors pick, producers before their readers: one id on each line, or JSON
with what is known of each and the edges between them. Without selectors, everything.
"""
EXAMPLES = f"""\
examples:
  cdk-stream ls                                     everything
  cdk-stream ls payments_clean+                     a model and all that reads it
  cdk-stream ls tag:pii,owner:team-fraud            both must hold
  cdk-stream ls state:modified+ --base main         what my branch touches, and its readers

{SELECTORS}"""


def configure(parser: argparse.ArgumentParser) -> None:
    """The options of the verb."""
    add_selection(parser)
    add_format(parser, FORMATS)
    add_project_dir(parser)


def run(arguments: argparse.Namespace) -> int:
    """List what is selected."""
    manifest, chosen = selected(arguments)
    if arguments.format == "json":
        write(graph.as_json(manifest, chosen))
    else:
        write("".join(f"{plain(node)}\n" for node in chosen))
    return 0
