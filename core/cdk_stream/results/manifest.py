"""The compiled project, whole: what policies judge and what two versions are compared by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import orjson

from cdk_stream.results.fragments import SEPARATOR, Fragments, Part, fragment

FORMAT = "cdk-stream/manifest@1"

Json = dict[str, Any]

Node = Json
"""One node as the manifest's JSON holds it; `docs/manifest.md` says every key."""


class Nodes(Mapping[str, Node]):
    """Node id -> node, decoded when first looked at: most verbs touch few of them."""

    def __init__(self, fragments: Fragments) -> None:
        self._fragments = fragments
        self._decoded: dict[str, Node] = {}

    def __getitem__(self, node_id: str) -> Node:
        node = self._decoded.get(node_id)
        if node is None:
            node = self._decoded[node_id] = orjson.loads(self._fragments[node_id])
        return node

    def __iter__(self) -> Iterator[str]:
        return iter(self._fragments)

    def __len__(self) -> int:
        return len(self._fragments)

    def __contains__(self, node_id: object) -> bool:
        return node_id in self._fragments

    def fragment(self, node_id: str) -> bytes:
        """The node's JSON; equal bytes mean an equal node."""
        return self._fragments[node_id]

    def records(self) -> Iterator[Part]:
        """The members of the manifest's `nodes`, sorted."""
        return self._fragments.records(sorted(self._fragments))


class Manifest:
    """A compiled project: its settings, its nodes by id, and who reads whom."""

    def __init__(
        self,
        project: Mapping[str, Any],
        fragments: Mapping[str, bytes],
        parents: dict[str, tuple[str, ...]],
    ) -> None:
        self.project = project
        self.nodes = Nodes(
            fragments
            if isinstance(fragments, Fragments)
            else Fragments({node_id: fragment(content) for node_id, content in fragments.items()})
        )
        self.parents = parents
        self.children = _reverse(parents)

    def mapping(self) -> Mapping[str, Any]:
        """The same as `document`, as plain data whose nodes are decoded when first looked at."""
        return {
            "format": FORMAT,
            "project": self.project,
            "nodes": self.nodes,
            "parents": self.parents,
            "children": self.children,
        }

    def document(self) -> bytes:
        """`target/manifest.json`: sorted, the same bytes for the same project."""
        return b"".join(self.parts())

    def parts(self) -> Iterator[Part]:
        """The document in pieces, for writing it without having it whole."""
        yield b'{"format":' + orjson.dumps(FORMAT) + b',\n"project":'
        yield orjson.dumps(self.project, option=orjson.OPT_SORT_KEYS)
        yield b',\n"nodes":{\n'
        ahead: Part = b""
        for part in self.nodes.records():
            yield ahead
            ahead = part
        yield ahead[: -len(SEPARATOR)]
        rest = {"parents": self.parents, "children": self.children}
        yield b"\n},\n"
        yield orjson.dumps(rest, option=orjson.OPT_SORT_KEYS)[1:] + b"\n"


def _reverse(parents: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    children: dict[str, list[str]] = {node_id: [] for node_id in parents}
    for node_id, inputs in parents.items():
        for parent in inputs:
            children[parent].append(node_id)
    return {node_id: tuple(sorted(found)) for node_id, found in children.items()}
