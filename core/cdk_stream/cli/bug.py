"""What to tell about a bug of our own."""

from __future__ import annotations

import platform
import traceback
from collections.abc import Sequence

from cdk_stream import __version__


def report(arguments: Sequence[str]) -> str:
    """What to paste into an issue about the exception that is being handled."""
    return (
        "cdk-stream: this is a bug of cdk-stream, not a mistake of yours\n"
        "    please report it with the lines below\n\n"
        f"- cdk-stream {__version__}\n"
        f"- Python {platform.python_version()} on {platform.platform()}\n"
        f"- arguments: {' '.join(arguments)}\n\n"
        f"```\n{traceback.format_exc()}```"
    )
