"""Walks over who reads whom; edges are plain mappings of node id -> neighbour ids."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

Edges = Mapping[str, tuple[str, ...]]


def reachable(edges: Edges, starts: Iterable[str], depth: int = -1) -> set[str]:
    """Every node that `starts` lead to in at most `depth` steps (-1: any), `starts` included."""
    found = set(starts)
    frontier = set(found)
    while frontier and depth:
        frontier = {near for node in frontier for near in edges.get(node, ())} - found
        found |= frontier
        depth -= 1
    return found


def ranks(parents: Edges) -> dict[str, int]:
    """Node id -> the length of the longest way from a root; 0 for nodes on a circle."""
    waiting = {node: len(inputs) for node, inputs in parents.items()}
    children: dict[str, list[str]] = {node: [] for node in parents}
    for node, inputs in parents.items():
        for parent in inputs:
            children[parent].append(node)
    rank = dict.fromkeys(parents, 0)
    ready = [node for node, count in waiting.items() if not count]
    while ready:
        node = ready.pop()
        for child in children[node]:
            rank[child] = max(rank[child], rank[node] + 1)
            waiting[child] -= 1
            if not waiting[child]:
                ready.append(child)
    return rank


def in_order(parents: Edges, nodes: Iterable[str]) -> list[str]:
    """`nodes` with parents before children, nodes of one rank by id."""
    rank = ranks(parents)
    return sorted(nodes, key=lambda node: (rank[node], node))
