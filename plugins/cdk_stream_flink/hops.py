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
        name: readers[0]
        for name, readers in children.items()
        if len(readers) == 1
        and name.startswith("model.")
        and readers[0].startswith("model.")
        and _is_passed_through(nodes[name], nodes[readers[0]])
    }
    for first in sorted(following.keys() - set(following.values())):
        yield _told(nodes, [first, *_rest(following, first)])


def _is_passed_through(node: Node, reader: Node) -> bool:
    """Whether two jobs pass rows on through a topic that nobody else may read."""
    if not _is_job(node) or not _is_job(reader) or node["public"] or "contract" in node:
        return False
    return bool(reader["cluster"] == node["cluster"])


def _is_job(node: Node) -> bool:
    return bool(node["backend"] == "flink")


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
