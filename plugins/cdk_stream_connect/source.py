"""A source that a connector fills -> its connector."""

from __future__ import annotations

import re

from cdk_stream.plugin.backend import Compiled
from cdk_stream.problems import near
from cdk_stream.resources.project import Connector, Project
from cdk_stream.resources.source import Source
from cdk_stream.results.stream import Stream
from cdk_stream_connect.capability import Capability
from cdk_stream_connect.catalog import CUSTOM, SOURCES, Unknown, find
from cdk_stream_connect.converter import converters, has_plain_key, is_envelope
from cdk_stream_connect.draft import Draft
from cdk_stream_connect.framework import add_transforms
from cdk_stream_connect.needs import HISTORY, of_source, writes_encrypted
from cdk_stream_connect.sink import UNWRAP
from cdk_stream_connect.translate import require, translate

_ROUTE = "org.apache.kafka.connect.transforms.RegexRouter"
_EXTRACT = "org.apache.kafka.connect.transforms.ExtractField$Key"
_PLACE = "/connect/config"


def source_connector(stream: Stream, project: Project) -> Compiled:
    """The connector that fills the topic of `stream`; nothing when its author names none."""
    source: Source = stream.resource
    if source.connect is None:
        return Compiled()
    connector = _connector(source, project)
    draft = Draft(f"the connector of '{source.name}'")
    if connector is None:
        name = source.connect.connector or ""
        mend = near(name, project.connectors)
        draft.refuse("CS656", f"there is no connector '{name}'", mend, "/connect/connector")
        return Compiled((), tuple(draft.remarks))
    try:
        capability = find(source.connect.connector or source.name, connector, SOURCES)
    except Unknown as error:
        draft.refuse("CS656", str(error), error.mend, "/connect/connector")
        return Compiled((), tuple(draft.remarks))
    if capability is not None:
        draft.title = capability.title
    cluster = connector.cluster or stream.cluster
    _runs(draft, cluster, project)
    _settings(draft, connector, source, stream, capability)
    _bytes(draft, stream, project)
    _route(draft, stream, capability)
    if capability is not None and capability.keeps_history:
        _history(draft, stream, project)
    _exactly_once(draft, cluster, project)
    _encrypts(draft, stream, project)
    if draft.is_refused:
        return Compiled((), tuple(draft.remarks))
    needs = of_source(draft.config, stream, capability, cluster, project)
    return draft.finish(f"{project.name}.{stream.name}", stream.name, cluster, stream.id, needs)


def _connector(source: Source, project: Project) -> Connector | None:
    assert source.connect is not None
    if source.connect.connector is None:
        return Connector(kind=CUSTOM)
    return project.connectors.get(source.connect.connector)


def _runs(draft: Draft, cluster: str, project: Project) -> None:
    if cluster not in project.clusters or project.clusters[cluster].connect is None:
        draft.refuse(
            "CS656",
            f"the cluster '{cluster}' has no Kafka Connect",
            f"add a `connect:` block to `clusters.{cluster}`",
            "/connect",
        )


def _settings(
    draft: Draft,
    connector: Connector,
    source: Source,
    stream: Stream,
    capability: Capability | None,
) -> None:
    assert source.connect is not None
    keys = capability.keys if capability else {}
    connection = capability.connection if capability else {}
    if capability is not None:
        draft.config["connector.class"] = capability.connector_class
        draft.config.update(capability.defaults)
    place = "/connect/connector"
    translate(draft, connector.connection, connection, capability, stream.topic, place)
    translate(draft, connector.config, keys, capability, stream.topic, place)
    translate(draft, source.connect.config, keys, capability, stream.topic, _PLACE)
    if capability is not None:
        require(draft, capability, _PLACE)
    elif "connector.class" not in draft.config:
        message = f"the source '{source.name}' does not say which connector fills it"
        draft.refuse("CS647", message, "add 'connector.class', or `connector:`", _PLACE)


def _bytes(draft: Draft, stream: Stream, project: Project) -> None:
    captured = "table.include.list" in draft.config
    found = converters(stream, project, plain_key=bool(stream.key) or not captured)
    if found is None:
        draft.refuse(
            "CS649",
            f"'{stream.name}' is {stream.format}, and cluster '{stream.cluster}' has no registry",
            f"add `schema_registry:` to `clusters.{stream.cluster}`",
            "/format",
        )
        return
    for key, value in found.items():
        draft.config.setdefault(key, value)


def _route(draft: Draft, stream: Stream, capability: Capability | None) -> None:
    """Bring the rows into the topic that the source names."""
    config = draft.config
    config.setdefault("errors.log.include.messages", "false")
    if capability is None:
        return
    if capability.topic_key:
        config[capability.topic_key] = stream.topic
        return
    first = {}
    pattern = ".*"
    if "table.include.list" in config:
        pattern = _captured(config, stream)
        if not is_envelope(stream.format):
            first["cdkUnwrap"] = UNWRAP
        if stream.key and has_plain_key(stream):
            first["cdkKey"] = {"type": _EXTRACT, "field": stream.key[0]}
    first["cdkRoute"] = {"type": _ROUTE, "regex": pattern, "replacement": stream.topic}
    add_transforms(config, first)


def _captured(config: dict[str, str], stream: Stream) -> str:
    """The topics of the captured tables, told from those of heartbeats and schema changes."""
    prefix = config.setdefault("topic.prefix", stream.name)
    tables = config["table.include.list"].split(",")
    names = "|".join(re.escape(table.strip()) for table in tables)
    return rf"{re.escape(prefix)}\.(?:.*\.)?(?:{names})"


def _exactly_once(draft: Draft, cluster: str, project: Project) -> None:
    """The worker names its transactions after its own group, and nobody may write them else."""
    place = project.clusters.get(cluster)
    connect = place.connect if place is not None else None
    wanted = draft.config.get("exactly.once.support") == "required"
    if wanted and connect is not None and not connect.group_id:
        draft.refuse(
            "CS658",
            "rows are to be written exactly once, and the name of the workers' group, which their "
            "transactions bear, is not known",
            f"add `group_id:` to `clusters.{cluster}.connect`",
            _PLACE,
        )


def _encrypts(draft: Draft, stream: Stream, project: Project) -> None:
    """Columns are encrypted by the Gateway, on the way in."""
    if not writes_encrypted(stream):
        return
    gateway = project.clusters[stream.cluster].gateway
    if gateway is None or not gateway.bootstrap_servers:
        draft.refuse(
            "CS652",
            f"columns of '{stream.name}' are encrypted by the Gateway, and its address is not "
            "known",
            f"add `bootstrap_servers:` to `clusters.{stream.cluster}.gateway`",
            "/connect",
        )
        return
    draft.config["producer.override.bootstrap.servers"] = gateway.bootstrap_servers
    for key, value in gateway.properties.items():
        draft.config.setdefault(f"producer.override.{key}", value)


def _history(draft: Draft, stream: Stream, project: Project) -> None:
    cluster = project.clusters.get(stream.cluster)
    if cluster is not None and cluster.kafka is not None:
        key = "schema.history.internal.kafka"
        draft.config.setdefault(f"{key}.bootstrap.servers", cluster.kafka.bootstrap_servers)
        draft.config.setdefault(HISTORY, f"{stream.topic}.schema-history")
