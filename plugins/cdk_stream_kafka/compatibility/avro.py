"""Avro's schema resolution: https://avro.apache.org/docs/1.12.0/specification/#schema-resolution.

As registries ask it, and stricter in one thing: rows must keep their meaning, so logical types
that count in other units or digits do not go together.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from cdk_stream_kafka.compatibility.avro_schema import Named, Type, read_avro
from cdk_stream_kafka.compatibility.finding import Budget, Finding, below

_PROMOTIONS = {
    "long": {"int"},
    "float": {"int", "long"},
    "double": {"int", "long", "float"},
    "string": {"bytes"},
    "bytes": {"string"},
}
_MEASURED = ("time-", "timestamp-", "local-timestamp-")


def avro_findings(reader: str, writer: str) -> list[Finding]:
    """What keeps `reader` from reading rows of `writer`; raises `Unreadable`."""
    return list(_Walk(Budget()).compare(read_avro(reader), read_avro(writer), ""))


class _Walk:
    """`seen` holds the pairs that are being compared, so that circles come to an end."""

    def __init__(self, budget: Budget, seen: Iterable[tuple[int, int]] = ()) -> None:
        self._budget = budget
        self._seen = set(seen)

    def compare(self, reader: Type, writer: Type, path: str) -> Iterator[Finding]:
        self._budget.spend()
        if isinstance(writer, list):
            for branch in writer:
                yield from self.compare(reader, branch, path)
        elif isinstance(reader, list):
            yield from self._union(reader, writer, path)
        elif reader.kind != writer.kind:
            if writer.kind not in _PROMOTIONS.get(reader.kind, ()):
                yield Finding(path, f"{reader.kind} does not read {writer.kind}")
        elif isinstance(reader, Named) and isinstance(writer, Named):
            yield from self._named(reader, writer, path)
        elif reader.inner is not None and writer.inner is not None:
            yield from self.compare(reader.inner, writer.inner, path)
        else:
            yield from _logical(reader.logical, writer.logical, path)

    def _union(self, reader: list[Any], writer: Any, path: str) -> Iterator[Finding]:
        tried = []
        for branch in reader:
            found = list(_Walk(self._budget, self._seen).compare(branch, writer, path))
            if not found:
                return
            if branch.kind == writer.kind:
                tried = found
        if tried:
            yield from tried
        else:
            yield Finding(path, f"no branch of the union reads {writer.kind}")

    def _named(self, reader: Named, writer: Named, path: str) -> Iterator[Finding]:
        pair = (id(reader), id(writer))
        if pair in self._seen:
            return
        self._seen.add(pair)
        if not reader.is_called(writer):
            yield Finding(path, f"'{reader.name}' does not read '{writer.name}': another name")
        elif reader.kind == "record":
            yield from self._record(reader, writer, path)
        elif reader.kind == "enum":
            yield from _enum(reader, writer, path)
        elif reader.size != writer.size:
            yield Finding(path, f"{reader.size} bytes do not read {writer.size}")
        else:
            yield from _logical(reader.logical, writer.logical, path)

    def _record(self, reader: Named, writer: Named, path: str) -> Iterator[Finding]:
        for name, field in reader.fields.items():
            written = next(
                (writer.fields[one] for one in (name, *field.aliases) if one in writer.fields), None
            )
            if written is not None:
                yield from self.compare(field.type, written.type, below(path, name))
            elif not field.has_default:
                message = "it is not in what was written, and has no default"
                yield Finding(below(path, name), message)


def _enum(reader: Named, writer: Named, path: str) -> Iterator[Finding]:
    missing = sorted(set(writer.symbols) - set(reader.symbols))
    if missing and reader.default not in reader.symbols:
        yield Finding(path, f"the enum lacks {', '.join(missing)}, and has no default")


def _logical(reader: dict[str, Any], writer: dict[str, Any], path: str) -> Iterator[Finding]:
    """Logical types do not change what is read, only what it means."""
    ours, theirs = reader.get("logicalType", ""), writer.get("logicalType", "")
    if ours == theirs == "decimal":
        digits = [(one.get("precision"), one.get("scale", 0)) for one in (reader, writer)]
        if digits[0] != digits[1]:
            yield Finding(path, f"decimal{digits[0]} does not read decimal{digits[1]}")
    elif ours != theirs and ours.startswith(_MEASURED) and theirs.startswith(_MEASURED):
        yield Finding(path, f"{ours} does not read {theirs}")
