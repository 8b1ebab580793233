"""How often rows are stored on their way to an exposure."""

from __future__ import annotations

from cdk_stream.results.graph import in_order, reachable
from cdk_stream.results.manifest import Manifest

_STORED = ("flink_stream", "topic", "sink")


def hops(manifest: Manifest, exposure: str) -> int:
    """The most stored streams on any one way to the exposure; views store nothing."""
    if exposure not in manifest.nodes:
        return 0
    upstream = reachable(manifest.parents, [exposure])
    parents = {node: tuple(_inside(manifest.parents[node], upstream)) for node in upstream}
    longest: dict[str, int] = {}
    for node in in_order(parents, upstream):
        before = max((longest.get(parent, 0) for parent in parents[node]), default=0)
        stored = node.startswith("model.") and _is_stored(manifest, node)
        longest[node] = before + stored
    return longest[exposure]


def _inside(nodes: tuple[str, ...], allowed: set[str]) -> list[str]:
    return [node for node in nodes if node in allowed]


def _is_stored(manifest: Manifest, node: str) -> bool:
    return manifest.nodes[node].get("materialized") in _STORED
