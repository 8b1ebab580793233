"""The live half of the Connect plugin: the workers of a cluster, connected."""

from __future__ import annotations

from collections.abc import Iterable

from cdk_stream.plugin.live_hookspecs import hookimpl
from cdk_stream.plugin.placeholder import resolved
from cdk_stream.plugin.rest import Rest
from cdk_stream.plugin.system import Secrets, System
from cdk_stream.resources.project import Project
from cdk_stream_connect.workers.client import Workers, is_rebalancing
from cdk_stream_connect.workers.system import ConnectSystem

_VALIDATING = 60.0
"""Some connectors open the database to judge a configuration."""


@hookimpl
def connect_systems(project: Project, cluster: str, secrets: Secrets) -> Iterable[System]:
    """Kafka Connect, when the cluster names it."""
    place = project.clusters.get(cluster)
    if place is None or place.connect is None:
        return ()
    url = resolved(place.connect.url, secrets)
    rest = Rest(f"Kafka Connect of '{cluster}'", url, timeout=_VALIDATING, busy=is_rebalancing)
    return (ConnectSystem(cluster, project.name, Workers(rest)),)
