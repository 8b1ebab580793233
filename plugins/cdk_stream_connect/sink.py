"""A sink model -> its connector."""

from __future__ import annotations

from cdk_stream.plugin.backend import Compiled
from cdk_stream.problems import near
from cdk_stream.resources.model import SinkSpec
from cdk_stream.resources.project import Connector, Project
from cdk_stream.results.stream import Stream
from cdk_stream_connect.capability import Capability
from cdk_stream_connect.catalog import SINKS, Unknown, find
from cdk_stream_connect.converter import (
    carries_schema,
    converters,
    has_plain_key,
    is_envelope,
)
from cdk_stream_connect.draft import Draft
from cdk_stream_connect.framework import add_transforms, drop_tombstones
from cdk_stream_connect.mode import LOGICAL, write_mode
from cdk_stream_connect.needs import of_sink
from cdk_stream_connect.protect import guard_errors, mask
from cdk_stream_connect.translate import require, translate

_HOIST = "org.apache.kafka.connect.transforms.HoistField$Key"
UNWRAP = {"type": "io.debezium.transforms.ExtractNewRecordState"}


def connect_cluster(sink: SinkSpec, connector: Connector | None, stream: Stream) -> str:
    """The cluster whose Connect workers run the connector."""
    return sink.cluster or (connector.cluster if connector else None) or stream.cluster


def sink_connector(stream: Stream, project: Project) -> Compiled:
    """The connector that writes the one input of `stream` to its target."""
    sink: SinkSpec = stream.resource.sink
    connector = project.connectors[sink.connector]
    (source,) = stream.inputs.values()
    try:
        capability = find(sink.connector, connector, SINKS)
    except Unknown as error:
        draft = Draft(sink.connector)
        draft.refuse("CS656", str(error), error.mend, "/sink/connector")
        return Compiled((), tuple(draft.remarks))
    draft = Draft(capability.title if capability else f"the connector '{sink.connector}'")
    cluster = connect_cluster(sink, connector, stream)
    draft.config["topics"] = source.topic
    _settings(draft, sink, connector, source, capability)
    _bytes(draft, source, capability, project)
    _transforms(draft, source, stream, capability, project)
    _address(draft, source, cluster, project)
    _same_topic(draft, sink, source)
    needs = of_sink(draft.config, stream, cluster, project)
    return draft.finish(f"{project.name}.{stream.name}", stream.name, cluster, stream.id, needs)


def _settings(
    draft: Draft,
    sink: SinkSpec,
    connector: Connector,
    source: Stream,
    capability: Capability | None,
) -> None:
    topic, config = source.topic, draft.config
    if capability is None:
        translate(draft, connector.connection, {}, None, topic, "/sink/connector")
        translate(draft, connector.config, {}, None, topic, "/sink/connector")
        translate(draft, sink.config, {}, None, topic, "/sink/config")
        if "connector.class" not in config:
            message = f"the custom connector '{sink.connector}' does not say its class"
            draft.refuse("CS647", message, "add 'connector.class'", "/sink/connector")
        return
    _same_target(draft, sink, connector, capability)
    config["connector.class"] = capability.connector_class
    config.update(capability.defaults)
    connection, keys = capability.connection, capability.keys
    translate(draft, connector.connection, connection, capability, topic, "/sink/connector")
    translate(draft, connector.config, keys, capability, topic, "/sink/connector")
    own = {key: value for key, value in sink.config.items() if key not in LOGICAL}
    translate(draft, own, keys, capability, topic, "/sink/config")
    write_mode(draft, sink.config, source, capability)
    _named_columns(draft, source, capability)
    require(draft, capability, "/sink/config")


def _same_target(
    draft: Draft, sink: SinkSpec, connector: Connector, capability: Capability
) -> None:
    if sink.type not in (connector.kind, *capability.targets):
        draft.refuse(
            "CS655",
            f"the connector '{sink.connector}' does not write a '{sink.type}'",
            near(sink.type, capability.targets),
            "/sink/type",
        )


