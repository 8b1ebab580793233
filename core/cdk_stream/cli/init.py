"""`cdk-stream init`: a new project that is green at once."""

from __future__ import annotations

import argparse
from pathlib import Path

import orjson

from cdk_stream.cli.options import add_format
from cdk_stream.cli.output import write
from cdk_stream.report.json import OPTIONS
from cdk_stream.report.plain import plain
from cdk_stream.workflow.start import start, templates

FORMATS = ("text", "json")
ABOUT = """\
Make a project in a new folder, with sources, models, sample rows, unit tests, hooks for pre-commit
and workflows for GitHub. It passes check, test and run at once. Nothing that is there is changed:
a folder that holds something is refused.

templates:
  fraud         card payments scored as they come, masks, a sink, a function in Python
  cdc-clean     a table's changes from Debezium, cleaned and counted
  customer-360  all that is known of a customer, joined into one row
  kyc           checks of identities: the newest result, rejections per hour, masked identities
"""
EXAMPLES = """\
examples:
  cdk-stream init shop
  cdk-stream init --template kyc compliance
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """The options of the verb."""
    parser.add_argument("folder", metavar="DIR", help="the folder to make")
    parser.add_argument(
        "--template",
        metavar="NAME",
        default="cdc-clean",
        help=f"what to start from: {', '.join(templates())} (default: cdc-clean)",
    )
    add_format(parser, FORMATS)


def run(arguments: argparse.Namespace) -> int:
    """Make it, and say what comes next."""
    folder = Path(arguments.folder)
    top = start(folder, arguments.template)
    if arguments.format == "json":
        told = {"folder": str(folder), "template": arguments.template, "hooks": top is None}
        write(orjson.dumps(told, option=OPTIONS).decode())
        return 0
    shown = plain(str(folder))
    lines = [f"made {shown.rstrip('/')}/ from the template {arguments.template}"]
    if top is not None:
        lines.append(
            f"it lies in a repository, whose top {plain(str(top))} may want hooks and workflows: "
            "docs/how-to/use-the-hooks.md"
        )
    lines += ["", "next:"]
    if folder.resolve() != Path.cwd():
        lines.append(f"  cd {shown}")
    write("\n".join([*lines, *(f"  cdk-stream {verb}" for verb in ("check", "test", "run")), ""]))
    return 0
