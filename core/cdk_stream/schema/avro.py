"""Avro record schema -> columns, in Flink's types."""

from __future__ import annotations

from typing import Any

from cdk_stream.schema.parsed import Columns, SchemaColumn, Unreadable, load_object, row

_PRIMITIVES = {
    "boolean": "BOOLEAN",
    "int": "INT",
    "long": "BIGINT",
    "float": "FLOAT",
    "double": "DOUBLE",
    "string": "STRING",
    "bytes": "BYTES",
    "enum": "STRING",
    "fixed": "BYTES",
}
_LOGICAL = {
    "date": "DATE",
    "time-millis": "TIME(3)",
    "time-micros": "TIME(6)",
    "timestamp-millis": "TIMESTAMP_LTZ(3)",
    "timestamp-micros": "TIMESTAMP_LTZ(6)",
    "local-timestamp-millis": "TIMESTAMP(3)",
    "local-timestamp-micros": "TIMESTAMP(6)",
    "uuid": "STRING",
}


def avro_columns(text: str) -> Columns:
    """The fields of a record schema; raises `Unreadable` when it is none."""
    schema = load_object(text)
    if schema.get("type") != "record":
        raise Unreadable("an Avro schema of a topic is a record")
    columns = _fields(schema, {})
    known: dict[str, tuple[str, ...]] = {}
    for field in schema["fields"]:
        enum = _enum(field["type"], schema.get("namespace"), known)
        if enum:
            columns[field["name"]] = columns[field["name"]]._replace(enum=enum)
    return columns


def _enum(type_: Any, namespace: Any, known: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    """The full name and the symbols of a field that is an enum, or NULL or an enum."""
    for branch in type_ if isinstance(type_, list) else [type_]:
        if isinstance(branch, str) and branch in known:
            return known[branch]
        if isinstance(branch, dict) and branch.get("type") == "enum":
            name, inside = str(branch.get("name")), branch.get("namespace", namespace)
            full = f"{inside}.{name}" if inside and "." not in name else name
            symbols = branch.get("symbols")
            listed = symbols if isinstance(symbols, list) else []
            known[name] = known[full] = (full, *map(str, listed))
            return known[full]
    return ()


def _fields(schema: dict[str, Any], named: dict[str, str]) -> Columns:
    fields = schema.get("fields")
    if not isinstance(fields, list):
        raise Unreadable("an Avro record has a list of fields")
    columns: Columns = {}
    for field in fields:
        if not isinstance(field, dict) or not isinstance(field.get("name"), str):
            raise Unreadable("an Avro field has a name and a type")
        type_, nullable = _type(field.get("type"), named)
        columns[field["name"]] = SchemaColumn(type_, nullable, str(field.get("doc", "")))
    return columns


def _type(schema: Any, named: dict[str, str]) -> tuple[str, bool]:
    if isinstance(schema, list):
        branches = [branch for branch in schema if branch != "null"]
        type_ = _type(branches[0], named)[0] if len(branches) == 1 else ""
        return type_, len(branches) < len(schema)
    if isinstance(schema, str):
        return _PRIMITIVES.get(schema) or named.get(schema, ""), schema == "null"
    if not isinstance(schema, dict):
        raise Unreadable("an Avro type is a name, a list or an object")
    type_ = _complex(schema, named)
    if isinstance(schema.get("name"), str):
        named[schema["name"]] = type_
        if isinstance(schema.get("namespace"), str):
            named[f"{schema['namespace']}.{schema['name']}"] = type_
    return type_, False


def _complex(schema: dict[str, Any], named: dict[str, str]) -> str:
    logical = schema.get("logicalType")
    if logical == "decimal":
        return f"DECIMAL({schema.get('precision', 10)}, {schema.get('scale', 0)})"
    if isinstance(logical, str) and logical in _LOGICAL:
        return _LOGICAL[logical]
    kind = schema.get("type")
    if kind == "record":
        return row(_fields(schema, named))
    if kind == "array":
        return f"ARRAY<{_type(schema.get('items'), named)[0] or 'STRING'}>"
    if kind == "map":
        return f"MAP<STRING, {_type(schema.get('values'), named)[0] or 'STRING'}>"
    return _type(kind, named)[0] if not isinstance(kind, str) else _PRIMITIVES.get(kind, "")
