"""The files of a project in a commit or in the index, read from Git's objects."""

from __future__ import annotations

import os
from collections.abc import Iterable

from cdk_stream.git.command import read_blobs, run_git
from cdk_stream.problems import Usage
from cdk_stream.tree import FILES, FOLDERS, MAX_BYTES, belongs

_REGULAR = ("100644", "100755", "100664")


class _Objects:
    """Files by path and blob id; contents come in one batch."""

    def __init__(self, directory: str, name: str, entries: Iterable[tuple[str, str, str]]) -> None:
        self._directory = directory
        self.name = name
        self._files: dict[str, str] = {}
        links = set()
        for mode, blob, path in entries:
            if mode not in _REGULAR:
                links.add(path)
            elif belongs(path):
                self._files[path] = blob
        self._links = frozenset(path for path in links if _in_project(path))

    def files(self) -> dict[str, str]:
        """Path -> blob id of every file that can belong to a project."""
        return self._files

    def links(self) -> frozenset[str]:
        """Paths of symbolic links and submodules: their content lies outside of the tree."""
        return self._links

    def read(self, paths: Iterable[str]) -> dict[str, bytes]:
        """The contents of these files, at most `MAX_BYTES + 1` bytes of each."""
        wanted = list(paths)
        blobs = (self._files[path] for path in wanted)
        return dict(zip(wanted, read_blobs(self._directory, blobs, MAX_BYTES + 1), strict=True))


class CommitTree(_Objects):
    """A project at a commit; `prefix` is the project's folder in the repository, "" or "a/b/"."""

    def __init__(self, directory: str, commit: str, prefix: str, name: str = "") -> None:
        self.commit = commit
        tree = f"{commit}:{prefix.rstrip('/')}"
        listing = run_git(
            directory, "ls-tree", "-r", "-z", "--full-tree", tree, "--", *FILES, *FOLDERS
        )
        super().__init__(directory, name or f"commit {commit[:7]}", _tree_entries(listing))


class IndexTree(_Objects):
    """What is staged for the next commit; `index` is the index file that a hook was given.

    The project lies `below` the directory, "" or "a/b/", when its folder is not there.
    """

    def __init__(self, directory: str, index: str = "", below: str = "") -> None:
        wanted = (below + path for path in (*FILES, *FOLDERS))
        listing = run_git(directory, "ls-files", "-s", "-z", "--", *wanted, index=index)
        entries = _index_entries(listing)
        own = ((mode, blob, path.removeprefix(below)) for mode, blob, path in entries)
        super().__init__(directory, "the staged files", own)


def _tree_entries(listing: bytes) -> Iterable[tuple[str, str, str]]:
    for entry in os.fsdecode(listing).split("\0")[:-1]:
        head, _, path = entry.partition("\t")
        mode, _, blob = head.split(" ")
        yield mode, blob, path


def _index_entries(listing: bytes) -> Iterable[tuple[str, str, str]]:
    for entry in os.fsdecode(listing).split("\0")[:-1]:
        head, _, path = entry.partition("\t")
        mode, blob, stage = head.split(" ")
        if stage != "0":
            raise Usage(f"'{path}' has a merge conflict\n    resolve it and git add it")
        yield mode, blob, path


def _in_project(path: str) -> bool:
    return path in FILES or "/." not in path
