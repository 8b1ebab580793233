"""The live half of the proxy plugin: the Gateway of a cluster, connected."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from cdk_stream.plugin.kafka.admin import Admin, connect
from cdk_stream.plugin.kafka.rights import KafkaRights
from cdk_stream.plugin.kafka.settings import client_settings
from cdk_stream.plugin.live_hookspecs import hookimpl
from cdk_stream.plugin.placeholder import resolved
from cdk_stream.plugin.rest import Rest
from cdk_stream.plugin.rights.acls import Acls
from cdk_stream.plugin.rights.binding import Rights
from cdk_stream.plugin.system import Secrets, System
from cdk_stream.resources.project import Gateway, Project
from cdk_stream_proxy.gateway.client import GatewayApi
from cdk_stream_proxy.gateway.rights import GatewayRights
from cdk_stream_proxy.gateway.system import GatewaySystem
from cdk_stream_proxy.interceptor import PASSTHROUGH

_HEADERS = {"X-CDK-CLIENT": "cdk-stream"}


@hookimpl
def connect_systems(project: Project, cluster: str, secrets: Secrets) -> Iterable[System]:
    """The Gateway, when the cluster names one."""
    place = project.clusters.get(cluster)
    if place is None or place.gateway is None:
        return ()
    gateway = place.gateway
    url = resolved(gateway.url, secrets)
    api = GatewayApi(Rest(f"the Gateway of '{cluster}'", url, headers=_HEADERS))
    home = gateway.virtual_cluster or PASSTHROUGH
    rights = GatewayRights(api, cluster, home, _by_protocol(project, cluster, gateway, secrets))
    return (GatewaySystem(cluster, project.name, home, api, Acls(project.name, rights)),)


def _by_protocol(
    project: Project, cluster: str, gateway: Gateway, secrets: Secrets
) -> Rights | None:
    """The Gateway's rights by Kafka's protocol, when its address for clients is known."""
    at = gateway.bootstrap_servers
    if not at:
        return None

    settings = client_settings(at, gateway.properties, project.name, secrets)
    name = f"the Gateway of '{cluster}' at {at}"
    return KafkaRights(Admin(name, partial(connect, settings)))
