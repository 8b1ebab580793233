"""A parameter of a policy: its default, what values it takes, and whether projects may set it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from cdk_stream.problems import near

Schema = dict[str, Any]
"""Of JSON Schema: `type`, `enum`, bounds, `pattern`, `items`, `properties` and their like."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """What METADATA says under `custom: params: NAME:`."""

    default: Any
    schema: Schema
    overridable: bool = True
    """Whether a project may set another value."""
    description: str = ""


MISSING = object()
"""The default of an argument that has none."""
_OWN = {"default", "description", "overridable"}
_TYPES: dict[str, Callable[[Any], bool]] = {
    "array": lambda value: isinstance(value, list),
    "boolean": lambda value: isinstance(value, bool),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "object": lambda value: isinstance(value, dict),
    "string": lambda value: isinstance(value, str),
}
_KEYWORDS: dict[str, Any] = {
    "additionalProperties": (bool, dict),
    "enum": list,
    "items": dict,
    "maxItems": int,
    "maximum": (int, float),
    "minItems": int,
    "minLength": int,
    "minimum": (int, float),
    "pattern": str,
    "properties": dict,
    "required": list,
    "type": str,
    "uniqueItems": bool,
}


def parameter(name: str, said: Any) -> Parameter:
    """From METADATA: a schema with a `default`, or the default alone, which gives the type.

    Raises `ValueError` with what is wrong.
    """
    found = argument(name, said)
    if found.default is MISSING:
        raise ValueError(f"parameter '{name}' has no default")
    return found


def argument(name: str, said: Any) -> Parameter:
    """As `parameter`, of a template or macro: without a default it must be given (`MISSING`)."""
    if not isinstance(said, dict) or not ({"type", "enum"} & said.keys()):
        return Parameter(said, _like(said))
    schema = {key: value for key, value in said.items() if key not in _OWN}
    for fault in _wrong_schema(schema, name):
        raise ValueError(fault)
    for key, kind in (("overridable", bool), ("description", str)):
        if not isinstance(said.get(key, kind()), kind):
            raise ValueError(f"'{key}' of parameter '{name}' is not {_WORDS[kind]}")
    overridable, description = said.get("overridable", True), said.get("description", "")
    if "default" not in said:
        return Parameter(MISSING, schema, overridable, description)
    for fault in faults(said["default"], schema, name):
        raise ValueError(f"the default of a parameter does not fit: {fault}")
    return Parameter(said["default"], schema, overridable, description)


_WORDS = {bool: "true or false", str: "text"}


def _like(value: Any) -> Schema:
    """The schema that a default alone stands for; nothing about the items of an empty list."""
    for kind, fits in _TYPES.items():
        if fits(value):
            found: Schema = {"type": kind}
            if kind == "array" and value:
                kinds = [_like(item) for item in value]
                found |= {"items": kinds[0]} if all(item == kinds[0] for item in kinds) else {}
            return found
    return {}


def _wrong_schema(schema: Any, name: str) -> Iterator[str]:
    if not isinstance(schema, dict):
        yield f"the schema of '{name}' is not a mapping"
        return
    for key, value in schema.items():
        if key not in _KEYWORDS:
            mend = near(str(key), _KEYWORDS)
            yield f"parameter '{name}' has no '{key}'" + (f"; {mend}" if mend else "")
        elif not isinstance(value, _KEYWORDS[key]):
            yield f"'{key}' of parameter '{name}' has the wrong type"
        elif key == "type" and value not in _TYPES:
            yield f"parameter '{name}' has no type '{value}'; known here: {', '.join(_TYPES)}"
        elif key == "pattern" and not _is_pattern(value):
            yield f"'pattern' of parameter '{name}' is not a regular expression"
        elif key == "items" or (key == "additionalProperties" and isinstance(value, dict)):
            yield from _wrong_schema(value, name)
        elif key == "properties":
            for inner in value.values():
                yield from _wrong_schema(inner, name)


def _is_pattern(text: str) -> bool:
    try:
        re.compile(text)
    except re.error:
        return False
    return True


def faults(value: Any, schema: Schema, name: str) -> Iterator[str]:
    """What of `value` does not fit `schema`, in words that begin with its name."""
    kind = schema.get("type")
    if kind is not None and not _TYPES[kind](value):
        yield f"'{name}' is not {_article(kind)}: {value!r}"
        return
    if "enum" in schema and value not in schema["enum"]:
        yield f"'{name}' is none of {', '.join(map(str, schema['enum']))}: {value!r}"
    if isinstance(value, str):
        yield from _faults_of_text(value, schema, name)
    elif isinstance(value, list):
        yield from _faults_of_list(value, schema, name)
    elif isinstance(value, dict):
        yield from _faults_of_mapping(value, schema, name)
    elif isinstance(value, int | float):
        if value < schema.get("minimum", value):
            yield f"'{name}' is less than {schema['minimum']}: {value}"
        if value > schema.get("maximum", value):
            yield f"'{name}' is more than {schema['maximum']}: {value}"


def _article(kind: str) -> str:
    return {"string": "text", "array": "a list", "object": "a mapping"}.get(
        kind, f"a{'n' if kind[0] == 'i' else ''} {kind}"
    )


def _faults_of_text(value: str, schema: Schema, name: str) -> Iterator[str]:
    if len(value) < schema.get("minLength", 0):
        yield f"'{name}' is shorter than {schema['minLength']} characters: {value!r}"
    if "pattern" in schema and not re.search(schema["pattern"], value):
        yield f"'{name}' does not match {schema['pattern']}: {value!r}"


def _faults_of_list(value: list[Any], schema: Schema, name: str) -> Iterator[str]:
    if len(value) < schema.get("minItems", 0):
        yield f"'{name}' has fewer than {schema['minItems']} items"
    if len(value) > schema.get("maxItems", len(value)):
        yield f"'{name}' has more than {schema['maxItems']} items"
    if schema.get("uniqueItems") and any(item in value[:at] for at, item in enumerate(value)):
        yield f"'{name}' has an item twice"
    for number, item in enumerate(value):
        yield from faults(item, schema.get("items", {}), f"{name}[{number}]")


def _faults_of_mapping(value: dict[Any, Any], schema: Schema, name: str) -> Iterator[str]:
    for key in schema.get("required", ()):
        if key not in value:
            yield f"'{name}' has no '{key}'"
    properties, rest = schema.get("properties", {}), schema.get("additionalProperties", True)
    for key, item in value.items():
        if key in properties:
            yield from faults(item, properties[key], f"{name}.{key}")
        elif rest is False:
            yield f"'{name}' has no key '{key}'"
        elif isinstance(rest, dict):
            yield from faults(item, rest, f"{name}.{key}")
