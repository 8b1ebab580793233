"""The JSON Schema of the input -> its shape."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

import orjson

from cdk_stream.policy.lint.shape import (
    ANYTHING,
    BOOLEAN,
    NULL,
    NUMBER,
    TEXT,
    Many,
    Object,
    Scalar,
    Shape,
    either,
)

_ROOM, _FILE = "cdk_stream.report", "manifest_schema.json"
_ALWAYS = {"now"}
"""Members that `input` always has, though the manifest on disk has not."""
_SCALARS: dict[str, Shape] = {
    "string": TEXT,
    "integer": NUMBER,
    "number": NUMBER,
    "boolean": BOOLEAN,
    "null": NULL,
}


@cache
def input_shape() -> Shape:
    """What policies see as `input`."""
    schema = orjson.loads(files(_ROOM).joinpath(_FILE).read_bytes())
    schema["required"] = [*schema["required"], *_ALWAYS]
    return _Reader(schema["$defs"]).shape(schema)


def shape_of(schema: dict[str, Any]) -> Shape:
    """The shape of values that fit a JSON Schema without references."""
    return _Reader({}).shape(schema)


class _Reader:
    """Every definition becomes one shape, however often it is named."""

    def __init__(self, definitions: dict[str, Any]) -> None:
        self._definitions = definitions
        self._made: dict[str, Shape] = {}

    def shape(self, schema: dict[str, Any]) -> Shape:
        if "$ref" in schema:
            return self._named(schema["$ref"].rpartition("/")[2])
        if "allOf" in schema:  # the kinds of node
            return either(self.shape(rule["then"]) for rule in schema["allOf"])
        if "anyOf" in schema:
            return either(self.shape(option) for option in schema["anyOf"])
        if "const" in schema:
            return _scalar([schema["const"]])
        if "enum" in schema:
            return _scalar(schema["enum"])
        kind = schema.get("type")
        if isinstance(kind, list):
            return either(self.shape({**schema, "type": one}) for one in kind)
        if kind == "object":
            return self._object(schema)
        if kind == "array":
            first = tuple(self.shape(item) for item in schema.get("prefixItems", ()))
            inner = self.shape(schema.get("items", {}))
            return Many("array", either(first) if first else inner, first)
        return _SCALARS.get(kind or "", ANYTHING)

    def _named(self, name: str) -> Shape:
        if name not in self._made:
            made = self.shape(self._definitions[name])
            if isinstance(made, Object):
                made = Object(made.fields, made.rest, name)
            self._made[name] = made
        return self._made[name]

    def _object(self, schema: dict[str, Any]) -> Shape:
        required = set(schema.get("required", ()))
        inner = {
            name: (self.shape(value), name in required)
            for name, value in schema.get("properties", {}).items()
        }
        rest = schema.get("additionalProperties", True)
        if rest is False:
            return Object(inner, None)
        return Object(inner, ANYTHING if rest is True else self.shape(rest))


def _scalar(values: list[Any]) -> Shape:
    if all(isinstance(value, str) for value in values):
        return Scalar("string", frozenset(values), closed=True)
    return ANYTHING
