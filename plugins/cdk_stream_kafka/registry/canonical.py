"""Schemas by what they say: registries write them in their own order and spelling."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

_NAMED = ("record", "error", "enum", "fixed")
_PRIMITIVE = frozenset(("null", "boolean", "int", "long", "float", "double", "bytes", "string"))


def canonical(schema: str, format_: str) -> Any:
    """Equal for schemas that a registry takes for the same; text that is no JSON as its words."""
    try:
        parsed = orjson.loads(schema)
    except orjson.JSONDecodeError:
        return " ".join(schema.split())
    return _avro(parsed, "") if format_ == "AVRO" else parsed


def references(listed: Any) -> list[dict[str, Any]]:
    """The schemas that one refers to, in the order of their names."""
    kept = [
        {key: one[key] for key in ("name", "subject", "version") if key in one}
        for one in listed or ()
    ]
    return sorted(kept, key=lambda one: str(one.get("name")))


def _avro(schema: Any, space: str) -> Any:
    if isinstance(schema, str):
        return schema if schema in _PRIMITIVE else _full(schema, space)
    if isinstance(schema, list):
        return [_avro(member, space) for member in schema]
    if not isinstance(schema, Mapping):
        return schema
    kind = schema.get("type")
    if set(schema) == {"type"}:
        return _avro(kind, space)
    if kind in _NAMED:
        return _named(schema, space)
    told = dict(schema)
    for key in ("items", "values"):
        if key in told:
            told[key] = _avro(told[key], space)
    if not isinstance(kind, str):
        told["type"] = _avro(kind, space)
    return told


def _named(schema: Mapping[str, Any], space: str) -> dict[str, Any]:
    """A named type under its full name; what is inside takes its namespace."""
    name = str(schema.get("name", ""))
    own = str(schema.get("namespace", space))
    full = _full(name, own)
    inner = full.rpartition(".")[0]
    told = {key: value for key, value in schema.items() if key != "namespace"} | {"name": full}
    if "aliases" in told:
        told["aliases"] = sorted(_full(str(alias), inner) for alias in told["aliases"])
    if "fields" in told:
        told["fields"] = [_field(field, inner) for field in told["fields"]]
    return told


def _field(field: Mapping[str, Any], space: str) -> dict[str, Any]:
    told = {key: value for key, value in field.items() if (key, value) != ("order", "ascending")}
    return told | {"type": _avro(field.get("type"), space)}


def _full(name: str, space: str) -> str:
    return name if "." in name or not space else f"{space}.{name}"
