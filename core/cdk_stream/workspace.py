"""A folder with its files, what is remembered of them, and a target folder in step with both."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

import orjson

from cdk_stream.glance import Glance
from cdk_stream.memory import Memory
from cdk_stream.plugin.manager import Modules
from cdk_stream.results.compilation import Compilation
from cdk_stream.results.entry import Entry
from cdk_stream.target import Target

Pending = dict[str, list[str]]
"""Nodes compiled since the target was last written -> the files that lie there of them."""


class Workspace:
    """What compiling a folder needs besides its files."""

    def __init__(
        self, root: Path, glance: Glance | None = None, *, full_refresh: bool = False
    ) -> None:
        self._glance = glance or Glance(root, forget=full_refresh)
        self._memory = Memory(self._glance.folder)
        self._target = Target(root)
        self._in_step = self._glance.in_step
        self._pending: Pending = self._glance.data["pending"] if self._in_step else {}
        self.tree = self._glance.tree

    @property
    def modules(self) -> Modules | None:
        """The installed plugins, when nothing was installed or removed since the last run."""
        return self._glance.data.get("modules")

    def prior(self, *, write: bool) -> Compilation | None:
        """The compilation to start from; with `write`, without what the target still lacks."""
        if not self._glance.data or (write and not self._in_step):
            return None
        prior = self._memory.recall()
        if prior is not None and write:
            for node_id in self._pending:
                if node_id in prior.entries:
                    prior.blobs.pop(prior.entries[node_id].path, None)
        return prior

    def write(self, compilation: Compilation, prior: Compilation | None) -> None:
        """Bring the target folder in step with a compilation."""
        gone = self._gone(compilation, prior)
        self._target.write(compilation.manifest(), compilation.artifacts, gone)
        self._in_step, self._pending = True, {}

    def remember(
        self,
        compilation: Compilation,
        prior: Compilation | None,
        modules: Modules,
        summary: dict[str, Any],
        *,
        wrote: bool,
    ) -> None:
        """Keep a compilation without errors for the next run."""
        if wrote:
            self._pending = {}
        elif prior is None:
            self._in_step = False  # nothing tells which of the target's files are stale now
        else:
            self._pending = {**_stale_files(compilation, prior), **self._pending}
        glance = {
            "modules": modules,
            "summary": summary,
            "target": self._glance.target_stamp() if self._in_step else [],
            "pending": self._pending,
        }
        # A folder that cannot be written to only means that the next run starts from nothing.
        with suppress(OSError):
            self._memory.keep(compilation)
            self._glance.keep(glance)

    def _gone(self, compilation: Compilation, prior: Compilation | None) -> Iterable[str]:
        """The target's files that nothing makes any more."""
        if prior is None:
            return set(self._target.files()) - compilation.artifacts.keys()
        stale = {file for files in self._pending.values() for file in files}
        stale.update(file for files in _stale_files(compilation, prior).values() for file in files)
        stale -= compilation.artifacts.keys()
        if not stale:
            return ()
        return stale.difference(
            file for entry in compilation.entries.values() for file in _files(entry)
        )


def _stale_files(compilation: Compilation, prior: Compilation) -> Pending:
    touched = compilation.fresh | (prior.entries.keys() - compilation.entries.keys())
    return {
        node_id: _files(prior.entries[node_id]) if node_id in prior.entries else []
        for node_id in touched
    }


def _files(entry: Entry) -> list[str]:
    return [item["file"] for item in orjson.loads(entry.fragment.content()).get("artifacts", ())]
