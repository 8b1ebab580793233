"""`cdk-stream lineage`: where a column comes from and where it goes."""

from __future__ import annotations

import argparse

import orjson

from cdk_stream.cli.names import find_column
from cdk_stream.cli.options import add_format, add_project_dir, project_root
from cdk_stream.cli.output import write
from cdk_stream.cli.selection import refuse_broken
from cdk_stream.report.json import OPTIONS
from cdk_stream.report.lineage import document, lineage, text
from cdk_stream.workflow import compile as workflow

FORMATS = ("text", "json")
ABOUT = """\
Follow a column both ways: the columns its values are made of, back to the sources, and the
columns and applications that its values reach. Each step says how: identity, transformation,
aggregation, count, mask or conditional. Columns that only decide which rows come out, by a filter
or a join, are listed apart.
"""
EXAMPLES = """\
examples:
  cdk-stream lineage payments_clean.amount_cents
  cdk-stream lineage source.customers.national_id --format json
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """The options of the verb."""
    parser.add_argument("column", metavar="MODEL.COLUMN", help="a column of a model or source")
    add_format(parser, FORMATS)
    add_project_dir(parser)


def run(arguments: argparse.Namespace) -> int:
    """Show the lineage."""
    compiled = workflow.compile_project(project_root(arguments.project_dir))
    refuse_broken(compiled.compilation)
    manifest = compiled.manifest
    found = lineage(manifest, find_column(manifest.nodes, arguments.column))
    if arguments.format == "json":
        write(orjson.dumps(document(manifest, found), option=OPTIONS).decode())
    else:
        write(text(manifest, found))
    return 0
