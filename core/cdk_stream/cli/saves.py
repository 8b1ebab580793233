"""Waits for files of a project to change."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

from cdk_stream.tree import FILES, FOLDERS

_WATCHED = (*FOLDERS, "samples", "functions")
_PAUSE = 0.3

Stamps = dict[str, tuple[int, int]]


def watched(root: Path, pause: float = _PAUSE) -> Iterator[None]:
    """Once at the start, and once after each change, until it is interrupted."""
    try:
        known = stamps(root)
        yield
        while True:
            time.sleep(pause)
            now = stamps(root)
            if now != known:
                known = now
                yield
    except KeyboardInterrupt:
        return


def stamps(root: Path) -> Stamps:
    """What tells that a file changed: path -> time of change and size."""
    found: Stamps = {}
    for name in FILES:
        _add(found, str(root / name))
    for folder in _WATCHED:
        for where, _, names in os.walk(root / folder):
            for name in names:
                _add(found, os.path.join(where, name))
    return found


def _add(found: Stamps, path: str) -> None:
    try:
        told = os.stat(path)
    except OSError:
        return
    found[path] = (told.st_mtime_ns, told.st_size)