def _bytes(draft: Draft, source: Stream, capability: Capability | None, project: Project) -> None:
    as_text = capability is not None and capability.writes_text
    found = converters(source, project, as_text=as_text)
    if found is None:
        draft.refuse(
            "CS649",
            f"'{source.name}' is {source.format}, and cluster '{source.cluster}' has no registry",
            f"add `schema_registry:` to `clusters.{source.cluster}`",
            "/sink",
        )
        return
    for key, value in found.items():
        draft.config.setdefault(key, value)
    if capability is not None and capability.needs_schema and not carries_schema(source.format):
        draft.refuse(
            "CS649",
            f"{draft.title} needs rows with a schema, and those of '{source.name}' are "
            f"{source.format}",
            f"write '{source.name}' with `format: avro`",
            "/sink/connector",
        )


def _transforms(
    draft: Draft, source: Stream, stream: Stream, capability: Capability | None, project: Project
) -> None:
    hiding = mask(draft, source, stream, project)
    understands = capability is not None and capability.reads_envelopes
    first = {}
    if is_envelope(source.format) and (hiding or not understands):
        first["cdkUnwrap"] = UNWRAP
    if capability is not None and source.changelog != "append" and not _deletes(draft, capability):
        first["cdkDrop"] = drop_tombstones(draft.config)
    if hiding:
        first["cdkMask"] = hiding
    if capability is not None and capability.needs_key_fields and _replaces(draft, capability):
        first |= _named_key(source)
    add_transforms(draft.config, first)
    guard_errors(draft, source, bool(hiding))
    if hiding and (source.format == "raw" or "StringConverter" in draft.config["value.converter"]):
        draft.refuse(
            "CS651",
            f"columns of '{source.name}' must be masked, and {draft.title} sees no columns",
            "use another connector or format",
            "/sink/connector",
        )


def _deletes(draft: Draft, capability: Capability) -> bool:
    """Whether rows without a value mean something to the connector, or the author said what."""
    key, value = capability.deletes
    said = draft.config.get(key) == value if key else False
    if not said and capability.upserts and _replaces(draft, capability):
        draft.note(
            "CS659",
            f"rows that are deleted stay in the target of {draft.title}",
            "set 'delete_enabled: true' to delete them there too",
            "/sink/config",
        )
    return said or "behavior.on.null.values" in draft.config


def _named_columns(draft: Draft, source: Stream, capability: Capability) -> None:
    for key in sorted(capability.names_columns & draft.config.keys()):
        for item in draft.config[key].split(","):
            name = item.strip().rpartition(":")[2]
            if name not in source.columns and not source.open:
                message = f"'{key}' names '{name}', which is not a column of '{source.name}'"
                mend = near(name, source.columns)
                draft.refuse("CS645", message, mend, f"/sink/config/{key}")


def _replaces(draft: Draft, capability: Capability) -> bool:
    return capability.modes["UPSERT"].items() <= draft.config.items()


def _named_key(source: Stream) -> dict[str, dict[str, str]]:
    if not (source.key and has_plain_key(source)):
        return {}
    return {"cdkKey": {"type": _HOIST, "field": source.key[0]}}


def _address(draft: Draft, source: Stream, connect: str, project: Project) -> None:
    """Views, and protected topics where they can, are read through the Gateway."""
    cluster = project.clusters.get(source.cluster)
    if cluster is None:
        draft.refuse("CS652", f"there is no cluster '{source.cluster}'", "", "/sink")
        return
    is_view = source.materialized == "virtual_topic"
    is_protected = any(column.protections for column in source.columns.values())
    if (is_view or is_protected) and cluster.gateway and cluster.gateway.bootstrap_servers:
        way, properties = cluster.gateway.bootstrap_servers, cluster.gateway.properties
    elif is_view:
        draft.refuse(
            "CS652",
            f"'{source.name}' exists only in the Gateway, and its address is not known",
            f"add `bootstrap_servers:` to `clusters.{source.cluster}.gateway`",
            "/sink",
        )
        return
    elif source.cluster != connect and cluster.kafka:
        way, properties = cluster.kafka.bootstrap_servers, cluster.kafka.properties
    else:
        return
    draft.config["consumer.override.bootstrap.servers"] = way
    for key, value in properties.items():
        draft.config.setdefault(f"consumer.override.{key}", value)


def _same_topic(draft: Draft, sink: SinkSpec, source: Stream) -> None:
    if sink.topic is not None and sink.topic != source.topic:
        draft.warn(
            "CS653",
            f"the sink names the topic '{sink.topic}', but '{source.name}' is in '{source.topic}', "
            "which is what it reads",
            f"set `topic: {sink.topic}` in '{source.name}', or leave the sink's topic out",
            "/sink/topic",
        )
