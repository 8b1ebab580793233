"""The Kafka backend: topics, schemas and rights of whatever runs on Kafka."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from cdk_stream.plugin.backend import NOTHING, Backend, Compiled, Offer, Refusal, Remark
from cdk_stream.plugin.change import Version
from cdk_stream.plugin.hookspecs import hookimpl
from cdk_stream.resources.project import Project
from cdk_stream.results.artifact import Artifact
from cdk_stream.results.stream import Stream
from cdk_stream_kafka import exposure as exposures
from cdk_stream_kafka.acl import job_rights, sink_rights
from cdk_stream_kafka.subject import is_registered, subject
from cdk_stream_kafka.topic import model_topic, source_topic

_COST = 20


class KafkaBackend:
    """A Kafka cluster with its schema registry."""

    name = "kafka"
    materializations: tuple[str, ...] = ("topic",)

    def offer(self, stream: Stream, project: Project) -> Offer | Refusal:
        """An offer for models that are a topic and nothing else."""
        model = stream.resource
        if model.sql is not None or model.cel is not None or stream.sql:
            return Refusal(
                "a topic runs no SQL and no CEL",
                "leave 'materialized' out, or write virtual_topic or flink_stream",
            )
        if model.sink is not None:
            return Refusal("a sink is no topic")
        return Offer(_COST, "it is a topic that applications fill")

    def compile(self, stream: Stream, project: Project) -> Compiled:
        """The topic that the stream's rows are written to, its schema, and its job's rights."""
        if stream.kind == "source":
            if stream.resource.connect is None or not stream.topic:
                return NOTHING
            return Compiled((source_topic(stream, project),))
        if stream.backend == "connect":
            return Compiled(tuple(sink_rights(stream, project)))
        is_job = stream.backend == "flink"
        if not is_job and stream.materialized != "topic":
            return NOTHING
        artifacts = [model_topic(stream, project)]
        remarks: tuple[Remark, ...] = ()
        if is_registered(stream, project):
            made = subject(stream, project)
            if isinstance(made, Artifact):
                artifacts.append(made)
            else:
                remarks = (made,)
        if is_job:
            artifacts += job_rights(stream, project)
        return Compiled(tuple(artifacts), remarks)

    def grant(self, exposure: Any, inputs: Mapping[str, Stream], project: Project) -> Compiled:
        """The rights that the exposure's accounts need on what it reads and writes."""
        return exposures.grant(exposure, inputs, project)


@hookimpl
def check_change(
    base: Version, head: Version, changed: Sequence[str]
) -> Iterable[tuple[str, Remark]]:
    """Schemas that a registry would not let follow those of the base."""
    # Most changes touch no schema, and compiling never needs the rules.
    from cdk_stream_kafka import evolution  # noqa: PLC0415

    return evolution.check_change(base, head, changed)


@hookimpl
def register_backends() -> list[Backend]:
    """The Kafka backend."""
    return [KafkaBackend()]
