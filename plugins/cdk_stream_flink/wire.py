"""How rows lie in a topic, in the words of Flink's formats."""

from __future__ import annotations

import re
from typing import NamedTuple

from cdk_stream.resources.project import Project
from cdk_stream.resources.source import Source
from cdk_stream.results.stream import Stream


class Wire(NamedTuple):
    """A format and its options, named without the `value.FORMAT.` in front."""

    format: str
    options: tuple[tuple[str, str], ...] = ()
    is_coarse: bool = False
    """It knows no TIMESTAMP_LTZ, and nothing finer than milliseconds."""
    is_changelog: bool = False
    """The rows themselves say insert, update or delete."""


_ISO = (("timestamp-format.standard", "ISO-8601"),)
_FIXED = {
    "json": Wire("json", _ISO),
    "debezium_json": Wire("debezium-json", _ISO, is_changelog=True),
    "raw": Wire("raw"),
}
_RAW = _FIXED["raw"]
_PLAIN_AVRO = Wire("avro", (("timestamp_mapping.legacy", "false"),))
_FINE_TIME = re.compile(r"TIMESTAMP(?:_LTZ)?(?!_LTZ|\([0-3]\))")


def value_wire(stream: Stream, project: Project) -> Wire | None:
    """The format of the topic's values; None when Flink has none for it."""
    fixed = _FIXED.get(stream.format)
    if fixed is not None:
        return fixed
    registry = project.clusters[stream.cluster].schema_registry
    if stream.format == "avro":
        if registry is None:
            return _PLAIN_AVRO
        return Wire("avro-confluent", (("url", registry.url),), is_coarse=True)
    if stream.format == "debezium_avro" and registry is not None:
        url = (("url", registry.url),)
        return Wire("debezium-avro-confluent", url, is_coarse=True, is_changelog=True)
    if stream.format == "protobuf":
        return _protobuf(stream)
    return None


def key_wire(stream: Stream, value: Wire) -> Wire:
    """The format of the topic's keys: one STRING is written as it is, others as the values are."""
    if len(stream.key) == 1 and stream.columns[stream.key[0]].type == "STRING":
        return _RAW
    return value if value.format in ("avro", "avro-confluent") else _FIXED["json"]


def needs_every_column(wire: Wire) -> bool:
    """Whether a table must list the topic's columns whole and in order to be read at all."""
    return wire.format in ("avro", "raw")


def stored_type(type_: str, wire: Wire) -> str:
    """The type to declare for a column of `type_`: some formats know fewer types than SQL."""
    return type_.replace("TIMESTAMP_LTZ", "TIMESTAMP") if wire.is_coarse else type_


def is_too_fine(type_: str, wire: Wire) -> bool:
    """Whether the format would lose or refuse a time of this precision."""
    return wire.is_coarse and _FINE_TIME.search(type_) is not None


def _protobuf(stream: Stream) -> Wire | None:
    resource = stream.resource
    name = resource.message_class if isinstance(resource, Source) else None
    return Wire("protobuf", (("message-class-name", name),)) if name else None
