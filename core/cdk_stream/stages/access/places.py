"""A column -> every place that its value reaches."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from cdk_stream.results.access import Place, Value
from cdk_stream.results.manifest import Manifest, Node
from cdk_stream.results.relation import Origin

_LEAST_FIRST: tuple[Value, ...] = (
    "copy",
    "derived",
    "aggregated",
    "condition",
    "hidden",
    "count",
)
_VALUE: dict[str, Value] = {
    "identity": "copy",
    "transformation": "derived",
    "aggregation": "aggregated",
    "conditional": "condition",
    "mask": "hidden",
    "count": "count",
}
_RANK = {value: rank for rank, value in enumerate(_LEAST_FIRST)}
UNKNOWN = "*"
"""The column of streams whose columns nobody knows."""


def places_of(manifest: Manifest, column: Origin) -> list[Place]:
    """Where the value of `column` lies: where it comes from unchanged, and all that is made of it.

    Of several ways to one place the one that shows most is given.
    """
    readers = _readers(manifest)
    best: dict[Origin, Place] = {}
    pending = [
        place_at(manifest, start, "copy", True, (start,)) for start in _starts(manifest, column)
    ]
    while pending:
        place = pending.pop()
        here = (place.node, place.column)
        known = best.get(here)
        if known is not None and _order(known) <= _order(place):
            continue
        best[here] = place
        for reader, kind, exact in readers.get(here, ()):
            value = max(place.value, _VALUE[kind], key=_RANK.__getitem__)
            way = (*place.lineage, reader)
            pending.append(place_at(manifest, reader, value, place.is_exact and exact, way))
    found = [*best.values()]
    found += [dead for place in found for dead in _dead_letters(manifest, place)]
    return sorted(found, key=lambda one: (len(one.lineage), one.node, one.column, one.holder))


def place_at(
    manifest: Manifest, here: Origin, value: Value, exact: bool, lineage: tuple[Origin, ...]
) -> Place:
    """A column of a node as a place."""
    node = manifest.nodes[here[0]]
    topic = "" if node["materialized"] == "sink" else node["topic"]
    return Place(*here, value, exact, lineage, holder_of(node), node["cluster"], topic)


def holder_of(node: Node) -> str:
    """What holds the node's rows, in words."""
    if node["materialized"] == "sink":
        sink = node.get("sink", {})
        return f"{sink.get('type', 'sink')} by {sink.get('connector', 'a connector')}"
    kind = "view" if node["materialized"] == "virtual_topic" else "topic"
    return f"{kind} {node['topic']}"


def _dead_letters(manifest: Manifest, place: Place) -> Iterator[Place]:
    """Rows that a sink could not write lie in a topic of its own, as they were read."""
    for child in manifest.children[place.node]:
        node = manifest.nodes[child]
        if node.get("materialized") != "sink":
            continue
        for artifact in node["artifacts"]:
            if artifact["kind"] == "topic":
                name, cluster = artifact["name"], artifact["cluster"]
                yield replace(
                    place, holder=f"dead-letter topic {name}", topic=name, cluster=cluster
                )


def _order(place: Place) -> tuple[int, bool, int]:
    return (_RANK[place.value], not place.is_exact, len(place.lineage))


def _starts(manifest: Manifest, column: Origin) -> Iterator[Origin]:
    """Where the very value is first, and the column itself."""
    yield column
    node, name = column
    found = manifest.nodes[node]["columns"].get(name, {})
    for origin in found.get("copies", found.get("origins", ())):
        yield (origin[0], origin[1])


Readers = dict[Origin, list[tuple[Origin, str, bool]]]
"""Column -> the columns made of it: which, how, and whether that is sure."""


def _readers(manifest: Manifest) -> Readers:
    found: Readers = {}
    for node_id in manifest.nodes:
        if not node_id.startswith("model."):
            continue
        node = manifest.nodes[node_id]
        for name, column in node["columns"].items():
            exact = column["analysis"] == "exact"
            for parent, read, kind in column["edges"]:
                found.setdefault((parent, read), []).append(((node_id, name), kind, exact))
        if node["open"]:
            _anything(manifest, node_id, found)
    return found


def _anything(manifest: Manifest, node_id: str, found: Readers) -> None:
    """A model whose columns are not all known may hold any column that it reads."""
    for parent in manifest.parents[node_id]:
        columns = manifest.nodes[parent].get("columns", {})
        for name in (*columns, UNKNOWN):
            found.setdefault((parent, name), []).append(((node_id, UNKNOWN), "identity", False))
