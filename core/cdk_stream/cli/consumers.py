"""`--consumers FILE|live`: who reads topics right now."""

from __future__ import annotations

import argparse
import importlib
import os
from pathlib import Path

from cdk_stream.problems import Usage
from cdk_stream.results.consumer import LiveGroups

LIVE = "live"


def add_consumers(parser: argparse.ArgumentParser) -> None:
    """The option."""
    parser.add_argument(
        "--consumers",
        metavar="FILE|live",
        help="also tell which live consumer groups read what changes without being "
        "declared; FILE is JSON, CSV or the output of kafka-consumer-groups.sh, 'live' asks Kafka",
    )


def consumers_of(arguments: argparse.Namespace, root: Path) -> LiveGroups | None:
    """What the option names; None without it."""
    if arguments.consumers is None:
        return None
    if not arguments.consumers:
        raise Usage("--consumers is empty\n    name a file, or 'live', or leave it out")
    workflow = importlib.import_module("cdk_stream.workflow.consumers")
    found: LiveGroups
    if arguments.consumers == LIVE:
        found = workflow.live_groups(root, os.environ)
    else:
        path = Path(arguments.consumers)
        found = LiveGroups(workflow.read_groups(path), path.name)
    return found
