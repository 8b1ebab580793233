"""Which address a topic is reached at: the brokers, or the Gateway in front of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from cdk_stream.resources.project import Project
from cdk_stream.results.stream import Stream


class Endpoint(NamedTuple):
    """Where a client connects, and with which further Kafka properties."""

    bootstrap_servers: str
    properties: Mapping[str, str]


def needs_gateway(stream: Stream) -> bool:
    """A view exists only in the Gateway, which alone encrypts and decrypts columns as well."""
    if stream.materialized == "virtual_topic":
        return True
    for column in stream.columns.values():
        if column.protections and any(rule.method == "encrypt" for rule in column.protections):
            return True
    return False


def endpoint(stream: Stream, project: Project) -> Endpoint | None:
    """The way to the stream's topic; None when its cluster does not say the address."""
    cluster = project.clusters.get(stream.cluster)
    if cluster is None:
        return None
    if needs_gateway(stream):
        gateway = cluster.gateway
        if gateway is None or not gateway.bootstrap_servers:
            return None
        return Endpoint(gateway.bootstrap_servers, gateway.properties)
    if cluster.kafka is None:
        return None
    return Endpoint(cluster.kafka.bootstrap_servers, cluster.kafka.properties)
