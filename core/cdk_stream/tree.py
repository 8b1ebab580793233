"""The files of a project at one version: a folder, a commit, or what is staged."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

FOLDERS = ("sources", "models", "tests", "exposures", "schemas", "policies", "state")
SUFFIXES = (".yml", ".yaml", ".sql", ".avsc", ".json", ".proto", ".rego")
PROJECT_FILE = "stream_project.yml"
WAIVERS_FILE = "waivers.yml"
FILES = (PROJECT_FILE, WAIVERS_FILE)
"""What may lie in the project's own folder; everything else lies in one of `FOLDERS`."""
MAX_BYTES = 4 * 1024 * 1024
"""A project's file may be this large; a person wrote it."""

_SETTLED_NS = 20_000_000


class Tree(Protocol):
    """Read-only files of a project; paths are POSIX and relative to the project's folder."""

    @property
    def name(self) -> str:
        """For messages: "the working tree", "commit 1a2b3c4"."""
        ...

    def files(self) -> dict[str, str]:
        """Path -> Git blob id of every file that can belong to a project (see `belongs`)."""
        ...

    def links(self) -> frozenset[str]:
        """Paths among them that are symbolic links; they are refused, not followed."""
        ...

    def read(self, paths: Iterable[str]) -> dict[str, bytes]:
        """The contents of these files, at most `MAX_BYTES + 1` bytes of each."""
        ...


def belongs(path: str) -> bool:
    """Whether a path can be part of a project: one of its own files, or a known kind of file."""
    if path in FILES:
        return True
    folder, _, rest = path.partition("/")
    return folder in FOLDERS and path.endswith(SUFFIXES) and "/." not in f"/{rest}"


def blob_id(content: bytes) -> str:
    """The id that Git gives a file with this content."""
    return hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()


Stamp = Sequence[Any]
"""What a file looked like when its content was last read: mtime_ns, ctime_ns, size, blob id."""


class WorkTree:
    """A folder as it lies on disk; `known` spares reading what has not changed since."""

    name = "the working tree"

    def __init__(self, root: Path, known: Mapping[str, Stamp] | None = None) -> None:
        self._root = str(root)
        self._known = known or {}
        self._links: set[str] = set()
        self._contents: dict[str, bytes] = {}
        self.stamps: dict[str, Stamp] = {}
        self._files: dict[str, str] | None = None

    def files(self) -> dict[str, str]:
        if self._files is None:
            self._scan()
            self._files = {path: stamp[3] for path, stamp in self.stamps.items()}
        return self._files

    def links(self) -> frozenset[str]:
        self.files()
        return frozenset(self._links)

    def read(self, paths: Iterable[str]) -> dict[str, bytes]:
        found = {}
        for path in paths:
            content = self._contents.pop(path, None)
            found[path] = self._read(path) if content is None else content
        return found

    def _scan(self) -> None:
        settled = time.time_ns() - _SETTLED_NS
        pending = [folder for folder in FOLDERS if os.path.isdir(f"{self._root}/{folder}")]
        for path in FILES:
            if os.path.lexists(f"{self._root}/{path}"):
                self._own(path, settled)
        for folder in pending:
            if os.path.islink(f"{self._root}/{folder}"):
                self._links.add(folder)
                continue
            with os.scandir(f"{self._root}/{folder}") as entries:
                for entry in entries:
                    self._visit(f"{folder}/{entry.name}", entry, pending, settled)

    def _own(self, path: str, settled: int) -> None:
        full = f"{self._root}/{path}"
        if path != PROJECT_FILE and not (os.path.isfile(full) and not os.path.islink(full)):
            self._links.add(path)
        else:
            self._stamp(path, os.lstat(full), settled)

    def _visit(self, path: str, entry: os.DirEntry[str], pending: list[str], settled: int) -> None:
        if entry.name[0] == ".":
            return
        if entry.is_symlink():
            self._links.add(path)
        elif entry.is_dir():
            pending.append(path)
        elif entry.name.endswith(SUFFIXES) and entry.is_file():
            self._stamp(path, entry.stat(follow_symlinks=False), settled)

    def _stamp(self, path: str, status: os.stat_result, settled: int) -> None:
        known = self._known.get(path)
        if (
            known
            and known[0] == status.st_mtime_ns
            and known[1] == status.st_ctime_ns
            and known[2] == status.st_size
        ):
            self.stamps[path] = known
            return
        content = self._contents[path] = self._read(path)
        # A file touched this moment may change again within one tick of the clock: look anew.
        mtime = status.st_mtime_ns if status.st_mtime_ns < settled else 0
        self.stamps[path] = [mtime, status.st_ctime_ns, status.st_size, blob_id(content)]

    def _read(self, path: str) -> bytes:
        with open(f"{self._root}/{path}", "rb") as file:
            return file.read(MAX_BYTES + 1)
