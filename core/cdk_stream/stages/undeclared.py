"""Changes and live consumer groups -> the groups that read what changes and are no exposure's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cdk_stream.results.change import SEVERITY, Category, Change
from cdk_stream.results.consumer import LiveGroup, Undeclared
from cdk_stream.results.graph import reachable
from cdk_stream.results.manifest import Manifest


def undeclared(
    groups: Iterable[LiveGroup], changes: Iterable[Change], base: Manifest, head: Manifest
) -> tuple[Undeclared, ...]:
    """Worst first. A group is declared by its name, or by an account that all its members have.

    The project's own jobs and connectors are no strangers either. A change of whole rows touches
    every stream downstream; a change of a column those that change with it.
    """
    touched = _touched(tuple(changes), base, head)
    names, accounts = _declared(base, head)
    found = [
        Undeclared(one.group, one.topic, node, severity, one.members)
        for one in groups
        if one.topic in touched
        and one.group not in names
        and not (one.principals and accounts.issuperset(one.principals))
        for node, severity in [touched[one.topic]]
    ]
    return tuple(sorted(found, key=lambda one: (-SEVERITY[one.severity], one.group, one.topic)))


def _touched(
    changes: tuple[Change, ...], base: Manifest, head: Manifest
) -> dict[str, tuple[str, Category]]:
    """Topic -> the stream in it that changes, and how badly at worst."""
    found: dict[str, tuple[str, Category]] = {}
    for change in changes:
        for node, severity in _streams(change, base, head):
            for manifest in (base, head):
                for topic in _topics(manifest, node):
                    if topic not in found or SEVERITY[severity] > SEVERITY[found[topic][1]]:
                        found[topic] = (node, severity)
    return found


def _streams(change: Change, base: Manifest, head: Manifest) -> Iterator[tuple[str, Category]]:
    aspects = [one for one in change.aspects if one.spreads]
    if not aspects or not change.node.startswith(("source.", "model.")):
        return
    yield change.node, max(aspects, key=lambda one: SEVERITY[one.category]).category
    rows = [one.category for one in aspects if not one.column and one.category != "safe"]
    if rows:
        below = reachable(base.children, [change.node]) | reachable(head.children, [change.node])
        for node in sorted(below - {change.node}):
            if node.startswith("model."):
                yield node, "risky"


def _topics(manifest: Manifest, node_id: str) -> Iterator[str]:
    if node_id not in manifest.nodes:
        return
    node = manifest.nodes[node_id]
    if node.get("topic"):
        yield str(node["topic"])
    if node.get("materialized") != "virtual_topic":  # whose topic holds its input's rows
        yield from map(str, node.get("physical_topics", ()))


def _declared(base: Manifest, head: Manifest) -> tuple[set[str], set[str]]:
    """The groups and the accounts that exposures or our own artefacts have."""
    names: set[str] = set()
    accounts: set[str] = set()
    for manifest in (base, head):
        roles = manifest.project.get("roles") or {}
        for node in manifest.nodes.values():
            if node["kind"] == "exposure":
                names.add(str((node.get("consumer_config") or {}).get("consumer_group") or ""))
                accounts.update(node.get("service_accounts", ()))
                for role in (node.get("access") or {}).get("roles", ()):
                    accounts.update((roles.get(role) or {}).get("service_accounts") or ())
            for made in node.get("artifacts", ()):
                if made["kind"] == "connector":
                    names.add(f"connect-{made['name']}")
                elif made["kind"] == "acl" and node["kind"] == "model":
                    names.add(made["name"].partition("@")[0])  # a job's group bears its account
    return names - {""}, accounts
