"""The first message of a .proto file -> columns, in Flink's types."""

from __future__ import annotations

import re

from cdk_stream.schema.parsed import Columns, SchemaColumn, Unreadable, row

_SCALARS = {
    "string": "STRING",
    "bool": "BOOLEAN",
    "bytes": "BYTES",
    "double": "DOUBLE",
    "float": "FLOAT",
    **dict.fromkeys(("int32", "sint32", "sfixed32"), "INT"),
    **dict.fromkeys(("int64", "sint64", "sfixed64", "uint32", "fixed32"), "BIGINT"),
    **dict.fromkeys(("uint64", "fixed64"), "DECIMAL(20, 0)"),
    "google.protobuf.Timestamp": "TIMESTAMP_LTZ(9)",
}
_COMMENT = re.compile(r"//[^\n]*|/\*.*?\*/", re.DOTALL)
_BLOCK = re.compile(r"\b(message|enum|oneof)\s+(\w+)\s*\{")
_FIELD = re.compile(
    r"(?:(repeated|optional|required)\s+)?(map\s*<\s*\w+\s*,\s*[\w.]+\s*>|[\w.]+)\s+(\w+)\s*=\s*\d+"
)
_MAP = re.compile(r"map\s*<\s*(\w+)\s*,\s*([\w.]+)\s*>")


def protobuf_columns(text: str) -> Columns:
    """The fields of the first message; raises `Unreadable` when there is none."""
    messages: dict[str, str] = {}
    enums: set[str] = set()
    _collect(_COMMENT.sub("", text), messages, enums, 0)
    if not messages:
        raise Unreadable("a .proto file of a topic has a message")
    return _fields(next(iter(messages.values())), messages, enums, 0)


def _collect(text: str, messages: dict[str, str], enums: set[str], depth: int) -> None:
    position = 0
    while depth < 20 and (match := _BLOCK.search(text, position)):
        end = _close(text, match.end())
        body = text[match.end() : end]
        if match[1] == "enum":
            enums.add(match[2])
        elif match[1] == "message":
            messages[match[2]] = body
            _collect(body, messages, enums, depth + 1)
        position = end


def _close(text: str, start: int) -> int:
    open_ = 1
    for position in range(start, len(text)):
        open_ += (text[position] == "{") - (text[position] == "}")
        if not open_:
            return position
    raise Unreadable("a brace is not closed")


def _own(body: str) -> str:
    """The body without its nested messages and enums; the fields of a oneof stay."""
    kept, position = [], 0
    while match := _BLOCK.search(body, position):
        kept.append(body[position : match.start()])
        end = _close(body, match.end())
        if match[1] == "oneof":
            kept.append(body[match.end() : end])
        position = end + 1
    return "".join([*kept, body[position:]])


def _fields(body: str, messages: dict[str, str], enums: set[str], depth: int) -> Columns:
    columns: Columns = {}
    for label, type_, name in _FIELD.findall(_own(body)):
        inner = _type(type_, messages, enums, depth)
        flink = f"ARRAY<{inner or 'STRING'}>" if label == "repeated" else inner
        message = type_ in messages or "." in type_
        nullable = label == "optional" or (message and label != "repeated")
        columns[name] = SchemaColumn(flink, nullable)
    return columns


def _type(name: str, messages: dict[str, str], enums: set[str], depth: int) -> str:
    if map_ := _MAP.match(name):
        key = _SCALARS.get(map_[1], "STRING")
        return f"MAP<{key}, {_type(map_[2], messages, enums, depth) or 'STRING'}>"
    if name in enums:
        return "STRING"
    if name in messages:
        return row(_fields(messages[name], messages, enums, depth + 1)) if depth < 20 else ""
    return _SCALARS.get(name, "")
