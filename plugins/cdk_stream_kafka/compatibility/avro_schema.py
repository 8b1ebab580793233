"""An Avro schema's text -> its types, names resolved."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from cdk_stream_kafka.compatibility.finding import Unreadable

_PRIMITIVES = frozenset({"null", "boolean", "int", "long", "float", "double", "bytes", "string"})
_DEEPEST = 100


class Plain:
    """A primitive type, an array or a map."""

    __slots__ = ("inner", "kind", "logical")

    def __init__(
        self, kind: str, logical: dict[str, Any] | None = None, inner: Type | None = None
    ) -> None:
        self.kind = kind
        self.logical = logical or {}
        self.inner = inner
        """What an array or a map holds."""


class Field(NamedTuple):
    """A record's field."""

    type: Type
    has_default: bool
    aliases: tuple[str, ...]


@dataclass(slots=True, eq=False)
class Named:
    """A record, an enum or a fixed; it may hold itself."""

    kind: str
    name: str
    """With its namespace."""
    aliases: frozenset[str]
    logical: dict[str, Any]
    fields: dict[str, Field] = field(default_factory=dict)
    symbols: tuple[str, ...] = ()
    default: str | None = None
    size: int = 0
    inner: None = None

    def is_called(self, other: Named) -> bool:
        """Whether rows of `other` are taken for ours: namespaces do not count, aliases do."""
        return _short(self.name) == _short(other.name) or other.name in self.aliases


Type = Plain | Named | list[Any]
"""A list is a union."""


def read_avro(text: str) -> Type:
    """The schema; raises `Unreadable`."""
    try:
        document = json.loads(text)
    except ValueError as error:
        raise Unreadable(f"this is not JSON: {error}") from None
    return _Reader().read(document, "", 0)


class _Reader:
    def __init__(self) -> None:
        self._named: dict[str, Named] = {}

    def read(self, schema: Any, namespace: str, depth: int) -> Type:
        if depth > _DEEPEST:
            raise Unreadable("the schema nests too deep")
        if isinstance(schema, list):
            return [self.read(branch, namespace, depth + 1) for branch in schema]
        if isinstance(schema, str):
            return self._by_name(schema, namespace)
        if not isinstance(schema, dict) or "type" not in schema:
            raise Unreadable("an Avro type is a name, a list or an object with a type")
        kind = schema["type"]
        if kind in ("record", "error", "enum", "fixed"):
            return self._declared(schema, "record" if kind == "error" else kind, namespace, depth)
        if kind in ("array", "map"):
            inner = schema.get("items" if kind == "array" else "values")
            return Plain(kind, inner=self.read(inner, namespace, depth + 1))
        if kind in _PRIMITIVES:
            return Plain(kind, schema)
        return self.read(kind, namespace, depth + 1)

    def _by_name(self, name: str, namespace: str) -> Type:
        if name in _PRIMITIVES:
            return Plain(name)
        found = self._named.get(_full(name, namespace)) or self._named.get(name)
        if found is None:
            raise Unreadable(f"there is no type '{name}'")
        return found

    def _declared(self, schema: dict[str, Any], kind: str, outer: str, depth: int) -> Named:
        if not isinstance(schema.get("name"), str):
            raise Unreadable(f"a {kind} has a name")
        full = _full(schema["name"], schema.get("namespace", outer))
        namespace = full.rpartition(".")[0]
        aliases = frozenset(_full(alias, namespace) for alias in _texts(schema.get("aliases")))
        made = self._named[full] = Named(kind, full, aliases, schema)
        if kind == "fixed":
            made.size = schema.get("size", 0)
        elif kind == "enum":
            made.symbols = tuple(_texts(schema.get("symbols")))
            made.default = schema.get("default")
        else:
            self._fields(made, schema, namespace, depth)
        return made

    def _fields(self, made: Named, schema: dict[str, Any], namespace: str, depth: int) -> None:
        fields = schema.get("fields")
        if not isinstance(fields, list):
            raise Unreadable("a record has a list of fields")
        for one in fields:
            if not isinstance(one, dict) or "name" not in one or "type" not in one:
                raise Unreadable("a field has a name and a type")
            aliases = tuple(_texts(one.get("aliases")))
            type_ = self.read(one["type"], namespace, depth + 1)
            made.fields[one["name"]] = Field(type_, "default" in one, aliases)


def _texts(value: Any) -> list[str]:
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def _full(name: str, namespace: str | None) -> str:
    return name if "." in name or not namespace else f"{namespace}.{name}"


def _short(name: str) -> str:
    return name.rpartition(".")[2]
