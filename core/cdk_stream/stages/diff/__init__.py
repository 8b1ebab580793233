"""Two compiled versions of a project -> what differs between them, in meaning."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Literal

from cdk_stream.resources.level import RANK
from cdk_stream.results.change import Aspect, Change, worst
from cdk_stream.results.graph import ranks
from cdk_stream.results.manifest import Manifest, Node
from cdk_stream.stages.diff.codes import aspect
from cdk_stream.stages.diff.inherit import mark_inherited
from cdk_stream.stages.diff.nodes import node_aspects
from cdk_stream.stages.diff.project import project_aspects
from cdk_stream.stages.diff.state import Judge

PROJECT = "project"
"""The `node` of changes in the project file."""


def diff(
    base: Manifest, head: Manifest, judge: Judge | None = None, touched: Collection[str] = ()
) -> tuple[Change, ...]:
    """The nodes that differ in meaning, parents first, and the project file before them.

    Formatting, comments and the place in a file are no difference. `judge` tells what becomes of
    the state of running jobs; `touched` are nodes to ask it about though they do not differ.
    """
    changes = list(_changes(base, head, judge, touched))
    if changes:
        rank = ranks(base.parents) | ranks(head.parents)
        changes.sort(key=lambda change: (rank[change.node], change.node))
    return (*_project(base, head), *mark_inherited(changes, base, head))


def _project(base: Manifest, head: Manifest) -> Iterator[Change]:
    if not base.project:
        return  # there was no project yet: everything is new
    aspects = tuple(project_aspects(base.project, head.project))
    if aspects:
        category = worst(tuple(one.category for one in aspects))
        yield Change(PROJECT, "modified", category, aspects, "stream_project.yml", "")


def _changes(
    base: Manifest, head: Manifest, judge: Judge | None, touched: Collection[str]
) -> Iterator[Change]:
    for node in head.nodes:
        if node not in base.nodes:
            yield _change(head.nodes[node], "added", (_added(head.nodes[node], head),))
        elif (
            base.nodes.fragment(node) != head.nodes.fragment(node)
            or base.parents[node] != head.parents[node]
            or node in touched
        ):
            old, new = base.nodes[node], head.nodes[node]
            aspects = node_aspects(old, new, _streams(base, node), _streams(head, node), judge)
            if aspects:
                yield _change(head.nodes[node], "modified", tuple(aspects))
    for node in base.nodes:
        if node not in head.nodes:
            yield _change(base.nodes[node], "removed", (_removed(base.nodes[node], base, head),))


def _change(
    node: Node, kind: Literal["added", "removed", "modified"], aspects: tuple[Aspect, ...]
) -> Change:
    category = worst(tuple(one.category for one in aspects))
    return Change(node["id"], kind, category, aspects, node["path"], node["pointer"])


def _streams(manifest: Manifest, node: str) -> set[str]:
    """What it reads; who writes a source is said by the application itself."""
    if not node.startswith(("source.", "model.")):
        return set()
    return {name for name in manifest.parents[node] if not name.startswith("exposure.")}


def _added(new: Node, head: Manifest) -> Aspect:
    kind, name = new["kind"], new["name"]
    if kind != "exposure":
        return aspect("ADDED", "safe", f"{kind} '{name}' is added")
    sensitive = sorted(_sensitive_reads(new, head))
    if not sensitive:
        return aspect("ADDED", "safe", f"exposure '{name}' is added")
    reads = ", ".join(f"'{column}'" for column in sensitive)
    message = f"exposure '{name}' is added and reads sensitive or unclassified data: {reads}"
    return aspect("ADDED", "risky", message)


def _sensitive_reads(exposure: Node, head: Manifest) -> Iterator[str]:
    for stream in exposure.get("consumes", ()):
        for column, held in head.nodes[stream].get("columns", {}).items():
            read = not exposure.get("columns") or column in exposure["columns"]
            level = held.get("classification")
            if read and (level is None or RANK[level] >= RANK["sensitive"]):
                yield f"{head.nodes[stream]['name']}.{column}"


def _removed(node: Node, base: Manifest, head: Manifest) -> Aspect:
    kind, name = node["kind"], node["name"]
    if kind == "test":
        message = f"test '{name}' is removed: nothing checks '{node.get('model')}' that way"
        return aspect("TEST_REMOVED", "risky", message)
    if kind == "exposure" and node.get("produces"):
        message = f"'{name}' is removed: nothing declared writes what it wrote"
        return aspect("PRODUCER_REMOVED", "risky", message)
    if kind == "exposure":
        return aspect("EXPOSURE_REMOVED", "risky", f"exposure '{name}' is removed")
    message = f"{kind} '{name}' is removed"
    twin = _twin(node, base, head)
    if twin:
        message += f"; '{twin}' looks like it under a new name"
    return aspect("REMOVED", "breaking", message, mend="deprecate it first, for its readers")


def _twin(node: Node, base: Manifest, head: Manifest) -> str:
    """The name of a new model with the same query, for a hint at a renaming."""
    fingerprint = node.get("fingerprint")
    if not fingerprint:
        return ""
    new = (head.nodes[other] for other in head.nodes if other not in base.nodes)
    return next(
        (str(other["name"]) for other in new if other.get("fingerprint") == fingerprint), ""
    )
