"""Kafka's types on the wire: how each is read and written, without the compact forms."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import Any, Protocol

Fields = dict[str, Any]


class BadBytes(ValueError):
    """The bytes are not what the schema says."""


class Reader:
    """Bytes and a place in them."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def take(self, count: int) -> bytes:
        found = self._data[self._at : self._at + count]
        if count < 0 or len(found) < count:
            raise BadBytes(f"{count} bytes are wanted, {len(found)} are left")
        self._at += count
        return found

    def rest(self) -> bytes:
        return self.take(len(self._data) - self._at)


class Type(Protocol):
    def read(self, reader: Reader) -> Any: ...
    def write(self, value: Any) -> bytes: ...


class Number:
    def __init__(self, format: str) -> None:
        self._struct = struct.Struct(f">{format}")

    def read(self, reader: Reader) -> Any:
        return self._struct.unpack(reader.take(self._struct.size))[0]

    def write(self, value: Any) -> bytes:
        return self._struct.pack(value)


INT8, INT16, INT32, INT64 = (Number(format) for format in "bhiq")
BOOL = Number("?")


class _Sized:
    """Bytes after their number; -1 is null."""

    def __init__(self, size: Number, *, text: bool, nullable: bool) -> None:
        self._size = size
        self._text = text
        self._nullable = nullable

    def read(self, reader: Reader) -> Any:
        count = self._size.read(reader)
        if count == -1 and self._nullable:
            return None
        found = reader.take(count)
        return found.decode() if self._text else found

    def write(self, value: Any) -> bytes:
        if value is None:
            if not self._nullable:
                raise BadBytes("null where there must be a value")
            return self._size.write(-1)
        data: bytes = value.encode() if self._text else value
        return self._size.write(len(data)) + data


STRING = _Sized(INT16, text=True, nullable=False)
NULLABLE_STRING = _Sized(INT16, text=True, nullable=True)
BYTES = _Sized(INT32, text=False, nullable=False)
NULLABLE_BYTES = _Sized(INT32, text=False, nullable=True)


class Array:
    """Items after their number; -1 is null."""

    def __init__(self, item: Type, *, nullable: bool = False) -> None:
        self._item = item
        self._nullable = nullable

    def read(self, reader: Reader) -> Any:
        count = INT32.read(reader)
        if count == -1 and self._nullable:
            return None
        if count < 0:
            raise BadBytes(f"an array of {count}")
        return [self._item.read(reader) for _ in range(count)]

    def write(self, value: Any) -> bytes:
        if value is None:
            if not self._nullable:
                raise BadBytes("null where there must be an array")
            return INT32.write(-1)
        return INT32.write(len(value)) + b"".join(map(self._item.write, value))


class Struct:
    """Named fields in order."""

    def __init__(self, **fields: Type) -> None:
        self._fields: Sequence[tuple[str, Type]] = tuple(fields.items())

    def read(self, reader: Reader) -> Fields:
        return {name: type_.read(reader) for name, type_ in self._fields}

    def write(self, value: Fields) -> bytes:
        return b"".join(type_.write(value[name]) for name, type_ in self._fields)

    def decode(self, data: bytes) -> Fields:
        """All of `data`; raises `BadBytes` when some is left."""
        reader = Reader(data)
        found = self.read(reader)
        if left := reader.rest():
            raise BadBytes(f"{len(left)} bytes too many")
        return found


def topics(**partition: Type) -> Array:
    """The list that most requests and replies have: topics, each with its partitions."""
    return Array(Struct(name=STRING, partitions=Array(Struct(**partition))))
