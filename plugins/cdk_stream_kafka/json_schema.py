"""Columns -> the JSON Schema of the objects that Flink's JSON format writes for them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cdk_stream_kafka.sqltype import SqlType, UnknownType

_SIMPLE: dict[str, dict[str, Any]] = {
    "STRING": {"type": "string"},
    "VARCHAR": {"type": "string"},
    "CHAR": {"type": "string"},
    "BOOLEAN": {"type": "boolean"},
    "TINYINT": {"type": "integer"},
    "SMALLINT": {"type": "integer"},
    "INT": {"type": "integer"},
    "INTEGER": {"type": "integer"},
    "BIGINT": {"type": "integer"},
    "FLOAT": {"type": "number"},
    "DOUBLE": {"type": "number"},
    "DECIMAL": {"type": "number"},
    "NUMERIC": {"type": "number"},
    "DEC": {"type": "number"},
    "BYTES": {"type": "string", "contentEncoding": "base64"},
    "VARBINARY": {"type": "string", "contentEncoding": "base64"},
    "BINARY": {"type": "string", "contentEncoding": "base64"},
    "DATE": {"type": "string", "format": "date"},
    "TIME": {"type": "string", "format": "time"},
    "TIMESTAMP": {"type": "string", "format": "date-time"},
    "TIMESTAMP_LTZ": {"type": "string", "format": "date-time"},
}
DIALECT = "http://json-schema.org/draft-07/schema#"
"""What schema registries read."""


def object_of(title: str, columns: Mapping[str, SqlType]) -> dict[str, Any]:
    """The schema of a row; columns that may be null need not be there.

    It is closed: a registry lets no column be added to an open one, since older rows may hold
    anything there.
    """
    return {"$schema": DIALECT, "title": title, **_object(columns)}


def _object(columns: Mapping[str, SqlType]) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "type": "object",
        "properties": {
            name: {**_optional(type), "default": None} if type.nullable else _schema(type)
            for name, type in columns.items()
        },
        "additionalProperties": False,
    }
    required = [name for name, type in columns.items() if not type.nullable]
    return {**schema, "required": required} if required else schema


def _optional(type: SqlType) -> dict[str, Any]:
    schema = _schema(type)
    return {**schema, "type": [schema["type"], "null"]} if type.nullable else schema


def _schema(type: SqlType) -> dict[str, Any]:
    if type.name in _SIMPLE:
        return _SIMPLE[type.name]
    match type.name, type.items:
        case "ARRAY", (item,):
            return {"type": "array", "items": _optional(item)}
        case "MAP", (key, value) if key.name in ("STRING", "VARCHAR", "CHAR"):
            return {"type": "object", "additionalProperties": _optional(value)}
        case "MULTISET", (item,) if item.name in ("STRING", "VARCHAR", "CHAR"):
            return {"type": "object", "additionalProperties": {"type": "integer"}}
        case "ROW", items:
            return _object(dict(zip(type.fields, items, strict=True)))
    raise UnknownType(f"JSON has nothing for {type.name}")
