"""The rights that the project's artefacts give, and which accounts there are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal, NamedTuple

from cdk_stream.results.access import Kind
from cdk_stream.results.artifact import RIGHTS
from cdk_stream.results.manifest import Manifest, Node


class Right(NamedTuple):
    """An account may read a topic."""

    account: str
    kind: Kind
    cluster: str
    way: Literal["broker", "gateway"]
    topic: str
    is_prefix: bool
    node: str
    """What gives it."""

    def covers(self, cluster: str, topic: str) -> bool:
        """Whether the right opens a topic or a view."""
        if cluster != self.cluster or not topic:
            return False
        return topic.startswith(self.topic) if self.is_prefix else topic == self.topic


def rights_to_read(manifest: Manifest) -> list[Right]:
    """Every right to read that an artefact of the project gives."""
    return [
        right
        for node_id in manifest.nodes
        for artifact in manifest.nodes[node_id].get("artifacts", ())
        if artifact["kind"] in RIGHTS
        for right in _rights(manifest.nodes[node_id], artifact)
    ]


def _rights(node: Node, artifact: Mapping[str, Any]) -> Iterator[Right]:
    account = artifact.get("principal", "").removeprefix("User:")
    for operation, resource, name, pattern in artifact.get("rights", ()):
        if resource == "TOPIC" and operation in ("READ", "ALL"):
            yield Right(
                account,
                _kind(node),
                artifact["cluster"],
                "broker" if artifact["kind"] == "acl" else "gateway",
                name,
                pattern == "PREFIXED",
                node["id"],
            )


def _kind(node: Node) -> Kind:
    if node["kind"] == "exposure":
        return "application"
    return "job" if node.get("backend") == "flink" else "connector"


def roles_of(project: Mapping[str, Any], account: str) -> tuple[str, ...]:
    """The roles that an account has; roles that share a group of the Gateway are one to it."""
    roles = project.get("roles", {})
    groups = {
        role.get("group", name)
        for name, role in roles.items()
        if account in role["service_accounts"]
    }
    return tuple(sorted(name for name, role in roles.items() if role.get("group", name) in groups))


def opaque_rights(manifest: Manifest) -> list[tuple[str, str]]:
    """(node, artefact) of rights whose content is not known, from other plugins for instance."""
    return [
        (node_id, artifact["name"])
        for node_id in manifest.nodes
        for artifact in manifest.nodes[node_id].get("artifacts", ())
        if artifact["kind"] in RIGHTS and "rights" not in artifact
    ]
