"""Models and connector-filled sources -> the topics that hold their rows."""

from __future__ import annotations

from typing import Any

from cdk_stream.resources.authoring import milliseconds
from cdk_stream.resources.model import TopicSpec
from cdk_stream.resources.project import Project
from cdk_stream.results.artifact import Artifact
from cdk_stream.results.stream import Stream

_UNSAID = TopicSpec()


def labels(project: Project, stream: Stream) -> dict[str, str]:
    """Marks a resource as ours, so that it can be told from others' and deleted safely."""
    return {"cdk-stream/project": project.name, "cdk-stream/node": stream.id}


def model_topic(stream: Stream, project: Project) -> Artifact:
    """The topic a model writes; compacted when its rows are updates by key."""
    said: TopicSpec = stream.resource.topic or _UNSAID
    defaults = project.topics
    cleanup: str = said.cleanup_policy or _cleanup(stream)
    configs = {"cleanup.policy": cleanup}
    if "delete" in cleanup or said.retention:
        configs["retention.ms"] = str(milliseconds(said.retention or defaults.retention))
    configs.update(said.config)
    return _topic(
        stream,
        project,
        said.partitions or defaults.partitions,
        said.replication_factor or defaults.replication_factor,
        configs,
    )


def _cleanup(stream: Stream) -> str:
    """Kafka takes no row without a key into a compacted topic."""
    return "compact" if stream.changelog != "append" and stream.key else "delete"


def source_topic(stream: Stream, project: Project) -> Artifact:
    """The topic that a connector of ours fills."""
    source = stream.resource
    defaults = project.topics
    return _topic(
        stream,
        project,
        source.partitions or defaults.partitions,
        defaults.replication_factor,
        {
            "cleanup.policy": _cleanup(stream),
            "retention.ms": str(milliseconds(source.retention or defaults.retention)),
        },
    )


def _topic(
    stream: Stream, project: Project, partitions: int, replicas: int, configs: dict[str, str]
) -> Artifact:
    metadata: dict[str, Any] = {
        "name": stream.topic,
        "cluster": stream.cluster,
        "labels": labels(project, stream),
    }
    if stream.resource.description:
        metadata["description"] = stream.resource.description
    return Artifact(
        kind="topic",
        name=stream.topic,
        cluster=stream.cluster,
        node=stream.id,
        spec={
            "kind": "Topic",
            "apiVersion": "kafka/v2",
            "metadata": metadata,
            "spec": {
                "partitions": partitions,
                "replicationFactor": replicas,
                "configs": dict(sorted(configs.items())),
            },
        },
    )
