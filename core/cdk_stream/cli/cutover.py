"""`cdk-stream cutover`: from one version of a model to another."""

from __future__ import annotations

import argparse
import os

import orjson

from cdk_stream.cli.options import add_environment, add_format, add_project_dir, project_root
from cdk_stream.cli.output import write
from cdk_stream.problems import Usage
from cdk_stream.report.plain import plain
from cdk_stream.results.cutover import Cutover
from cdk_stream.results.record import Record
from cdk_stream.workflow.cutover import Asked, cutover, retire
from cdk_stream.workflow.deploy import who
from cdk_stream.workflow.status import open_deployed

FORMATS = ("text", "json")
ABOUT = """\
Look at two deployed versions of a model on the live systems. NEW may take over once its job runs
and it is where OLD is: in each topic that both read, at most --max-lag rows behind. OLD may retire
once, besides, no model or exposure of the project and no consumer group of the brokers reads it.

With --retire, that is written on the record: a deploy of a project without OLD then deletes its
topic and schema without being asked by name, unless somebody has begun to read it again.
"""
EXAMPLES = """\
examples:
  cdk-stream cutover payments payments_v2 --environment prod            may readers move?
  cdk-stream cutover payments payments_v2 --environment prod --retire "all have moved"
  cdk-stream cutover payments payments_v2 --environment prod --gone old-batch-job
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """The options of the verb."""
    parser.add_argument("old", metavar="OLD", help="the model that readers leave")
    parser.add_argument("new", metavar="NEW", help="the model that they go to")
    add_environment(parser)
    parser.add_argument(
        "--max-lag", metavar="ROWS", type=int, default=100,
        help="rows that NEW may be behind OLD, in each topic that both read (default: 100)",
    )  # fmt: skip
    parser.add_argument(
        "--gone", metavar="GROUP", action="append", default=[],
        help="a consumer group without members that never comes back; may be repeated",
    )  # fmt: skip
    parser.add_argument("--retire", metavar="REASON", help="let OLD go, and say why")
    add_format(parser, FORMATS)
    add_project_dir(parser)


def run(arguments: argparse.Namespace) -> int:
    """Show what was seen; 1 unless NEW may take over, or with --retire, OLD may go."""
    if arguments.retire is not None and not arguments.retire.strip():
        raise Usage("--retire is empty\n    say why, for the record")
    if arguments.max_lag < 0:
        raise Usage("--max-lag is below 0")
    asked = Asked(
        arguments.old.removeprefix("model."),
        arguments.new.removeprefix("model."),
        arguments.max_lag,
        tuple(arguments.gone),
    )
    root = project_root(arguments.project_dir)
    site = open_deployed(root, arguments.environment, os.environ)
    record: Record | None = None
    try:
        if arguments.retire is None:
            found = cutover(site, asked)
        else:
            found, record = retire(site, asked, who(os.environ), arguments.retire.strip())
    finally:
        site.close()
    write(_json(found, record) if arguments.format == "json" else _text(found, record))
    fine = found.may_take_over if arguments.retire is None else record is not None
    return 0 if fine else 1


def _text(found: Cutover, record: Record | None) -> str:
    old, new = (plain(node.removeprefix("model.")) for node in (found.old, found.new))
    lines = [f"'{new}' may {'' if found.may_take_over else 'not '}take over from '{old}'"]
    lines += [f"  {plain(one)}" for one in found.behind]
    lines += [
        f"  in '{plain(one.topic)}': {_rows(one.new)} to read, '{old}' has {_rows(one.old)}"
        for one in found.inputs
    ]
    lines.append(f"'{old}' may {'' if found.may_retire else 'not '}retire")
    lines += [f"  read by {plain(one)}" for one in found.declared]
    lines += [f"  read by the consumer group '{plain(one)}'" for one in found.live]
    if record is not None:
        lines.append(f"record {record.serial} of '{plain(record.environment)}' lets it go")
    return "\n".join(lines) + "\n"


def _rows(count: int | None) -> str:
    return "an unknown number of rows" if count is None else f"{count} rows"


def _json(found: Cutover, record: Record | None) -> str:
    document = {
        "old": found.old,
        "new": found.new,
        "may_take_over": found.may_take_over,
        "may_retire": found.may_retire,
        "behind": list(found.behind),
        "declared": list(found.declared),
        "live": list(found.live),
        "inputs": [{"topic": one.topic, "old": one.old, "new": one.new} for one in found.inputs],
        "record": record.serial if record is not None else None,
    }
    return orjson.dumps(document, option=orjson.OPT_INDENT_2).decode() + "\n"
