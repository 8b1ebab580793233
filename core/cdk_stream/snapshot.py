"""A version of a project in Git, and what is remembered of the last one that was compiled."""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path

import orjson

from cdk_stream.glance import FORMAT, cache_folder, read_json, tool_files, watch, write
from cdk_stream.memory import Memory
from cdk_stream.plugin.manager import Modules
from cdk_stream.results.compilation import Compilation
from cdk_stream.tree import Tree

_FOLDER = "versions"


class Snapshot:
    """What is staged or committed of the project in `root`; blob ids tell what has changed."""

    def __init__(self, root: Path, tree: Tree) -> None:
        folder = cache_folder(root) / _FOLDER
        self.tree = tree
        self._file = f"{folder}/tool.json"
        self._memory = Memory(str(folder))
        known = read_json(self._file)
        watched: list[list[object]] = known.get("watched", [])
        same = known.get("tool") == _tool() and watched == watch(str(one[0]) for one in watched)
        self._known = known if watched and same else {}

    @property
    def modules(self) -> Modules | None:
        """The installed plugins, when nothing was installed or removed since the last run."""
        return self._known.get("modules")

    def prior(self) -> Compilation | None:
        """The compilation to start from."""
        return self._memory.recall() if self._known else None

    def remember(
        self, compilation: Compilation, prior: Compilation | None, modules: Modules
    ) -> None:
        """Keep a compilation without errors for the next run, unless it is the prior one."""
        if prior and prior.context == compilation.context and prior.blobs == compilation.blobs:
            return
        content = {"tool": _tool(), "watched": watch(tool_files()), "modules": modules}
        with suppress(OSError):  # then the next run starts from nothing
            self._memory.keep(compilation)
            write(self._file, orjson.dumps(content))


def _tool() -> list[object]:
    return [FORMAT, sys.version, sys.prefix, __file__]
