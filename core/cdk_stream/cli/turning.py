"""What `pause` and `resume` share."""

from __future__ import annotations

import argparse
import os

import orjson

from cdk_stream.cli.options import add_environment, add_format, add_project_dir, project_root
from cdk_stream.cli.output import write
from cdk_stream.problems import Usage
from cdk_stream.report.plain import plain
from cdk_stream.results.record import Record
from cdk_stream.workflow.deploy import who
from cdk_stream.workflow.pause import Order, Turn, turn
from cdk_stream.workflow.status import open_deployed

FORMATS = ("text", "json")


def configure_turn(parser: argparse.ArgumentParser) -> None:
    """The model, where, and how to answer."""
    parser.add_argument("model", metavar="MODEL", help="a model that is deployed")
    add_environment(parser)
    add_format(parser, FORMATS)
    add_project_dir(parser)


def take_turn(arguments: argparse.Namespace, which: Turn, reason: str = "") -> int:
    """Turn the model, and show what turned."""
    if which == "pause" and not reason.strip():
        raise Usage("--reason is empty\n    say why, for the record")
    root = project_root(arguments.project_dir)
    order = Order(which, arguments.model.removeprefix("model."), who(os.environ), reason.strip())
    site = open_deployed(root, arguments.environment, os.environ)
    try:
        record = turn(site, order)
    finally:
        site.close()
    write(_json(record) if arguments.format == "json" else _text(record))
    return 0


def _text(record: Record) -> str:
    lines = [f"{one.action}d {plain(one.id)}" for one in record.steps]
    return "\n".join([*lines, f"record {record.serial} of '{plain(record.environment)}'"]) + "\n"


def _json(record: Record) -> str:
    steps = [{"id": one.id, "action": one.action, "result": one.result} for one in record.steps]
    document = {"serial": record.serial, "environment": record.environment, "steps": steps}
    return orjson.dumps(document, option=orjson.OPT_INDENT_2).decode() + "\n"
