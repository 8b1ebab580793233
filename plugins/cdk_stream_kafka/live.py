"""The live half of the Kafka plugin: brokers and the schema registry, connected."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial

from cdk_stream.plugin.kafka.admin import Admin, connect
from cdk_stream.plugin.kafka.settings import client_settings
from cdk_stream.plugin.live_hookspecs import hookimpl
from cdk_stream.plugin.placeholder import resolved
from cdk_stream.plugin.rest import Rest
from cdk_stream.plugin.store import Store, StoreFailed
from cdk_stream.plugin.system import Secrets, System
from cdk_stream.resources.project import Cluster, Project
from cdk_stream.results.consumer import LiveGroup
from cdk_stream.results.health import GroupLag
from cdk_stream.results.violation import Violations
from cdk_stream_kafka.brokers.groups import groups as live_groups
from cdk_stream_kafka.brokers.lag import lags
from cdk_stream_kafka.brokers.system import KafkaSystem
from cdk_stream_kafka.registry.client import Registry
from cdk_stream_kafka.registry.system import RegistrySystem
from cdk_stream_kafka.store.log import Log
from cdk_stream_kafka.store.store import TopicStore
from cdk_stream_kafka.violations import ViolationsTopic

_ACCEPT = {"Accept": "application/vnd.schemaregistry.v1+json, application/json"}


@hookimpl
def connect_systems(project: Project, cluster: str, secrets: Secrets) -> Iterable[System]:
    """The brokers and the schema registry of a cluster, those of them that it names."""
    place = project.clusters.get(cluster)
    return () if place is None else list(_systems(project, cluster, place, secrets))


@hookimpl
def open_store(project: Project, secrets: Secrets) -> Iterable[Store]:
    """The topic that `deploy: state:` names."""
    state = project.deploy.state
    if state.topic is None:
        return ()
    name = state.cluster or project.default_cluster or ""
    place = project.clusters.get(name)
    if place is None or place.kafka is None:
        message = f"the topic '{state.topic}' of the record lies on no cluster with `kafka:`"
        raise StoreFailed(message, "name one: `deploy: state: cluster:`")
    servers = place.kafka.bootstrap_servers
    settings = client_settings(servers, place.kafka.properties, project.name, secrets)
    return (TopicStore(Log(state.topic, settings, project.topics.replication_factor)),)


@hookimpl
def observe_consumers(project: Project, cluster: str, secrets: Secrets) -> Iterable[LiveGroup]:
    """The groups that the brokers of a cluster know."""
    place = project.clusters.get(cluster)
    if place is None or place.kafka is None:
        return ()
    return live_groups(brokers(project, cluster, place, secrets))


@hookimpl
def observe_lag(
    project: Project, cluster: str, secrets: Secrets, groups: Sequence[str]
) -> Iterable[GroupLag]:
    """How far groups are behind in the topics of a cluster."""
    place = project.clusters.get(cluster)
    if place is None or place.kafka is None:
        return ()
    at = place.kafka.bootstrap_servers
    settings = client_settings(at, place.kafka.properties, project.name, secrets)
    return lags(brokers(project, cluster, place, secrets), groups, settings)


@hookimpl
def open_violations(
    project: Project, cluster: str, topic: str, secrets: Secrets
) -> Iterable[Violations]:
    """The topic on a cluster with brokers, read as the group `cdk-PROJECT-watch`."""
    place = project.clusters.get(cluster)
    if place is None or place.kafka is None:
        return ()
    at = place.kafka.bootstrap_servers
    settings = client_settings(at, place.kafka.properties, project.name, secrets)
    return (ViolationsTopic(topic, f"cdk-{project.name}-watch", settings),)


def _systems(project: Project, cluster: str, place: Cluster, secrets: Secrets) -> Iterator[System]:
    if place.schema_registry is not None:
        url = resolved(place.schema_registry.url, secrets)
        rest = Rest(f"the schema registry of '{cluster}'", url, headers=_ACCEPT)
        yield RegistrySystem(cluster, Registry(rest))
    if place.kafka is not None:
        yield KafkaSystem(cluster, project.name, brokers(project, cluster, place, secrets))


def brokers(project: Project, cluster: str, place: Cluster, secrets: Secrets) -> Admin:
    """The admin client of a cluster that has `kafka:`; it connects when it is asked first."""
    assert place.kafka is not None
    at = place.kafka.bootstrap_servers
    settings = client_settings(at, place.kafka.properties, project.name, secrets)
    return Admin(f"the brokers of '{cluster}' at {at}", partial(connect, settings))
