"""JSON Schema's keywords for single values: types, enums and bounds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from cdk_stream_kafka.compatibility.finding import Finding

_ALL = frozenset({"array", "boolean", "integer", "null", "number", "object", "string"})
_KIND = {bool: "boolean", dict: "object", float: "number", int: "integer", list: "array",
         str: "string", type(None): "null"}  # fmt: skip
_LIMITS = {
    "exclusiveMaximum": {"integer", "number"},
    "exclusiveMinimum": {"integer", "number"},
    "maxItems": {"array"},
    "maxLength": {"string"},
    "maxProperties": {"object"},
    "maximum": {"integer", "number"},
    "minItems": {"array"},
    "minLength": {"string"},
    "minProperties": {"object"},
    "minimum": {"integer", "number"},
    "multipleOf": {"integer", "number"},
}
"""Keyword -> the types it says something about."""


def types(schema: dict[str, Any]) -> frozenset[str]:
    """The types of the values that fit; every one when nothing says."""
    values = _values(schema)
    if values is not None:
        return frozenset(_KIND[type(value)] for value in values)
    kind = schema.get("type")
    if isinstance(kind, str):
        return frozenset({kind})
    return frozenset(kind) if isinstance(kind, list) else _ALL


def value_findings(reader: dict[str, Any], writer: dict[str, Any], path: str) -> Iterator[Finding]:
    """Types and listed values that are not taken."""
    if "type" in reader:
        ours = types({"type": reader["type"]})
        kinds = {kind for kind in types(writer) if not _takes(ours, kind)}
        if kinds:
            read = " or ".join(sorted(ours))
            yield Finding(path, f"{read} does not read {' or '.join(sorted(kinds))}")
            return
    known = _values(reader)
    if known is None:
        return
    written = _values(writer)
    if written is None:
        yield Finding(path, "only listed values are taken, and others may have been written")
        return
    missing = [value for value in written if not any(_same(value, one) for one in known)]
    if missing:
        yield Finding(path, f"it does not take {', '.join(map(str, missing))}")


def _same(one: Any, other: Any) -> bool:
    return type(one) is type(other) and bool(one == other)


def _takes(kinds: frozenset[str], kind: str) -> bool:
    return kind in kinds or (kind == "integer" and "number" in kinds)


def _values(schema: dict[str, Any]) -> list[Any] | None:
    if "const" in schema:
        return [schema["const"]]
    values = schema.get("enum")
    return values if isinstance(values, list) else None


def bounds(
    reader: dict[str, Any], writer: dict[str, Any], kinds: frozenset[str], path: str
) -> Iterator[Finding]:
    """Limits that are tighter than those of what was written."""
    for key, about in _LIMITS.items():
        if key not in reader or kinds.isdisjoint(about):
            continue
        if isinstance(reader[key], bool):  # draft 4: a word about `minimum` or `maximum`
            if reader[key] and not writer.get(key):
                yield Finding(path, f"'{key}' is set, and was not")
        elif not _LOOSER[key](reader[key], writer):
            yield Finding(path, f"'{key}' is {reader[key]}, it was {writer.get(key, 'not set')}")
    if "pattern" in reader and "string" in kinds and reader["pattern"] != writer.get("pattern"):
        yield Finding(path, f"not every text that was written fits '{reader['pattern']}'")


def _at_least(*keys: str) -> Callable[[Any, dict[str, Any]], bool]:
    return lambda limit, writer: any(found >= limit for found in _numbers(writer, keys))


def _at_most(*keys: str) -> Callable[[Any, dict[str, Any]], bool]:
    return lambda limit, writer: any(found <= limit for found in _numbers(writer, keys))


def _above(limit: Any, writer: dict[str, Any]) -> bool:
    inclusive = any(found > limit for found in _numbers(writer, ("minimum",)))
    return inclusive or _at_least("exclusiveMinimum")(limit, writer)


def _below(limit: Any, writer: dict[str, Any]) -> bool:
    inclusive = any(found < limit for found in _numbers(writer, ("maximum",)))
    return inclusive or _at_most("exclusiveMaximum")(limit, writer)


def _divides(step: Any, writer: dict[str, Any]) -> bool:
    return any(found % step == 0 for found in _numbers(writer, ("multipleOf",)))


def _numbers(schema: dict[str, Any], keys: Iterable[str]) -> list[float]:
    found = [schema.get(key) for key in keys]
    return [one for one in found if isinstance(one, int | float) and not isinstance(one, bool)]


_LOOSER: dict[str, Callable[[Any, dict[str, Any]], bool]] = {
    "exclusiveMaximum": _below,
    "exclusiveMinimum": _above,
    "maxItems": _at_most("maxItems"),
    "maxLength": _at_most("maxLength"),
    "maxProperties": _at_most("maxProperties"),
    "maximum": _at_most("maximum", "exclusiveMaximum"),
    "minItems": _at_least("minItems"),
    "minLength": _at_least("minLength"),
    "minProperties": _at_least("minProperties"),
    "minimum": _at_least("minimum", "exclusiveMinimum"),
    "multipleOf": _divides,
}
"""Keyword -> whether the reader's value takes all that the writer's schema does."""
