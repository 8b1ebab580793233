"""Where a verb's answer goes."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from cdk_stream.problems import Usage


def write(text: str, path: str | None = None) -> None:
    """Print `text`, or put it into a file; always UTF-8, so that reports mean the same anywhere."""
    content = text.encode("utf-8", "backslashreplace")
    if path is not None:
        write_file(content, path)
    elif hasattr(sys.stdout, "buffer"):
        sys.stdout.flush()
        sys.stdout.buffer.write(content)
    else:
        sys.stdout.write(content.decode())


def write_file(content: bytes, path: str) -> None:
    """Put `content` into a file, its folder made when missing; Usage when that cannot be."""
    try:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        Path(path).write_bytes(content)
    except OSError as error:
        raise Usage(f"'{path}' cannot be written: {error.strerror}") from error


def colour_wanted() -> bool:
    """Whether stdout is a terminal whose owner did not ask for no colour (no-color.org)."""
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return sys.stdout.isatty()
