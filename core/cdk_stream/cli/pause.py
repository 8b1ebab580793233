"""`cdk-stream pause`: a model and what writes it elsewhere come to rest."""

from __future__ import annotations

import argparse

from cdk_stream.cli.turning import configure_turn, take_turn

ABOUT = """\
Stop the job of a deployed model with a savepoint, and pause the connectors that write its rows
elsewhere: those first, so that nothing half-done goes out. No row is lost; they wait in their
topics. Who did it and why stands in the record, and deploys leave it at rest until `resume` or
until the model itself is changed.
"""
EXAMPLES = """\
examples:
  cdk-stream pause card_payments_fraud_events --environment prod --reason "INC-812: wrong scores"
  cdk-stream status --environment prod         says what rests, since when, and why
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """The options of the verb."""
    configure_turn(parser)
    parser.add_argument("--reason", metavar="TEXT", required=True, help="why, for the record")


def run(arguments: argparse.Namespace) -> int:
    """Let it rest, and say what did."""
    return take_turn(arguments, "pause", arguments.reason)
