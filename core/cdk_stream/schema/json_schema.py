"""JSON Schema of an object -> columns, in Flink's types."""

from __future__ import annotations

from typing import Any

from cdk_stream.schema.parsed import Columns, SchemaColumn, Unreadable, load_object, row

_FORMATS = {"date-time": "TIMESTAMP_LTZ(3)", "date": "DATE", "time": "TIME(0)"}
_TYPES = {"integer": "BIGINT", "number": "DOUBLE", "boolean": "BOOLEAN"}
_MAX_REFERENCES = 40

Schema = dict[str, Any]


def json_schema_columns(text: str) -> Columns:
    """The properties of an object schema; raises `Unreadable` when it is none."""
    root = load_object(text)
    schema = _follow(root, root)
    if not isinstance(schema.get("properties"), dict):
        raise Unreadable("a JSON Schema of a topic is an object with properties")
    return _properties(schema, root, 0)


def _properties(schema: Schema, root: Schema, depth: int) -> Columns:
    required = schema.get("required")
    wanted = required if isinstance(required, list) else []
    columns: Columns = {}
    for name, value in schema["properties"].items():
        property_ = value if isinstance(value, dict) else {}
        described = _follow(property_, root)
        type_, nullable = _type(described, root, depth)
        text = str(property_.get("description", described.get("description", "")))
        columns[name] = SchemaColumn(type_, nullable or name not in wanted, text)
    return columns


def _type(schema: Schema, root: Schema, depth: int) -> tuple[str, bool]:
    if depth > _MAX_REFERENCES:
        return "", True
    kind, nullable = _kind(schema)
    if kind == "string":
        return _FORMATS.get(str(schema.get("format")), "STRING"), nullable
    if kind == "object":
        return _object(schema, root, depth), nullable
    if kind == "array":
        items = schema.get("items")
        inner = _type(_follow(items, root), root, depth + 1)[0] if isinstance(items, dict) else ""
        return f"ARRAY<{inner or 'STRING'}>", nullable
    return _TYPES.get(kind, ""), nullable


def _kind(schema: Schema) -> tuple[str, bool]:
    kind = schema.get("type")
    options = schema.get("anyOf") or schema.get("oneOf")
    if kind is None and isinstance(options, list) and {"type": "null"} in options:
        rest = [option for option in options if option != {"type": "null"}]
        if len(rest) == 1 and isinstance(rest[0], dict):
            return _kind(rest[0])[0], True
    if kind is None and isinstance(schema.get("enum"), list):
        kind = "string" if all(isinstance(value, str) for value in schema["enum"]) else ""
    if isinstance(kind, list):
        kinds = [one for one in kind if one != "null"]
        return (str(kinds[0]) if len(kinds) == 1 else ""), len(kinds) < len(kind)
    return str(kind or ""), kind == "null"


def _object(schema: Schema, root: Schema, depth: int) -> str:
    if isinstance(schema.get("properties"), dict) and schema["properties"]:
        return row(_properties(schema, root, depth + 1))
    values = schema.get("additionalProperties")
    inner = _type(_follow(values, root), root, depth + 1)[0] if isinstance(values, dict) else ""
    return f"MAP<STRING, {inner or 'STRING'}>"


def _follow(schema: Schema, root: Schema) -> Schema:
    """The definition that a local `$ref` names; a remote or circular one stays unknown."""
    for _ in range(_MAX_REFERENCES):
        reference = schema.get("$ref")
        if not isinstance(reference, str):
            return schema
        if not reference.startswith("#"):
            return {}
        found: Any = root
        for step in reference[1:].split("/")[1:]:
            found = found.get(step.replace("~1", "/")) if isinstance(found, dict) else None
        schema = found if isinstance(found, dict) else {}
    return {}
