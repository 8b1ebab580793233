"""Who may read and write which topic, one artefact for each principal and node.

Rights on a view exist in the Gateway only: who reads a view gets none on the topic below. The same
holds for topics with protected columns, whose masks stand in the Gateway: a right on the topic
itself would lead around them.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from cdk_stream.plugin.account import job_account
from cdk_stream.resources.project import Project
from cdk_stream.results.artifact import Artifact
from cdk_stream.results.stream import Stream

_READ = ("READ",)
_WRITE = ("WRITE", "DESCRIBE")


class Use(NamedTuple):
    """A stream that a principal reads or writes, and where it needs the right to."""

    stream: Stream
    operations: tuple[str, ...]
    kind: str


def for_reader(stream: Stream) -> Use:
    """An application that reads the stream, and sees protected columns as its roles may."""
    hidden = any(column.protections for column in stream.columns.values())
    return Use(stream, _READ, "gateway_acl" if hidden or _is_view(stream) else "acl")


def for_writer(stream: Stream) -> Use:
    """An application or job that writes the stream; the Gateway encrypts as rows pass."""
    ours = stream.kind == "model" or stream.resource.security.allow_encryption
    return Use(stream, _WRITE, "gateway_acl" if ours and _is_encrypted(stream) else "acl")


def job_rights(stream: Stream, project: Project) -> list[Artifact]:
    """What the job of a Flink model needs: its inputs, its consumer group and its output.

    It goes through the Gateway only where it must: for views and for encrypted columns.
    """
    account = job_account(project.name, stream.name)
    uses = [
        Use(source, _READ, "gateway_acl" if _is_view(source) or _is_encrypted(source) else "acl")
        for source in stream.inputs.values()
        if source.topic
    ]
    uses.append(for_writer(stream))
    transactions = f"{account}-*" if stream.resource.delivery == "exactly_once" else ""
    return rights(stream.id, account, account, uses, transactions)


def sink_rights(stream: Stream, project: Project) -> list[Artifact]:
    """What the connector of a sink needs; Kafka Connect names its consumer group itself."""
    account = job_account(project.name, stream.name)
    uses = [_for_sink(source, project) for source in stream.inputs.values() if source.topic]
    return rights(stream.id, account, f"connect-{project.name}.{stream.name}", uses)


def _for_sink(stream: Stream, project: Project) -> Use:
    """A connector masks by itself, where the Gateway's address is not known."""
    use = for_reader(stream)
    cluster = project.clusters.get(stream.cluster)
    gateway = cluster.gateway if cluster is not None else None
    if _is_view(stream) or (gateway is not None and gateway.bootstrap_servers):
        return use
    return use._replace(kind="acl")


def rights(
    node: str, account: str, consumer_group: str, uses: Iterable[Use], transactions: str = ""
) -> list[Artifact]:
    """The rights of one account for one node: one artefact per cluster and place of the right.

    `transactions` is the transactional id that it writes with; one that ends in `*` is a prefix.
    """
    entries: dict[tuple[str, str], list[dict[str, str]]] = {}
    for use in uses:
        found = entries.setdefault((use.stream.cluster, use.kind), [])
        found += (_entry("TOPIC", use.stream.topic, operation) for operation in use.operations)
        group = _entry("GROUP", consumer_group, "READ")
        if use.operations == _READ and group not in found:
            found.append(group)
        if use.operations == _WRITE and transactions:
            found += (one for one in _transactions(transactions) if one not in found)
    return [
        _rights(node, account, cluster, kind, found)
        for (cluster, kind), found in sorted(entries.items())
    ]


def _rights(
    node: str, account: str, cluster: str, kind: str, entries: list[dict[str, str]]
) -> Artifact:
    principal = f"User:{account}"
    spec: dict[str, Any] = {"principal": principal, "acls": sorted(entries, key=_order)}
    return Artifact(kind, f"{account}@{node}", cluster, node, spec)


def _transactions(name: str) -> list[dict[str, str]]:
    pattern = "PREFIXED" if name.endswith("*") else "LITERAL"
    return [
        _entry("TRANSACTIONAL_ID", name.removesuffix("*"), operation, pattern)
        for operation in _WRITE
    ]


def _entry(
    resource_type: str, name: str, operation: str, pattern: str = "LITERAL"
) -> dict[str, str]:
    return {
        "resource_type": resource_type,
        "name": name,
        "pattern_type": pattern,
        "operation": operation,
    }


def _order(entry: dict[str, str]) -> tuple[str, str, str]:
    return (entry["resource_type"], entry["name"], entry["operation"])


def _is_view(stream: Stream) -> bool:
    return stream.materialized == "virtual_topic" or stream.backend == "proxy"


def _is_encrypted(stream: Stream) -> bool:
    return any(
        rule.method == "encrypt"
        for column in stream.columns.values()
        for rule in column.protections
    )
