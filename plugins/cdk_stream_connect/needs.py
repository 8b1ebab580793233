"""What a connector needs of Kafka beside the rows it moves: further topics, and rights to them.

The rights to the topic that a sink reads are given where all readers get theirs. Connect creates a
missing topic by itself when it may; here nothing may, so each is declared.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from cdk_stream.plugin.account import job_account
from cdk_stream.resources.authoring import milliseconds
from cdk_stream.resources.project import Project
from cdk_stream.results.artifact import Artifact
from cdk_stream.results.stream import Stream
from cdk_stream_connect.capability import Capability

HISTORY = "schema.history.internal.kafka.topic"
_DEAD_LETTERS = "errors.deadletterqueue.topic.name"
_WRITE = ("DESCRIBE", "WRITE")
_READ_AND_WRITE = ("DESCRIBE", "READ", "WRITE")


class Entry(NamedTuple):
    """A right in Kafka's words."""

    resource_type: str
    name: str
    operation: str
    pattern_type: str = "LITERAL"


def of_sink(
    config: dict[str, str], stream: Stream, cluster: str, project: Project
) -> list[Artifact]:
    """The topic for rows that fail, which the worker writes on its own cluster."""
    topic = config.get(_DEAD_LETTERS)
    if not topic:
        return []
    retention = {"cleanup.policy": "delete", "retention.ms": _retention(project)}
    entries = [Entry("TOPIC", topic, operation) for operation in _WRITE]
    return [
        _topic(topic, retention, stream, cluster, project),
        _rights(entries, stream, cluster, project, of="dead-letters"),
    ]


def of_source(
    config: dict[str, str],
    stream: Stream,
    capability: Capability | None,
    cluster: str,
    project: Project,
) -> list[Artifact]:
    """The topic it fills, and those where it remembers: a schema's history, a heartbeat."""
    topics: list[tuple[str, dict[str, str]]] = []
    entries: list[Entry] = []
    if not writes_encrypted(stream):
        entries += [Entry("TOPIC", stream.topic, operation) for operation in _WRITE]
    prefix = config.get("topic.prefix", "")
    if capability is not None and capability.keeps_history and HISTORY in config:
        topics.append((config[HISTORY], {"cleanup.policy": "delete", "retention.ms": "-1"}))
        entries += [Entry("TOPIC", config[HISTORY], operation) for operation in _READ_AND_WRITE]
        entries.append(Entry("GROUP", f"{prefix}-schemahistory", "READ"))
    if config.get("heartbeat.interval.ms", "0") != "0":
        beats = f"{config.get('topic.heartbeat.prefix', '__debezium-heartbeat')}.{prefix}"
        topics.append((beats, {"cleanup.policy": "delete", "retention.ms": _retention(project)}))
        entries += [Entry("TOPIC", beats, operation) for operation in _WRITE]
    entries += _transactions(config, stream, cluster, project)
    made = [_topic(name, configs, stream, cluster, project) for name, configs in topics]
    if entries:
        made.append(_rights(entries, stream, cluster, project))
    if writes_encrypted(stream):
        through = [Entry("TOPIC", stream.topic, operation) for operation in _WRITE]
        made.append(_rights(through, stream, stream.cluster, project, kind="gateway_acl"))
    return made


def writes_encrypted(stream: Stream) -> bool:
    """Whether the rows of a source must pass the Gateway on their way in, which encrypts them."""
    rules = (rule for column in stream.columns.values() for rule in column.protections)
    return stream.resource.security.allow_encryption and any(
        rule.method == "encrypt" for rule in rules
    )


def _transactions(
    config: dict[str, str], stream: Stream, cluster: str, project: Project
) -> Iterable[Entry]:
    """An exactly-once source writes as `GROUP-CONNECTOR-TASK`; see KIP-618."""
    if config.get("exactly.once.support") != "required":
        return
    connect = project.clusters[cluster].connect
    group = connect.group_id if connect is not None else ""
    prefix = f"{group}-{project.name}.{stream.name}-"
    for operation in _WRITE:
        yield Entry("TRANSACTIONAL_ID", prefix, operation, "PREFIXED")


def _retention(project: Project) -> str:
    return str(milliseconds(project.topics.retention))


def _topic(
    name: str, configs: dict[str, str], stream: Stream, cluster: str, project: Project
) -> Artifact:
    """Several connectors may share one, so it bears the name of no node."""
    labels = {"cdk-stream/project": project.name}
    spec = {
        "kind": "Topic",
        "apiVersion": "kafka/v2",
        "metadata": {"name": name, "cluster": cluster, "labels": labels},
        "spec": {
            "partitions": 1,
            "replicationFactor": project.topics.replication_factor,
            "configs": configs,
        },
    }
    return Artifact("topic", name, cluster, stream.id, spec)


def _rights(
    entries: Iterable[Entry],
    stream: Stream,
    cluster: str,
    project: Project,
    *,
    of: str = "",
    kind: str = "acl",
) -> Artifact:
    account = job_account(project.name, stream.name)
    name = f"{account}@{stream.id}" + (f".{of}" if of else "")
    acls = [entry._asdict() for entry in sorted(entries)]
    return Artifact(kind, name, cluster, stream.id, {"principal": f"User:{account}", "acls": acls})
