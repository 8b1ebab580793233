"""The Avro schema to read a topic by, where its own enums must be named.

Flink makes one from the table's types, in which an enum is a string: Avro then refuses the rows.
"""

from __future__ import annotations

import re
from typing import Any

import orjson

from cdk_stream.results.stream import Stream
from cdk_stream_flink.wire import Wire, stored_type

_SIMPLE: dict[str, Any] = {
    "STRING": "string",
    "BOOLEAN": "boolean",
    "INT": "int",
    "BIGINT": "long",
    "FLOAT": "float",
    "DOUBLE": "double",
    "BYTES": "bytes",
    "DATE": {"type": "int", "logicalType": "date"},
    "TIME(3)": {"type": "int", "logicalType": "time-millis"},
    "TIMESTAMP(3)": {"type": "long", "logicalType": "timestamp-millis"},
}
_DECIMAL = re.compile(r"DECIMAL\((\d+), ?(\d+)\)")


class Unwritable(ValueError):
    """A column, named by the message, has a type that is not written down here."""


def enums(stream: Stream, names: list[str]) -> list[str]:
    """The columns that the topic itself holds as enums; what Flink writes holds none."""
    if stream.kind != "source" and stream.materialized != "virtual_topic":
        return []
    return [name for name in names if stream.columns[name].enum]


def reader_schema(stream: Stream, names: list[str], wire: Wire) -> str:
    """The record of the columns `names`, in Avro's JSON; raises `Unwritable`."""
    fields = [{"name": name, "type": _field(stream, name, wire)} for name in names]
    record = {"type": "record", "name": "record", "fields": fields}
    return orjson.dumps(record).decode()


def _field(stream: Stream, name: str, wire: Wire) -> Any:
    column = stream.columns[name]
    type_ = _enum(column.enum) if column.enum else _type(name, stored_type(column.type, wire))
    is_key = stream.changelog != "append" and name in stream.key
    return ["null", type_] if column.nullable and not is_key else type_


def _enum(enum: tuple[str, ...]) -> dict[str, Any]:
    return {"type": "enum", "name": enum[0], "symbols": enum[1:]}


def _type(name: str, type_: str) -> Any:
    simple = _SIMPLE.get(type_)
    if simple is not None:
        return simple
    decimal = _DECIMAL.fullmatch(type_)
    if decimal is None:
        raise Unwritable(name)
    precision, scale = int(decimal[1]), int(decimal[2])
    return {"type": "bytes", "logicalType": "decimal", "precision": precision, "scale": scale}
