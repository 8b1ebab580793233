"""The graph of a project as a text tree, JSON, Mermaid, DOT or GraphML."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import orjson

from cdk_stream.report.graphml import graphml
from cdk_stream.report.plain import plain
from cdk_stream.report.tree import draw
from cdk_stream.results.manifest import Manifest, Node

_SHAPES = {
    "source": ('[("', '")]'),
    "model": ('["', '"]'),
    "test": ('{{"', '"}}'),
    "exposure": ('(["', '"])'),
}
_DOT_SHAPES = {"source": "cylinder", "model": "box", "test": "hexagon", "exposure": "oval"}
# Mermaid reads entities twice: what follows an ampersand must not complete one.
_ENTITIES = str.maketrans(
    {
        "#": "#35;", '"': "#quot;", "<": "#lt;", ">": "#gt;", "&": "#amp;#8203;", "`": "#96;",
        "\\": "#92;", "%": "#37;", ";": "#59;", "{": "#123;", "}": "#125;", "@": "#64;",
    }
)  # fmt: skip

Edge = tuple[str, str]


def as_text(manifest: Manifest, nodes: Iterable[str]) -> str:
    """A tree from what comes first to what reads it; what was drawn above is not drawn again."""
    chosen = list(nodes)
    children = _among(manifest.children, chosen)
    below = {child for found in children.values() for child in found}
    roots = [node for node in chosen if node not in below] or chosen[:1]
    lines = draw(
        roots, children.__getitem__, lambda node: _title(manifest.nodes[node]), lambda node: node
    )
    return "".join(f"{line}\n" for line in lines)


def _title(node: Node) -> str:
    return plain(f"{node['name']} ({', '.join(_facts(node))})")


def _facts(node: Node) -> list[str]:
    if node["kind"] == "exposure":
        facts = [node.get("type", "exposure"), node.get("owner") or "no owner"]
    elif node["kind"] == "model":
        facts = [node.get("materialized", "model"), node.get("backend", "")]
    else:
        facts = [node["kind"]]
    return [str(fact) for fact in facts if fact]


def as_json(manifest: Manifest, nodes: Iterable[str]) -> str:
    """`{"nodes": [{"id", "kind", "name", ...}], "edges": [{"from", "to"}]}`."""
    chosen = list(nodes)
    document = {
        "nodes": [_described(manifest.nodes[node]) for node in chosen],
        "edges": [{"from": start, "to": end} for start, end in edges(manifest, chosen)],
    }
    return orjson.dumps(document, option=orjson.OPT_INDENT_2).decode() + "\n"


def _described(node: Node) -> dict[str, Any]:
    keys = ("id", "kind", "name", "type", "materialized", "backend", "cluster", "owner", "path")
    return {key: node[key] for key in keys if node.get(key)}


def as_mermaid(manifest: Manifest, nodes: Iterable[str]) -> str:
    """A Mermaid flowchart; names are labels only, they cannot add to the drawing."""
    chosen = list(nodes)
    short = {node: f"n{at}" for at, node in enumerate(chosen)}
    lines = ["flowchart LR"]
    for node in chosen:
        held = manifest.nodes[node]
        before, after = _SHAPES[held["kind"]]
        label = f"{mermaid_label(held['name'])}<br/>{mermaid_label(', '.join(_facts(held)))}"
        lines.append(f"  {short[node]}{before}{label}{after}")
    lines += [f"  {short[start]} --> {short[end]}" for start, end in edges(manifest, chosen)]
    return "".join(f"{line}\n" for line in lines)


def mermaid_label(text: str) -> str:
    """`text` as a part of a label: it can say things, not draw them."""
    return plain(text).translate(_ENTITIES)


def as_dot(manifest: Manifest, nodes: Iterable[str]) -> str:
    """A Graphviz digraph."""
    chosen = list(nodes)
    lines = ["digraph project {", "  rankdir=LR;"]
    for node in chosen:
        held = manifest.nodes[node]
        label = f"{_quoted(held['name'])}\\n{_quoted(', '.join(_facts(held)))}"
        shape = _DOT_SHAPES[held["kind"]]
        lines.append(f'  "{_quoted(node)}" [shape={shape}, label="{label}"];')
    lines += [f'  "{_quoted(a)}" -> "{_quoted(b)}";' for a, b in edges(manifest, chosen)]
    return "".join(f"{line}\n" for line in [*lines, "}"])


def _quoted(text: str) -> str:
    return plain(text).replace("\\", "\\\\").replace('"', '\\"')


def as_graphml(manifest: Manifest, nodes: Iterable[str]) -> str:
    """GraphML with what `as_json` says of each node."""
    chosen = list(nodes)
    described = {node: _described(manifest.nodes[node]) for node in chosen}
    for facts in described.values():
        facts.pop("id")
    texts = {
        node: {k: plain(str(v)) for k, v in facts.items()} for node, facts in described.items()
    }
    return graphml(texts, edges(manifest, chosen))


def edges(manifest: Manifest, nodes: Iterable[str]) -> list[Edge]:
    """The edges between these nodes, in their order."""
    chosen = list(nodes)
    children = _among(manifest.children, chosen)
    return [(node, child) for node in chosen for child in children[node]]


def _among(children: dict[str, tuple[str, ...]], chosen: list[str]) -> dict[str, list[str]]:
    place = {node: at for at, node in enumerate(chosen)}
    return {
        node: sorted((child for child in children[node] if child in place), key=place.__getitem__)
        for node in chosen
    }


FORMATS = {
    "text": as_text,
    "json": as_json,
    "mermaid": as_mermaid,
    "dot": as_dot,
    "graphml": as_graphml,
}
"""Format -> the function (manifest, ids in order) -> text that writes it."""
