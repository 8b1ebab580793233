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


def endpoint(stream: Stream, project: Project, account: str) -> Endpoint | None:
    """The way of `account` to the stream's topic; None when the cluster names no address."""
    cluster = project.clusters.get(stream.cluster)
    if cluster is None:
        return None
    if needs_gateway(stream):
        gateway = cluster.gateway
        if gateway is None or not gateway.bootstrap_servers:
            return None
        return Endpoint(gateway.bootstrap_servers, _own(gateway.properties, account))
    if cluster.kafka is None:
        return None
    return Endpoint(cluster.kafka.bootstrap_servers, _own(cluster.kafka.properties, account))


def _own(properties: dict[str, str], account: str) -> dict[str, str]:
    """With the account's name in place of `{account}`, and as a variable's of `{ACCOUNT}`."""
    if not any("{" in value for value in properties.values()):
        return properties
    variable = account.upper().replace("-", "_")
    return {
        key: value.replace("{account}", account).replace("{ACCOUNT}", variable)
        for key, value in properties.items()
    }
