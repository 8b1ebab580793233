"""The bodies that the Gateway's API takes: interceptors and groups.

Priorities, lower first: encrypt 300, decrypt 400 (450 for models), view 500, mask 700 (750 for
models). Decryption comes before a view so that its filter reads clear text; masks come after it.
Only the interceptors of one source and of one model over it can meet on a topic, so numbers that
are unique within a node and apart for sources and models never tie where the order matters.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from cdk_stream.resources.project import Cluster, Gateway, Project
from cdk_stream.results.artifact import Artifact
from cdk_stream.results.stream import Stream
from cdk_stream_proxy.pattern import anchored_topics

PLUGINS = "io.conduktor.gateway.interceptor."
API = "gateway/v2"
PASSTHROUGH = "passthrough"
"""The virtual cluster of clients that name none."""

ENCRYPT, DECRYPT, VIEW, MASK = 300, 400, 500, 700
_OF_MODELS = 50
_BAND = 49


class Place(NamedTuple):
    """Where the interceptors of a stream go."""

    project: Project
    stream: Stream
    cluster: Cluster
    gateway: Gateway

    @property
    def virtual_cluster(self) -> str:
        return self.gateway.virtual_cluster or PASSTHROUGH


def priority(place: Place, band: int, index: int = 0) -> int:
    """The `index`-th number of the node in a band; masks beyond the band's end commute."""
    start = band if band in (ENCRYPT, VIEW) or place.stream.kind == "source" else band + _OF_MODELS
    return start + min(index, _BAND)


def name(project: Project, node: str, purpose: str) -> str:
    """`cdk.<project>.<model or source>.<purpose>`; equal names of narrower scope override."""
    return f"cdk.{project.name}.{node}.{purpose}"


def interceptor(
    place: Place,
    purpose: str,
    plugin: str,
    config: dict[str, Any],
    priority: int,
    *,
    group: str = "",
    username: str = "",
    owner: str = "",
) -> Artifact:
    """An interceptor for everyone of the virtual cluster, or for one group or account.

    `owner` names another node whose interceptor this one overrides.
    """
    named = name(place.project, owner or place.stream.name, purpose)
    scope = {"vCluster": place.virtual_cluster}
    if group:
        scope["group"] = group
    if username:
        scope["username"] = username
    narrow = group or username
    return Artifact(
        kind="interceptor",
        name=f"{named}@{narrow}" if narrow else named,
        cluster=place.stream.cluster,
        node=place.stream.id,
        spec={
            "kind": "Interceptor",
            "apiVersion": API,
            "metadata": {"name": named, "scope": scope},
            "spec": {
                "comment": f"cdk-stream project={place.project.name} node={place.stream.id}",
                "priority": priority,
                "pluginClass": PLUGINS + plugin,
                "config": config,
            },
        },
    )


def topics(place: Place, *names: str) -> str:
    """The anchored expression for exactly these topics.

    A virtual cluster's topics carry its name in front on the physical cluster; which of the two
    names a plugin sees is not documented, so both are listed.
    """
    prefix = place.gateway.virtual_cluster
    if prefix and prefix != PASSTHROUGH:
        return anchored_topics((*names, *(prefix + topic for topic in names)))
    return anchored_topics(names)


def schema_registry(place: Place, format: str) -> dict[str, Any]:
    """The `schemaRegistryConfig` of a plugin that must decode the rows; {} for plain JSON."""
    registry = place.cluster.schema_registry
    if format in ("json", "debezium_json", "raw") or registry is None:
        return {}
    return {"schemaRegistryConfig": {"type": "CONFLUENT", "host": registry.url}}
