"""How a connector reads and writes the bytes of a topic."""

from __future__ import annotations

from cdk_stream.resources.project import Project
from cdk_stream.results.stream import Stream

_JSON = "org.apache.kafka.connect.json.JsonConverter"
_STRING = "org.apache.kafka.connect.storage.StringConverter"
_BYTES = "org.apache.kafka.connect.converters.ByteArrayConverter"
_BY_REGISTRY = {
    "avro": "io.confluent.connect.avro.AvroConverter",
    "debezium_avro": "io.confluent.connect.avro.AvroConverter",
    "json_schema": "io.confluent.connect.json.JsonSchemaConverter",
    "protobuf": "io.confluent.connect.protobuf.ProtobufConverter",
}


def carries_schema(format_: str) -> bool:
    """Whether the rows bring their schema, so that a connector knows types and keys."""
    return format_ in _BY_REGISTRY


def is_envelope(format_: str) -> bool:
    """Whether each row is Debezium's before and after, not the row itself."""
    return format_.startswith("debezium")


def converters(
    stream: Stream, project: Project, *, as_text: bool = False, plain_key: bool = True
) -> dict[str, str] | None:
    """The settings for the stream's topic; None when they need a registry that is not there."""
    cluster = project.clusters.get(stream.cluster)
    registry = cluster.schema_registry if cluster is not None else None
    if stream.format in _BY_REGISTRY:
        if registry is None:
            return None
        value = _registered("value", _BY_REGISTRY[stream.format], registry.url)
    elif stream.format == "raw":
        value = {"value.converter": _BYTES}
    elif as_text:
        value = {"value.converter": _STRING}
    else:
        value = {"value.converter": _JSON, "value.converter.schemas.enable": "false"}
    if plain_key and has_plain_key(stream):
        return value | {"key.converter": _STRING}
    if stream.format in _BY_REGISTRY and registry is not None:
        return value | _registered("key", _BY_REGISTRY[stream.format], registry.url)
    return value | {"key.converter": _JSON, "key.converter.schemas.enable": "false"}


def _registered(part: str, converter: str, url: str) -> dict[str, str]:
    return {f"{part}.converter": converter, f"{part}.converter.schema.registry.url": url}


def has_plain_key(stream: Stream) -> bool:
    """A key of one STRING is written as it is; nothing is known of keys that nobody declared."""
    if not stream.key:
        return not is_envelope(stream.format)
    column = stream.columns.get(stream.key[0])
    return len(stream.key) == 1 and column is not None and column.type == "STRING"
