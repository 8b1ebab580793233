"""Where a project lies, seen from those who read paths of it."""

from __future__ import annotations

import os
from pathlib import Path


def from_here(root: Path) -> str:
    """What to put before a project's paths so that they open from the current folder.

    Empty when the project is not below it.
    """
    return _below(Path.cwd(), root)


def in_repository(root: Path) -> str:
    """What to put before a project's paths so that they start at the top of its repository."""
    folder = Path(os.path.realpath(root))
    for top in (folder, *folder.parents):
        if os.path.lexists(top / ".git"):
            return _below(top, folder)
    return ""


def _below(top: Path, folder: Path) -> str:
    try:
        relative = Path(os.path.realpath(folder)).relative_to(os.path.realpath(top)).as_posix()
    except ValueError:
        return ""
    return "" if relative == "." else f"{relative}/"
