"""Record batches of format 2: read, changed record by record, written again."""

from __future__ import annotations

import gzip
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from tests.gateway.reference.wire.types import BadBytes, Reader

_HEAD = struct.Struct(">qiibI")  # base offset, length, leader epoch, magic, crc
_BODY = struct.Struct(">hiqqqhii")
_CODEC, _CONTROL = 0x07, 0x20
_GZIP = 1
_TABLE = []
for _byte in range(256):
    for _ in range(8):
        _byte = (_byte >> 1) ^ (0x82F63B78 if _byte & 1 else 0)
    _TABLE.append(_byte)


@dataclass(frozen=True, slots=True)
class Record:
    """One record; `rest` is its headers as they lie there."""

    attributes: int
    timestamp_delta: int
    offset_delta: int
    key: bytes | None
    value: bytes | None
    rest: bytes


Change = Callable[[Record], Record | None]


def rewrite(data: bytes, change: Change) -> bytes:
    """The batches with every record changed or dropped; offsets stay, and so do empty batches.

    A last batch that is not whole is cut off, as brokers send them. Raises `BadBytes` for a format
    or a codec that is not known.
    """
    return b"".join(_batches(data, change))


def records(data: bytes) -> list[Record]:
    found: list[Record] = []

    def keep(record: Record) -> Record:
        found.append(record)
        return record

    rewrite(data, keep)
    return found


def valued(record: Record, value: bytes | None) -> Record:
    return replace(record, value=value)


def _batches(data: bytes, change: Change) -> Iterator[bytes]:
    at = 0
    while at + _HEAD.size <= len(data):
        offset, length, epoch, magic, _ = _HEAD.unpack_from(data, at)
        if magic != 2:
            raise BadBytes(f"record batches of format {magic} are not read")
        end = at + 12 + length
        if end > len(data):
            return
        body = _changed(data[at + _HEAD.size : end], change)
        yield _HEAD.pack(offset, len(body) + 9, epoch, magic, _crc32c(body)) + body
        at = end


def _changed(body: bytes, change: Change) -> bytes:
    attributes, *between, count = _BODY.unpack_from(body)
    if attributes & _CONTROL:
        return body
    text = body[_BODY.size :]
    codec = attributes & _CODEC
    if codec not in (0, _GZIP):
        raise BadBytes(f"the compression {codec} is not read")
    reader = Reader(gzip.decompress(text) if codec else text)
    kept = [change(_record(reader)) for _ in range(count)]
    told = [record for record in kept if record is not None]
    head = _BODY.pack(attributes & ~_CODEC, *between, len(told))
    return head + b"".join(map(_bytes, told))


def _record(reader: Reader) -> Record:
    inner = Reader(reader.take(_varint(reader)))
    attributes = inner.take(1)[0]
    timestamp, offset = _varint(inner), _varint(inner)
    key, value = _blob(inner), _blob(inner)
    return Record(attributes, timestamp, offset, key, value, inner.rest())


def _bytes(record: Record) -> bytes:
    body = bytes([record.attributes]) + _zigzag(record.timestamp_delta)
    body += _zigzag(record.offset_delta) + _sized(record.key) + _sized(record.value) + record.rest
    return _zigzag(len(body)) + body


def _blob(reader: Reader) -> bytes | None:
    size = _varint(reader)
    return None if size < 0 else reader.take(size)


def _sized(data: bytes | None) -> bytes:
    return _zigzag(-1) if data is None else _zigzag(len(data)) + data


def _varint(reader: Reader) -> int:
    value = shift = 0
    while True:
        byte = reader.take(1)[0]
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return (value >> 1) ^ -(value & 1)


def _zigzag(value: int) -> bytes:
    left = (value << 1) ^ (value >> 63)
    found = bytearray()
    while left > 0x7F:
        found.append(left & 0x7F | 0x80)
        left >>= 7
    found.append(left)
    return bytes(found)


def _crc32c(data: bytes) -> int:
    crc = 0xFFFFFFFF
    for byte in data:
        crc = _TABLE[(crc ^ byte) & 0xFF] ^ (crc >> 8)
    return crc ^ 0xFFFFFFFF
