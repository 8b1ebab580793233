"""The Connect backend: a connector for each sink, and for each source that one fills."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from cdk_stream.plugin.backend import NOTHING, Backend, Compiled, Offer, Refusal
from cdk_stream.plugin.hookspecs import hookimpl
from cdk_stream.problems import near
from cdk_stream.resources.project import Project
from cdk_stream.results.stream import Stream
from cdk_stream_connect.catalog import SINKS, Unknown, find
from cdk_stream_connect.sink import connect_cluster, sink_connector
from cdk_stream_connect.source import source_connector

_COST = 20


class ConnectBackend:
    """Writes a topic to another system by a connector of the project."""

    name = "connect"
    materializations: tuple[str, ...] = ("sink",)

    def offer(self, stream: Stream, project: Project) -> Offer | Refusal:
        sink = stream.resource.sink
        if sink is None:
            return Refusal("the model has no `sink:`")
        connector = project.connectors.get(sink.connector)
        if connector is None:
            mend = near(sink.connector, project.connectors) or "add it to the project's connectors"
            return Refusal(f"there is no connector '{sink.connector}'", mend)
        try:
            find(sink.connector, connector, SINKS)
        except Unknown as error:
            return Refusal(str(error), error.mend)
        cluster = connect_cluster(sink, connector, stream)
        if cluster not in project.clusters or project.clusters[cluster].connect is None:
            mend = f"add a `connect:` block to `clusters.{cluster}`"
            return Refusal(f"the cluster '{cluster}' has no Kafka Connect", mend)
        if len(stream.inputs) != 1 or stream.sql or stream.resource.cel:
            return Refusal(
                "a sink writes one stream as it is", "put the query into a model of its own"
            )
        return Offer(_COST, f"a {connector.kind} connector writes it")

    def compile(self, stream: Stream, project: Project) -> Compiled:
        if stream.kind == "source":
            return source_connector(stream, project)
        return sink_connector(stream, project) if stream.backend == self.name else NOTHING

    def grant(self, exposure: Any, inputs: Mapping[str, Stream], project: Project) -> Compiled:
        return NOTHING


@hookimpl
def register_backends() -> Iterable[Backend]:
    return [ConnectBackend()]
