"""A project that lies on no disk."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from cdk_stream.tree import belongs, blob_id
from tests.fuzz.mutate import Files


class MemoryTree:
    """The files of a project, by path."""

    name = "a damaged project"

    def __init__(self, files: Files) -> None:
        self._contents = {path: content for path, content in files.items() if belongs(path)}

    def files(self) -> dict[str, str]:
        return {path: blob_id(content) for path, content in self._contents.items()}

    def links(self) -> frozenset[str]:
        return frozenset()

    def read(self, paths: Iterable[str]) -> dict[str, bytes]:
        return {path: self._contents[path] for path in paths}


def read_project(folder: Path) -> Files:
    """The files of a folder that belong to its project."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and belongs(path.relative_to(folder).as_posix())
    }
