"""Files -> the nodes of this run, each with what it uses, in the order to compile them."""

from __future__ import annotations

from collections.abc import Mapping

from cdk_stream.compiler.workbench import Workbench
from cdk_stream.resources.parse import Complaint
from cdk_stream.stages.resolve import cycles, order, uses

_STREAMS = ("source", "model")


def load(bench: Workbench) -> None:
    """Declare what changed; keep what did not."""
    loader = bench.loader
    changed = {path for path, _ in loader.blobs.items() ^ bench.prior_blobs.items()}
    stale = {entry.path for entry in bench.prior.values() if not changed.isdisjoint(entry.files)}
    stale |= changed
    files = [path for path in loader.declaring_files() if path in stale]
    loader.preload(files)
    bench.kept = {
        node_id: entry for node_id, entry in bench.prior.items() if entry.path not in stale
    }
    for path in files:
        _declare(bench, path)
    _keep_what_resolves(bench)


def _declare(bench: Workbench, path: str) -> None:
    for declaration in bench.loader.declarations(path):
        first = bench.declarations.get(declaration.id)
        kept = bench.kept.get(declaration.id)
        if first is None and kept is None:
            bench.declarations[declaration.id] = declaration
            continue
        where = (
            bench.loader.locate(first.path, first.pointer)
            if first
            else bench.loader.locate(kept.path if kept else path)
        )
        message = f"{declaration.kind} '{declaration.name}' is declared twice, first at {where}"
        bench.tell(declaration, Complaint("CS109", "/name", message, "rename one of the two"))


def _keep_what_resolves(bench: Workbench) -> None:
    """A kept node whose input has gone is declared anew, so that it can say so."""
    while True:
        known = {*bench.kept, *bench.declarations}
        lost = {entry.path for entry in bench.kept.values() if not known.issuperset(entry.uses)}
        if not lost:
            return
        bench.kept = {
            node_id: entry for node_id, entry in bench.kept.items() if entry.path not in lost
        }
        for path in sorted(lost):
            _declare(bench, path)


def resolve(bench: Workbench) -> list[str]:
    """Every node after what it uses; nodes on a cycle are told and left out."""
    for node_id in (*bench.kept, *bench.declarations):
        kind, _, name = node_id.partition(".")
        if kind in _STREAMS:
            _name(bench, name, node_id)
    for node_id, declaration in bench.declarations.items():
        found = bench.uses[node_id] = uses(declaration, bench.names)
        if declaration.kind not in _STREAMS:
            for complaint, severity in found.complaints:
                bench.tell(declaration, complaint, severity)
    graph = {node_id: entry.uses for node_id, entry in bench.kept.items()}
    graph.update({node_id: found.ids for node_id, found in bench.uses.items()})
    if len(graph) == len(bench.prior) and all(
        node_id in bench.prior and graph[node_id] == bench.prior[node_id].uses
        for node_id in bench.declarations
    ):
        return list(bench.prior)
    ordered = order(graph)
    if len(ordered) < len(graph):
        _tell_cycles(bench, graph, ordered)
    return ordered


def _name(bench: Workbench, name: str, node_id: str) -> None:
    other = bench.names.get(name)
    declaration = bench.declarations.get(node_id) or bench.declarations.get(other or "")
    if other is not None and declaration is not None:
        message = f"a source and a model are both named '{name}'"
        bench.tell(declaration, Complaint("CS309", "/name", message, "rename one of the two"))
    bench.names[name] = node_id


def _tell_cycles(
    bench: Workbench, graph: Mapping[str, tuple[str, ...]], ordered: list[str]
) -> None:
    for path in cycles(graph, ordered):
        names = " -> ".join(node_id.partition(".")[2] for node_id in reversed(path))
        message = f"models feed each other in a circle: {names}"
        mend = "take one of these references out"
        bench.tell(bench.declaration(path[0]), Complaint("CS307", "", message, mend))
