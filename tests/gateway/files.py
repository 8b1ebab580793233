"""Projects that are held in memory or lie in a folder -> the artefacts that are made of them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from cdk_stream.tree import WorkTree, blob_id
from cdk_stream.workflow.compile import Compiled, compile_tree


class Files:
    """A tree of texts."""

    name = "a tree of the test"

    def __init__(self, files: Mapping[str, str]) -> None:
        self._contents = {path: text.encode() for path, text in files.items()}

    def files(self) -> dict[str, str]:
        return {path: blob_id(content) for path, content in self._contents.items()}

    def links(self) -> frozenset[str]:
        return frozenset()

    def read(self, paths: Iterable[str]) -> dict[str, bytes]:
        return {path: self._contents[path] for path in paths}


class Made(NamedTuple):
    """An artefact as it lies in the target folder: `kind` is its folder, `spec` JSON or text."""

    kind: str
    name: str
    spec: Any


def made_of(compiled: Compiled) -> list[Made]:
    """Every artefact of a project that was compiled whole."""
    return [
        _made(path, written.content)
        for path, written in sorted(compiled.compilation.artifacts.items())
    ]


def compile_files(files: Mapping[str, str]) -> Compiled:
    return compile_tree(Files(files))


def compile_folder(folder: Path) -> Compiled:
    """Compiled from nothing: what is remembered has no artefacts."""
    return compile_tree(WorkTree(folder))


def _made(path: str, content: bytes) -> Made:
    _, kind, name = path.split("/")
    spec = json.loads(content) if name.endswith(".json") else content.decode()
    return Made(kind, name.rpartition(".")[0], spec)
