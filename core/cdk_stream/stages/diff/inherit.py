"""Which aspects merely follow from a change upstream."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from cdk_stream.results.change import Aspect, Change
from cdk_stream.results.manifest import Manifest, Node

# What a node's author alone decides.
_OWN = ("operation", "promise")


def mark_inherited(changes: Iterable[Change], base: Manifest, head: Manifest) -> tuple[Change, ...]:
    """The same changes, parents first, with their inherited aspects marked."""
    marked: dict[str, Change] = {}
    for change in changes:
        marked[change.node] = _with_marks(change, base, head, marked)
    return tuple(marked.values())


def _with_marks(
    change: Change, base: Manifest, head: Manifest, marked: Mapping[str, Change]
) -> Change:
    if change.kind != "modified" or not change.node.startswith(("model.", "source.")):
        return change
    old, new = base.nodes[change.node], head.nodes[change.node]
    parents = {*base.parents[change.node], *head.parents[change.node]}
    upstream = [marked[parent] for parent in parents if parent in marked]
    return replace(
        change, aspects=tuple(_marked(one, old, new, upstream, base) for one in change.aspects)
    )


def _marked(one: Aspect, old: Node, new: Node, upstream: list[Change], base: Manifest) -> Aspect:
    follows = _follows(one, old, new, upstream) or _comes_through(one, old, new, base)
    return replace(one, inherited=True) if follows else one


def _comes_through(one: Aspect, old: Node, new: Node, base: Manifest) -> bool:
    """A new column that an unchanged query passes on, for its inputs are all new as well."""
    inputs = _inputs(one.column, new)
    return (
        one.code == "COLUMN_ADDED"
        and old.get("fingerprint") == new.get("fingerprint")
        and bool(inputs)
        and not any(field in _columns(base, parent) for parent, field in inputs)
    )


def _columns(base: Manifest, node: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = base.nodes.get(node, {}).get("columns", {})
    return found


def _follows(one: Aspect, old: Node, new: Node, upstream: list[Change]) -> bool:
    if one.code.startswith("PROTECTION_") and one.column:
        return not _declared_here(one.column, old, new)
    if old.get("fingerprint") != new.get("fingerprint"):
        return False
    if one.code == "ARTIFACT_CHANGED":
        return any(other.spreads for change in upstream for other in change.aspects)
    if one.axis in _OWN:
        return False
    if not one.column:
        return any(one.code == other.code for change in upstream for other in change.aspects)
    inputs = _inputs(one.column, old) | _inputs(one.column, new)
    return any(
        other.axis == one.axis and (change.node, other.column) in inputs
        for change in upstream
        for other in change.aspects
    )


def _declared_here(column: str, old: Node, new: Node) -> bool:
    before, after = _rules(column, old), _rules(column, new)
    differing = [rule for rule in before + after if (rule in before) != (rule in after)]
    return any(rule.get("declared_by") == new["id"] for rule in differing)


def _rules(column: str, node: Node) -> list[Mapping[str, Any]]:
    return list(node.get("columns", {}).get(column, {}).get("protections", ()))


def _inputs(column: str, node: Node) -> set[tuple[str, str]]:
    edges = node.get("columns", {}).get(column, {}).get("edges", ())
    return {(parent, field) for parent, field, _ in edges}
