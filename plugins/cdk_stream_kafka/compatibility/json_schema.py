"""JSON Schema: a reader reads a writer's rows when every row that fits the one fits the other.

Registries ask the same keyword by keyword. What cannot be told is not compatible: a keyword
without a rule here must be the same in both.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from cdk_stream_kafka.compatibility.finding import Budget, Finding, Unreadable, below
from cdk_stream_kafka.compatibility.json_values import bounds, types, value_findings

Schema = dict[str, Any] | bool

Seen = dict[tuple[int, int], tuple[Any, Any]]
"""Ids of a reader and a writer -> both, so that nothing else takes their ids."""

_OPTIONS = ("anyOf", "oneOf")
_COMBINING = (*_OPTIONS, "allOf")
_REMARKS = frozenset(
    {
        "$anchor", "$comment", "$defs", "$id", "$schema", "contentEncoding", "contentMediaType",
        "default", "definitions", "deprecated", "description", "examples", "format", "id",
        "readOnly", "title", "writeOnly",
    }
)  # fmt: skip
_RULED = frozenset(
    {
        "$ref", "additionalProperties", "allOf", "anyOf", "const", "enum", "exclusiveMaximum",
        "exclusiveMinimum", "items", "maxItems", "maxLength", "maxProperties", "maximum",
        "minItems", "minLength", "minProperties", "minimum", "multipleOf", "oneOf", "pattern",
        "properties", "required", "type", "uniqueItems",
    }
)  # fmt: skip
_MOST_REFERENCES = 40
_ANYTHING: dict[str, Any] = {}


def json_findings(reader: str, writer: str) -> list[Finding]:
    """What keeps `reader` from reading rows of `writer`; raises `Unreadable`."""
    ours, theirs = _load(reader), _load(writer)
    return list(_Walk(ours, theirs, Budget()).compare(ours, theirs, ""))


def _load(text: str) -> Schema:
    try:
        document = json.loads(text)
    except ValueError as error:
        raise Unreadable(f"this is not JSON: {error}") from None
    if not isinstance(document, dict | bool):
        raise Unreadable("a JSON Schema is an object, true or false")
    return document


class _Walk:
    """`seen` holds the pairs that are being compared, so that circles come to an end."""

    def __init__(
        self, reader: Schema, writer: Schema, budget: Budget, seen: Seen | None = None
    ) -> None:
        self._reader, self._writer, self._budget = reader, writer, budget
        self._seen: Seen = seen or {}

    def compare(self, reader: Schema, writer: Schema, path: str) -> Iterator[Finding]:
        reader, writer = _follow(reader, self._reader), _follow(writer, self._writer)
        if reader is True or reader == {} or writer is False:
            return
        if reader is False:
            yield Finding(path, "it is not taken any more")
            return
        writer = _ANYTHING if writer is True else writer
        pair = (id(reader), id(writer))
        if pair in self._seen:
            return
        self._budget.spend()
        self._seen[pair] = (reader, writer)
        yield from self._combined(reader, writer, path)

    def _combined(
        self, reader: dict[str, Any], writer: dict[str, Any], path: str
    ) -> Iterator[Finding]:
        for key in _OPTIONS:
            if key in writer and _bare(writer, key):
                for option in writer[key]:
                    yield from self.compare(reader, option, path)
                return
        for key in _OPTIONS:
            if key in reader:
                yield from self._any(reader[key], writer, path)
        for part in reader.get("allOf", ()):
            yield from self.compare(part, writer, path)
        if "allOf" in writer and _bare(writer, "allOf"):
            yield from self._all(reader, writer["allOf"], path)
        else:
            yield from self._plain(reader, writer, path)

    def _any(self, options: list[Any], writer: dict[str, Any], path: str) -> Iterator[Finding]:
        split = _each_type(writer)
        for part in split:
            if not any(not self._tried(option, part, path) for option in options):
                kind = part.get("type", "it")
                yield Finding(path, f"none of the {len(options)} options takes {kind}")

    def _all(self, reader: dict[str, Any], parts: list[Any], path: str) -> Iterator[Finding]:
        """Enough if one part by itself is taken."""
        plain = {key: value for key, value in reader.items() if key not in _COMBINING}
        tried = [self._tried(plain, part, path) for part in parts]
        if all(tried):
            yield from tried[0]

    def _tried(self, reader: Schema, writer: Schema, path: str) -> list[Finding]:
        walk = _Walk(self._reader, self._writer, self._budget, dict(self._seen))
        return list(walk.compare(reader, writer, path))

    def _plain(
        self, reader: dict[str, Any], writer: dict[str, Any], path: str
    ) -> Iterator[Finding]:
        kinds = types(writer)
        yield from value_findings(reader, writer, path)
        yield from bounds(reader, writer, kinds, path)
        if "object" in kinds:
            yield from self._object(reader, writer, path)
        if "array" in kinds:
            yield from self._items(reader, writer, path)
        for key in sorted((reader.keys() | writer.keys()) - _RULED - _REMARKS):
            if reader.get(key) != writer.get(key):
                yield Finding(path, f"'{key}' differs, and what that means cannot be told")

    def _object(
        self, reader: dict[str, Any], writer: dict[str, Any], path: str
    ) -> Iterator[Finding]:
        ours, theirs = reader.get("properties", {}), writer.get("properties", {})
        rest, their_rest = _rest(reader), _rest(writer)
        for name, schema in ours.items():
            if name in theirs:
                yield from self.compare(schema, theirs[name], below(path, name))
            elif self._tried(schema, their_rest, ""):
                message = "the object was open, so that older rows may hold anything there"
                yield Finding(below(path, name), message)
        for name in theirs.keys() - ours.keys():
            if self._tried(rest, theirs[name], ""):
                yield Finding(below(path, name), "it is not taken any more")
        if self._tried(rest, their_rest, ""):
            yield Finding(path, "further properties are not taken any more")
        for name in reader.get("required", ()):
            if name not in writer.get("required", ()):
                yield Finding(below(path, name), "it must be there, and was not always written")

    def _items(
        self, reader: dict[str, Any], writer: dict[str, Any], path: str
    ) -> Iterator[Finding]:
        ours, theirs = reader.get("items", True), writer.get("items", True)
        if isinstance(ours, list) or isinstance(theirs, list):
            if ours != theirs and ours is not True:
                yield Finding(path, "the items differ, and what that means cannot be told")
        else:
            yield from self.compare(ours, theirs, path)
        if reader.get("uniqueItems") and not writer.get("uniqueItems"):
            yield Finding(path, "items must differ, and did not need to")


def _rest(schema: dict[str, Any]) -> Schema:
    rest: Schema = schema.get("additionalProperties", True)
    return rest


def _bare(schema: dict[str, Any], key: str) -> bool:
    """Whether nothing but `key` says what fits."""
    return not schema.keys() - _REMARKS - {key}


def _each_type(schema: dict[str, Any]) -> list[dict[str, Any]]:
    """`type: [string, null]` as two schemas, since different options may take them."""
    kinds = schema.get("type")
    if isinstance(kinds, list) and "enum" not in schema:
        return [{**schema, "type": kind} for kind in kinds]
    return [schema]


def _follow(schema: Schema, root: Schema) -> Schema:
    """What a local `$ref` names; raises `Unreadable` for any other."""
    for _ in range(_MOST_REFERENCES):
        if not isinstance(schema, dict) or "$ref" not in schema:
            return schema
        reference = schema["$ref"]
        if not isinstance(reference, str) or not reference.startswith("#"):
            raise Unreadable(f"'{reference}' is in another document")
        found: Any = root
        for step in reference[1:].split("/")[1:]:
            name = step.replace("~1", "/").replace("~0", "~")
            found = found.get(name) if isinstance(found, dict) else None
        if not isinstance(found, dict | bool):
            raise Unreadable(f"there is no '{reference}'")
        schema = found
    raise Unreadable("references that go in a circle")
