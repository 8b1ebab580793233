"""A glance at a folder: has anything changed since the last run? Imports next to nothing."""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from cdk_stream.tree import WorkTree

FORMAT = 1
Watched = list[list[Any]]
"""[path, mtime_ns, size] of everything outside the project that its compilation depends on."""
TARGET = "target"


def cache_folder(root: Path) -> Path:
    """The folder that remembers the project at `root`; the user's own, never the project's."""
    name = hashlib.sha256(str(root).encode()).hexdigest()[:24]
    return Path(cache_base()) / name


def cache_base() -> str:
    """The folder that everything remembered lies in."""
    return os.environ.get("CDK_STREAM_CACHE") or os.path.join(
        os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"), "cdk-stream"
    )


class Glance:
    """The small part of what is remembered of a folder; what cannot be read is not remembered."""

    def __init__(self, root: Path, *, forget: bool = False) -> None:
        self.folder = str(cache_folder(root))
        self._root = str(root)
        found = {} if forget else read_json(f"{self.folder}/glance.json")
        if found.get("tool") != _tool() or not _unchanged(found.get("watched")):
            found = {}
        self.data: dict[str, Any] = found
        self.tree = WorkTree(root, self.data.get("stamps", {}))

    def target_stamp(self) -> list[int]:
        """How the target's manifest looks: equal to an earlier stamp when nobody touched it."""
        try:
            status = os.stat(f"{self._root}/{TARGET}/manifest.json")
        except OSError:
            return []
        return [status.st_mtime_ns, status.st_size]

    @property
    def in_step(self) -> bool:
        """The target folder holds what was last written there."""
        stamp = self.data.get("target")
        return bool(stamp) and stamp == self.target_stamp()

    def summary(self, *, write: bool) -> dict[str, Any] | None:
        """The last run's summary, when running again would only repeat it."""
        data = self.data
        if not data or (write and (not self.in_step or data["pending"])):
            return None
        self.tree.files()
        if self.tree.stamps != data["stamps"] or self.tree.links():
            return None
        summary: dict[str, Any] = data["summary"]
        return summary

    def keep(self, data: dict[str, Any]) -> None:
        """Remember the tree's stamps, the tool's files and `data`; raises OSError."""
        content = {
            "tool": _tool(),
            "stamps": self.tree.stamps,
            "watched": watch(tool_files()),
            **data,
        }
        write(f"{self.folder}/glance.json", json.dumps(content, separators=(",", ":")).encode())


def _tool() -> list[Any]:
    """What remembers: the same cache serves every version that is installed anywhere."""
    return [FORMAT, sys.version, sys.prefix, __file__]


def _unchanged(watched: Watched | None) -> bool:
    return bool(watched) and watched == watch(item[0] for item in watched or ())


def watch(paths: Iterable[str]) -> Watched:
    """How these files and folders look now."""
    watched: Watched = []
    for path in paths:
        try:
            status = os.stat(path)
        except OSError:
            continue
        watched.append([path, status.st_mtime_ns, status.st_size])
    return watched


def tool_files() -> list[str]:
    """The folders that packages are installed in, and every loaded file of the tool and plugins."""
    folders = {path for path in sys.path if path and os.path.isdir(path)}
    loaded = (
        getattr(module, "__file__", None)
        for name, module in list(sys.modules.items())
        if name.startswith("cdk_stream")
    )
    return sorted(folders.union(file for file in loaded if file))


def read_json(path: str) -> dict[str, Any]:
    try:
        found = json.loads(read_bytes(path) or b"{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def read_bytes(path: str) -> bytes:
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError:
        return b""


def write(path: str, content: bytes) -> None:
    part = f"{path}.{os.getpid()}"
    with open(part, "wb") as file:
        file.write(content)
    os.replace(part, path)
