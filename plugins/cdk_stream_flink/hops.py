"""Jobs in a row that nobody else reads between, which could be one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from cdk_stream.problems import Location, Problem, Severity

Node = Mapping[str, Any]


def hops(manifest: Mapping[str, Any]) -> Iterator[Problem]:
    """A note for each row of jobs, at its first model."""
    nodes, children = manifest["nodes"], manifest["children"]
    following = {
        name: children[name][0]
        for name, node in nodes.items()
        if _is_passed_through(node, [nodes[child] for child in children[name]])
    }
    for first in sorted(following.keys() - set(following.values())):
        yield _told(nodes, [first, *_rest(following, first)])


def _is_passed_through(node: Node, readers: list[Node]) -> bool:
    """Whether one other job reads it, and nobody else may."""
    if len(readers) != 1 or not _is_job(node) or node["public"] or "contract" in node:
        return False
    (reader,) = readers
    return _is_job(reader) and bool(reader["cluster"] == node["cluster"])


def _is_job(node: Node) -> bool:
    return bool(node["kind"] == "model" and node["backend"] == "flink")


def _rest(following: Mapping[str, str], name: str) -> Iterator[str]:
    while name in following:
        name = following[name]
        yield name


def _told(nodes: Mapping[str, Node], row: list[str]) -> Problem:
    first, names = nodes[row[0]], [nodes[node]["name"] for node in row]
    message = (
        f"{' -> '.join(names)}: {len(row)} jobs, where nobody else reads the topics between:"
        f" they could be one job, with {len(row) - 1} fewer hops"
    )
    mend = (
        f"write '{names[0]}' as a WITH clause of '{names[1]}'; a test, a contract, `public: true`"
        " or an exposure says that its topic is wanted"
    )
    location = Location(first["path"])
    return Problem(location, "CS632", message, mend, Severity.NOTE, first["id"])
