"""What a migration is made of: both versions, and what their authors wrote."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from cdk_stream.results.manifest import Manifest

Written = Callable[[str], Mapping[str, Any]]
"""The id of a node of the head -> its resource as its author wrote it, the query as `sql`."""

_STREAMS = ("virtual_topic", "flink_stream", "topic")


@dataclass(frozen=True, slots=True)
class Situation:
    """A base, a head, and how to name them."""

    base: Manifest
    head: Manifest
    written: Written
    """Of the head."""
    before: Written
    """Of the base."""
    commit: str
    """The base's commit, short, for commands."""
    alone: Callable[[str], Iterable[str]]
    """Node id -> the files that hold it and nothing else, in both versions; none if shared."""

    def can_have_versions(self, node: str) -> bool:
        """Whether a second one may live beside it: a stream that readers subscribe to."""
        if node not in self.head.nodes or node not in self.base.nodes:
            return False
        if node.startswith("source."):
            return "topic" in self.written(node)
        return self.head.nodes[node].get("materialized") in _STREAMS

    def group(self, exposure: str) -> str:
        """The consumer group that an exposure declares; empty when it does not."""
        node = self.head.nodes.get(exposure, {})
        return str((node.get("consumer_config") or {}).get("consumer_group") or "")
