"""The nodes' JSON, each as bytes of its own or as a stretch of a file that is mapped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from mmap import mmap
from typing import NamedTuple

import orjson

Buffer = bytes | mmap
Part = bytes | memoryview
SEPARATOR = b",\n"


class Fragment(NamedTuple):
    """One node's JSON: the bytes `start` to `end` of a buffer."""

    buffer: Buffer
    start: int
    end: int

    def content(self) -> bytes:
        """The JSON itself."""
        if self.start == 0 and isinstance(self.buffer, bytes):
            return self.buffer
        return self.buffer[self.start : self.end]


def fragment(content: bytes) -> Fragment:
    """A fragment of its own."""
    return Fragment(content, 0, len(content))


class Fragments(Mapping[str, bytes]):
    """Node id -> its JSON; nothing is copied before it is asked for."""

    def __init__(self, fragments: Mapping[str, Fragment]) -> None:
        self._fragments = fragments

    def __getitem__(self, node_id: str) -> bytes:
        return self._fragments[node_id].content()

    def __iter__(self) -> Iterator[str]:
        return iter(self._fragments)

    def __len__(self) -> int:
        return len(self._fragments)

    def __contains__(self, node_id: object) -> bool:
        return node_id in self._fragments

    def records(self, node_ids: Iterable[str]) -> Iterator[Part]:
        """`"id":{...},` and a line's end for each node; neighbours in a file come in one piece.

        In a mapped file every fragment stands in such a record.
        """
        mapped: mmap | None = None
        start = end = 0
        for node_id in node_ids:
            buffer, first, last = self._fragments[node_id]
            if isinstance(buffer, bytes):
                if mapped is not None:
                    yield memoryview(mapped)[start:end]
                    mapped = None
                yield record(node_id, buffer[first:last])
                continue
            first -= len(node_id.encode()) + 3
            if buffer is not mapped or first != end:
                if mapped is not None:
                    yield memoryview(mapped)[start:end]
                mapped, start = buffer, first
            end = last + len(SEPARATOR)
        if mapped is not None:
            yield memoryview(mapped)[start:end]


def record(node_id: str, content: bytes) -> bytes:
    """A node as a member of a JSON object, with what separates it from the next."""
    return b"%b:%b%b" % (orjson.dumps(node_id), content, SEPARATOR)
