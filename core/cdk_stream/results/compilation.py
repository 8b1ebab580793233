"""A project compiled: the manifest, what was noticed, and what the next compile can reuse."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cdk_stream.problems import Problem, Severity
from cdk_stream.results.artifact import Written
from cdk_stream.results.entry import Entry
from cdk_stream.results.fragments import Fragments
from cdk_stream.results.manifest import Json, Manifest


@dataclass(slots=True)
class Compilation:
    """The outcome of compiling one tree."""

    context: str
    """Digest of what concerns every node: the project file, the plugins and the tool itself."""
    blobs: dict[str, str]
    """The tree's files: path -> blob id."""
    entries: dict[str, Entry] = field(default_factory=dict)
    """In the order of compiling: every node after what it uses."""
    project: Json = field(default_factory=dict)
    """The project's settings as the manifest holds them."""
    problems: tuple[Problem, ...] = ()
    artifacts: dict[str, Written] = field(default_factory=dict)
    """File under the target folder -> what it holds, for the nodes that were compiled this time."""
    fresh: frozenset[str] = frozenset()
    """The nodes that were compiled this time; the others are as they were before."""

    placements: Mapping[str, Any] = field(default_factory=dict)
    """Node id -> `Placement`, for the models that were compiled this time."""

    @property
    def ok(self) -> bool:
        """No errors: the manifest is whole."""
        return not any(problem.severity is Severity.ERROR for problem in self.problems)

    def manifest(self) -> Manifest:
        """The compiled project; sensible only when `ok`."""
        parents = {
            node_id: tuple(used for used in entry.uses if used not in entry.produces)
            for node_id, entry in self.entries.items()
        }
        for node_id, entry in self.entries.items():
            for produced in entry.produces:
                parents[produced] = (*parents[produced], node_id)
        fragments = {node_id: entry.fragment for node_id, entry in self.entries.items()}
        return Manifest(self.project, Fragments(fragments), parents)
