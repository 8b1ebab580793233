"""Columns -> the Avro record that Flink's `avro-confluent` format writes for them, name included.

A registry takes a record of another name for another schema, so Flink's own names are kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cdk_stream_kafka.sqltype import SqlType, UnknownType

_SIMPLE = {
    "STRING": "string",
    "VARCHAR": "string",
    "CHAR": "string",
    "BOOLEAN": "boolean",
    "TINYINT": "int",
    "SMALLINT": "int",
    "INT": "int",
    "INTEGER": "int",
    "BIGINT": "long",
    "FLOAT": "float",
    "DOUBLE": "double",
    "BYTES": "bytes",
    "VARBINARY": "bytes",
    "BINARY": "bytes",
}
_LOGICAL = {
    "DATE": ("int", "date"),
    "TIME": ("int", "time-millis"),
    "TIMESTAMP": ("long", "timestamp-millis"),
    "TIMESTAMP_LTZ": ("long", "timestamp-millis"),
}


_NAME = "record"
_NAMESPACE = "org.apache.flink.avro.generated"


def record(columns: Mapping[str, SqlType]) -> dict[str, Any]:
    """The record's schema; nullable fields are unions with null and default to it."""
    return {
        "type": "record",
        "name": _NAME,
        "namespace": _NAMESPACE,
        "fields": [_field(f"{_NAME}_{name}", name, type) for name, type in columns.items()],
    }


def _field(record: str, name: str, type: SqlType) -> dict[str, Any]:
    schema = _schema(type, record)
    if type.nullable:
        return {"name": name, "type": ["null", schema], "default": None}
    return {"name": name, "type": schema}


def _optional(type: SqlType, record: str) -> Any:
    schema = _schema(type, record)
    return ["null", schema] if type.nullable else schema


def _schema(type: SqlType, record: str) -> Any:
    """`record` names nested records apart from one another."""
    if type.name in _SIMPLE:
        return _SIMPLE[type.name]
    if type.name in _LOGICAL:
        return _logical(type)
    match type.name, type.items:
        case (("DECIMAL" | "NUMERIC" | "DEC"), _):
            precision, scale = _digits(type)
            return {
                "type": "bytes",
                "logicalType": "decimal",
                "precision": precision,
                "scale": scale,
            }
        case "ARRAY", (item,):
            return {"type": "array", "items": _optional(item, record)}
        case "MAP", (key, value) if _SIMPLE.get(key.name) == "string":
            return {"type": "map", "values": _optional(value, record)}
        case "MULTISET", (item,) if _SIMPLE.get(item.name) == "string":
            return {"type": "map", "values": "int"}
        case "ROW", items:
            return {
                "type": "record",
                "name": record,
                "fields": [
                    _field(f"{record}_{name}", name, item)
                    for name, item in zip(type.fields, items, strict=True)
                ],
            }
    raise UnknownType(f"Avro has nothing for {type.name}")


def _digits(type: SqlType) -> tuple[int, int]:
    precision, scale = (*type.numbers, *(10, 0)[len(type.numbers) :])
    return precision, scale


def _logical(type: SqlType) -> dict[str, str]:
    base, logical = _LOGICAL[type.name]
    if type.numbers and type.numbers[0] > 3 and type.name.startswith("TIMESTAMP"):
        logical = logical.replace("millis", "micros")
    return {"type": base, "logicalType": logical}
