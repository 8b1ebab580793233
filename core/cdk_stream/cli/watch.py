"""`cdk-stream watch`: acts on what continuous tests find."""

from __future__ import annotations

import argparse
import os
import sys
import time

import orjson

from cdk_stream.cli.options import add_environment, add_format, add_project_dir, project_root
from cdk_stream.cli.output import write
from cdk_stream.problems import Refused, Usage
from cdk_stream.report.plain import plain
from cdk_stream.report.status_prometheus import violations
from cdk_stream.workflow.react import Done, Watcher

FORMATS = ("text", "json")
ABOUT = """\
Read the violations that the continuous tests of an environment find, and do what their
`on_failure:` says: send alerts to Slack or a webhook, and pause the model, on the record. What one
test finds within five minutes is acted on once. How far the topic was read is committed when all
is done, so that nothing is lost when this is stopped or fails.
"""
EXAMPLES = """\
examples:
  cdk-stream watch --environment prod          until it is stopped; run it as a service
  cdk-stream watch --environment prod --once   what has come, and then end: for cron
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """The options of the verb."""
    add_environment(parser)
    add_format(parser, FORMATS)
    parser.add_argument("--once", action="store_true", help="act on what has come, and end")
    parser.add_argument(
        "--metrics", metavar="FILE", help="count violations there, for Prometheus; not with --once"
    )
    parser.add_argument(
        "--every", metavar="SECONDS", type=_pause, default=5.0, help="how often to look: 5"
    )
    add_project_dir(parser)


def run(arguments: argparse.Namespace) -> int:
    """Act until stopped; with `--once`, 1 when an action failed."""
    watcher = Watcher(project_root(arguments.project_dir), arguments.environment, os.environ)
    if arguments.once and arguments.metrics:
        raise Usage("--metrics counts for as long as this runs\n    leave --once out")
    if arguments.once:
        done = watcher.turn()
        _tell(done, arguments.format)
        return 1 if done.failed else 0
    try:
        while True:
            _turn(watcher, arguments.format, arguments.metrics)
            time.sleep(arguments.every)
    except KeyboardInterrupt:
        return 0


def _turn(watcher: Watcher, form: str, metrics: str | None) -> None:
    """What cannot be reached now may be there the next time."""
    try:
        _tell(watcher.turn(), form)
        if metrics:
            write(violations(watcher.project, watcher.environment, watcher.counts), metrics)
    except Refused as refused:
        sys.stderr.writelines(f"{plain(str(one))}\n" for one in refused.problems)
        sys.stderr.flush()


def _tell(done: Done, form: str) -> None:
    """In JSON a line for each time that there was something."""
    if form == "json":
        if done.told or done.failed:
            write(orjson.dumps({"told": done.told, "failed": done.failed}).decode() + "\n")
        return
    if done.told:
        write("".join(f"{plain(line)}\n" for line in done.told))
    sys.stderr.writelines(f"failed: {plain(line)}\n" for line in done.failed)
    sys.stderr.flush()


def _pause(text: str) -> float:
    found = float(text)
    if not 0.1 <= found <= 3600:
        raise argparse.ArgumentTypeError("write 0.1 to 3600 seconds")
    return found
