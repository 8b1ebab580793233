"""The graph of a project as GraphML, for yEd, Gephi and whatever reads graphs."""

from __future__ import annotations

from typing import Any


def graphml(nodes: dict[str, dict[str, Any]], edges: list[tuple[str, str]]) -> str:
    """A directed GraphML document; `nodes` maps ids to attributes of texts and numbers."""
    import networkx  # noqa: PLC0415  slow to import, and only this format wants it

    drawn: Any = networkx.DiGraph()
    for node, attributes in nodes.items():
        drawn.add_node(node, **attributes)
    drawn.add_edges_from(edges)
    return "\n".join(networkx.generate_graphml(drawn)) + "\n"
