"""`cdk-stream graph`: who reads whom."""

from __future__ import annotations

import argparse

from cdk_stream.cli.options import add_format, add_project_dir
from cdk_stream.cli.output import write
from cdk_stream.cli.selection import SELECTORS, add_selection, selected
from cdk_stream.report import graph

FORMATS = tuple(graph.FORMATS)
ABOUT = """\
Draw the project from the applications that produce, over sources and models, to the applications
that consume: as a tree, as JSON (nodes and edges), as a Mermaid flowchart for Markdown, as DOT
for Graphviz, or as GraphML. With selectors, only what they pick and the edges between it.
"""
EXAMPLES = f"""\
examples:
  cdk-stream graph
  cdk-stream graph +fraud_dashboard                 what a dashboard stands on
  cdk-stream graph --format mermaid > graph.mmd
  cdk-stream graph --format dot | dot -Tsvg > graph.svg

{SELECTORS}"""


def configure(parser: argparse.ArgumentParser) -> None:
    """The options of the verb."""
    add_selection(parser)
    add_format(parser, FORMATS)
    add_project_dir(parser)


def run(arguments: argparse.Namespace) -> int:
    """Draw what is selected; everything when nothing is."""
    manifest, chosen = selected(arguments)
    write(graph.FORMATS[arguments.format](manifest, chosen))
    return 0
