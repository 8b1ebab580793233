"""The way of a column: what it is made of, what it decides, and where it goes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from cdk_stream.report.plain import plain
from cdk_stream.results.manifest import Manifest, Node

Json = dict[str, Any]
Column = tuple[str, str]
"""(node id, column)."""

_DEEPEST = 40  # further levels are indented no more: a chain may have thousands
_STREAMS = ("source.", "model.")


@dataclass(frozen=True, slots=True)
class Edge:
    """A value of `start` reaches `end`; `kind` says how (see `EdgeKind`)."""

    start: Column
    end: Column
    kind: str


@dataclass(frozen=True, slots=True)
class Lineage:
    """Everything a column comes from and goes to; edges in the order a reader follows them."""

    column: Column
    upstream: tuple[Edge, ...]
    downstream: tuple[Edge, ...]
    influences: tuple[tuple[str, str], ...]
    """(node, how): where the column decides which rows come out, by a filter or a join."""
    exposures: tuple[tuple[str, Column], ...]
    """(exposure, the column it reads): who sees the values."""
    producers: tuple[tuple[str, Column], ...]
    """(exposure, the column it writes): who the values come from in the end."""


def lineage(manifest: Manifest, column: Column) -> Lineage:
    """Follow `column`, which must exist, both ways."""
    downstream = _walk(column, lambda here: _readers(manifest, here), lambda edge: edge.end)
    upstream = _walk(column, lambda here: _inputs(manifest, here), lambda edge: edge.start)
    reached = dict.fromkeys([column, *(edge.end for edge in downstream)])
    origins = dict.fromkeys([column, *(edge.start for edge in upstream)])
    return Lineage(
        column,
        upstream,
        downstream,
        tuple(found for here in reached for found in _influenced(manifest, here)),
        tuple(found for here in reached for found in _seen_by(manifest, here)),
        tuple(found for here in origins for found in _written_by(manifest, here)),
    )


def _walk(
    start: Column, edges: Callable[[Column], list[Edge]], following: Callable[[Edge], Column]
) -> tuple[Edge, ...]:
    """Every edge once, depth first."""
    found: list[Edge] = []
    seen = {start}
    pending = edges(start)[::-1]
    while pending:
        edge = pending.pop()
        found.append(edge)
        here = following(edge)
        if here not in seen:
            seen.add(here)
            pending += edges(here)[::-1]
    return tuple(found)


def _inputs(manifest: Manifest, here: Column) -> list[Edge]:
    column = _column(manifest, here)
    return [Edge((node, name), here, kind) for node, name, kind in column.get("edges", ())]


def _readers(manifest: Manifest, here: Column) -> list[Edge]:
    return [
        Edge(here, (child, name), kind)
        for child in manifest.children.get(here[0], ())
        if child.startswith(_STREAMS)
        for name, column in manifest.nodes[child]["columns"].items()
        for node, origin, kind in column.get("edges", ())
        if (node, origin) == here
    ]


def _influenced(manifest: Manifest, here: Column) -> Iterator[tuple[str, str]]:
    for child in manifest.children.get(here[0], ()):
        for node, name, kinds in manifest.nodes[child].get("influences", ()):
            if (node, name) == here:
                yield child, ", ".join(kinds)


def _seen_by(manifest: Manifest, here: Column) -> Iterator[tuple[str, Column]]:
    for child in manifest.children.get(here[0], ()):
        node = manifest.nodes[child]
        if node["kind"] == "exposure" and (not node["columns"] or here[1] in node["columns"]):
            yield child, here


def _written_by(manifest: Manifest, here: Column) -> Iterator[tuple[str, Column]]:
    for parent in manifest.parents.get(here[0], ()):
        if parent.startswith("exposure."):
            yield parent, here


def _column(manifest: Manifest, here: Column) -> Node:
    found: Node = manifest.nodes.get(here[0], {}).get("columns", {}).get(here[1], {})
    return found


def document(manifest: Manifest, found: Lineage) -> Json:
    """The lineage as plain data: `cdk-stream/lineage@1`."""
    node, name = found.column
    about = {key: value for key, value in _column(manifest, found.column).items() if key != "edges"}
    return {
        "format": "cdk-stream/lineage@1",
        "node": node,
        "column": name,
        **about,
        "upstream": [_edge(edge) for edge in found.upstream],
        "downstream": [_edge(edge) for edge in found.downstream],
        "influences": [{"node": child, "how": how} for child, how in found.influences],
        "exposures": [
            {"exposure": exposure, "reads": list(column)} for exposure, column in found.exposures
        ],
        "producers": [
            {"exposure": exposure, "writes": list(column)} for exposure, column in found.producers
        ],
    }


def _edge(edge: Edge) -> Json:
    return {"from": list(edge.start), "to": list(edge.end), "kind": edge.kind}


def text(manifest: Manifest, found: Lineage) -> str:
    """The lineage for a person: the column, then the two ways as indented lists."""
    lines = [*_about(manifest, found.column), "", "comes from"]
    lines += _tree(manifest, found.column, found.upstream, upward=True)
    lines += [f"  {plain(who)}  writes {_shown(column)}" for who, column in found.producers]
    if not found.upstream and not found.producers:
        lines.append("  nowhere else")
    lines += ["", "goes to"]
    lines += _tree(manifest, found.column, found.downstream, upward=False)
    lines += [f"  {plain(who)}  reads {_shown(column)}" for who, column in found.exposures]
    if not found.downstream and not found.exposures:
        lines.append("  nowhere else")
    if found.influences:
        lines += ["", "decides which rows come out of"]
        lines += [f"  {plain(node)}  by {how}" for node, how in found.influences]
    return "\n".join(lines) + "\n"


def _about(manifest: Manifest, here: Column) -> Iterator[str]:
    column = _column(manifest, here)
    kind = column.get("classification", "not classified")
    tags = f" [{', '.join(column['tags'])}]" if column.get("tags") else ""
    yield f"{_shown(here)}  {column.get('type') or 'unknown type'}, {kind}{tags}"
    if column.get("analysis", "exact") != "exact":
        yield "    it may be made of less than is shown: the query could not be followed for sure"
    for rule in column.get("protections", ()):
        how = rule.get("masking") or rule["method"]
        hidden = ", ".join(rule["roles"]) or "everyone"
        spared = f" except {', '.join(rule['allowed'])}" if rule["allowed"] else ""
        yield f"    {how} for {hidden}{spared}, declared by {plain(rule['declared_by'])}"


def _tree(manifest: Manifest, start: Column, edges: tuple[Edge, ...], *, upward: bool) -> list[str]:
    """One line for each edge; `edges` is in depth-first order, so depths follow from the ends."""
    depths = {start: 0}
    lines = []
    for edge in edges:
        near, far = (edge.end, edge.start) if upward else (edge.start, edge.end)
        depth = depths[near] + 1
        again = far in depths
        depths.setdefault(far, depth)
        kind = _column(manifest, far).get("classification", "not classified")
        rest = ", see above" if again else ""
        lines.append(f"{'  ' * min(depth, _DEEPEST)}{_shown(far)}  {edge.kind}, {kind}{rest}")
    return lines


def _shown(column: Column) -> str:
    return plain(".".join(column))
