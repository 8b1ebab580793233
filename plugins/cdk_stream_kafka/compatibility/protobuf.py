"""Protobuf: what Confluent's registry asks, and stricter where values would change in silence."""

from __future__ import annotations

from collections.abc import Iterator

from cdk_stream_kafka.compatibility.finding import Finding, below
from cdk_stream_kafka.compatibility.proto_schema import Field, Message, ProtoFile, read_proto

_READS = {
    "int64": {"int32", "bool", "uint32"},
    "uint64": {"uint32", "bool"},
    "int32": {"bool"},
    "uint32": {"bool"},
    "sint64": {"sint32"},
    "bytes": {"string"},
}
"""Type -> the types whose values it reads as they were."""


def protobuf_findings(reader: str, writer: str) -> list[Finding]:
    """What keeps `reader` from reading rows of `writer`; raises `Unreadable`."""
    return list(_compare(read_proto(reader), read_proto(writer)))


def _compare(reader: ProtoFile, writer: ProtoFile) -> Iterator[Finding]:
    if next(iter(reader.messages)) != next(iter(writer.messages)):
        message = "it is not the first message any more, which is what a topic holds"
        yield Finding(next(iter(writer.messages)), message)
    for name, written in writer.messages.items():
        if name not in reader.messages:
            yield Finding(name, "the message is not there any more")
        else:
            yield from _message(reader.messages[name], written, name)


def _message(reader: Message, writer: Message, path: str) -> Iterator[Finding]:
    numbers = {field.name: number for number, field in reader.fields.items()}
    for number, written in writer.fields.items():
        here = below(path, written.name)
        field = reader.fields.get(number)
        if field is not None:
            yield from _field(field, written, here)
        elif written.name in numbers:
            yield Finding(here, f"its number is {numbers[written.name]}, it was {number}")
        elif written.label == "required":
            yield Finding(here, "it was required, and is not there any more")
        elif written.oneof:
            yield Finding(here, f"it is not in the oneof '{written.oneof}' any more")
    for number, field in reader.fields.items():
        here = below(path, field.name)
        if number not in writer.fields:
            if field.label == "required":
                yield Finding(here, "it is required, and was not always written")
            if writer.is_reserved(number, field.name):
                yield Finding(here, "its name or number was reserved")
    yield from _oneofs(reader, writer, path)


def _field(reader: Field, writer: Field, path: str) -> Iterator[Finding]:
    if not _reads(reader.type, writer.type):
        yield Finding(path, f"{reader.type} does not read {writer.type}")
    if (reader.label == "repeated") != (writer.label == "repeated"):
        yield Finding(path, f"it is {reader.label or 'single'}, it was {writer.label or 'single'}")
    if (reader.label == "required") != (writer.label == "required"):
        word = "required now, it was not" if reader.label == "required" else "not required now"
        yield Finding(path, f"it is {word}")


def _reads(reader: str, writer: str) -> bool:
    return reader == writer or writer in _READS.get(reader, ())


def _oneofs(reader: Message, writer: Message, path: str) -> Iterator[Finding]:
    """Of the fields in a oneof only the last is kept."""
    known = {field.oneof for field in writer.fields.values()}
    moved: dict[str, list[str]] = {}
    for number, field in reader.fields.items():
        written = writer.fields.get(number)
        if field.oneof and written is not None and written.oneof != field.oneof:
            moved.setdefault(field.oneof, []).append(field.name)
    for oneof, names in moved.items():
        if oneof in known or len(names) > 1:
            listed = ", ".join(names)
            yield Finding(path, f"{listed} moved into the oneof '{oneof}', which keeps only one")
