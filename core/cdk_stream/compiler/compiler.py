"""One tree, compiled: the stages in order, for the nodes that need them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cdk_stream.compiler.causes import causes
from cdk_stream.compiler.declare import load, resolve
from cdk_stream.compiler.entries import exposure_entry, stream_entry, test_entry
from cdk_stream.compiler.impositions import NOTHING, Imposition, impositions
from cdk_stream.compiler.workbench import Workbench
from cdk_stream.problems import Problem, Severity
from cdk_stream.resources.parse import Complaint
from cdk_stream.results.compilation import Compilation
from cdk_stream.results.entry import Entry
from cdk_stream.results.fragment import as_input, face
from cdk_stream.results.settings import settings
from cdk_stream.stages.infer.functions import functions
from cdk_stream.stages.infer.model import infer_model
from cdk_stream.stages.infer.source import infer_source


class Compiler:
    """Compiles the tree on a workbench; what still holds of an earlier compilation is reused."""

    def __init__(self, bench: Workbench, context: str) -> None:
        self._bench = bench
        self._context = context
        self._specs = functions(bench.project)
        self._entries: dict[str, Entry] = {}
        self._fresh: set[str] = set()

    def run(self) -> Compilation:
        """Every stage for every node that needs it."""
        bench = self._bench
        load(bench)
        ordered = resolve(bench)
        self._infer_changed(ordered)
        self._compile_changed(ordered, impositions(bench, ordered))
        self._tell_shared_topics()
        return Compilation(
            self._context,
            bench.loader.blobs,
            self._entries,
            settings(bench.project),
            self._problems(),
            bench.artifacts,
            frozenset(self._fresh),
            bench.placements,
        )

    def _infer_changed(self, ordered: list[str]) -> None:
        """Type what changed, and what reads rows that look different now."""
        bench = self._bench
        changed: set[str] = set()
        for node_id in ordered:
            if not node_id.startswith(("source.", "model.")):
                continue
            kept = bench.kept.get(node_id)
            if kept is not None and changed.isdisjoint(kept.uses):
                continue
            self._infer(node_id)
            prior = bench.prior.get(node_id)
            if prior is None or prior.face != bench.faces[node_id]:
                changed.add(node_id)

    def _infer(self, node_id: str) -> None:
        bench = self._bench
        declaration = bench.declaration(node_id)
        if declaration.kind == "source":
            inferred = infer_source(declaration, bench.project, bench.snapshots.find)
        else:
            found = bench.uses[node_id]
            inputs = {used: bench.input(used) for used in found.ids}
            inferred = infer_model(declaration, found, inputs, bench.project, self._specs)
        if any(severity is Severity.ERROR for _, severity in inferred.complaints):
            inferred.stream.open = True  # its readers must not be told the same once more
        bench.inferred[node_id] = inferred
        bench.streams[node_id] = as_input(inferred.stream)
        bench.faces[node_id] = face(inferred.stream)

    def _compile_changed(self, ordered: list[str], imposed: Mapping[str, Imposition]) -> None:
        """Make artefacts for what was typed anew, and for what stands on other rules or inputs."""
        bench = self._bench
        changed: set[str] = set()
        for node_id in ordered:
            kept = bench.kept.get(node_id)
            on_it = imposed.get(node_id, NOTHING)
            if (
                kept is not None
                and node_id not in bench.inferred
                and kept.imposed == on_it.digest
                and changed.isdisjoint(kept.uses)
            ):
                self._entries[node_id] = kept
                continue
            entry = self._entries[node_id] = self._compile(node_id, on_it)
            self._fresh.add(node_id)
            prior = bench.prior.get(node_id)
            if prior is None or prior.seal != entry.seal:
                changed.add(node_id)

    def _compile(self, node_id: str, imposed: Imposition) -> Entry:
        bench = self._bench
        declaration = bench.declaration(node_id)
        if declaration.kind == "test":
            return test_entry(bench, declaration)
        if declaration.kind == "exposure":
            return exposure_entry(bench, declaration)
        if node_id not in bench.inferred:
            self._infer(node_id)
        return stream_entry(bench, declaration, imposed)

    def _tell_shared_topics(self) -> None:
        """Two nodes of one topic: neither knows the other's rules, and either leads around them."""
        first: dict[str, str] = {}
        for node_id, entry in self._entries.items():
            if entry.holds and first.setdefault(entry.holds, node_id) != node_id:
                other = first[entry.holds].partition(".")[2]
                cluster, _, topic = entry.holds.partition("/")
                message = f"the topic '{topic}' of cluster '{cluster}' is that of '{other}' as well"
                mend = f"read '{other}' in its place, or give this one a topic of its own"
                complaint = Complaint("CS313", "", message, mend)
                self._bench.tell(self._bench.declaration(node_id), complaint)

    def _problems(self) -> tuple[Problem, ...]:
        """All of this run, and those that were told before of what is reused; in reading order."""
        bench = self._bench
        told = [*bench.loader.problems, *bench.problems]
        for node_id, entry in self._entries.items():
            if node_id not in self._fresh:
                told.extend(entry.problems)
        return tuple(dict.fromkeys(sorted(causes(told, bench), key=_reading_order)))


def _reading_order(problem: Problem) -> tuple[Any, ...]:
    return (problem.location, problem.code, problem.message)
