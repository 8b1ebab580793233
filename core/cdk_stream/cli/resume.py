"""`cdk-stream resume`: a paused model goes on."""

from __future__ import annotations

import argparse

from cdk_stream.cli.turning import configure_turn, take_turn

ABOUT = """\
Start the job of a paused model from the savepoint that it was stopped with, and its connectors
after it. The rows that waited are read now: none is lost, none is read twice.
"""
EXAMPLES = """\
examples:
  cdk-stream resume card_payments_fraud_events --environment prod
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """The options of the verb."""
    configure_turn(parser)


def run(arguments: argparse.Namespace) -> int:
    """Let it go on, and say what does."""
    return take_turn(arguments, "resume")
