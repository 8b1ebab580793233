"""Frames on a socket, and requests to a broker."""

from __future__ import annotations

import socket
from types import TracebackType

from tests.gateway.reference.wire.apis import HEADER, Api
from tests.gateway.reference.wire.types import INT32, Fields, Reader

_LONGEST = 64 * 1024 * 1024


class Closed(Exception):
    """The other side hung up."""


def receive(one: socket.socket) -> bytes:
    """One frame without its size; raises `Closed`."""
    (size,) = (INT32.read(Reader(_exactly(one, 4))),)
    if not 0 <= size <= _LONGEST:
        raise Closed(f"a frame of {size} bytes")
    return _exactly(one, size)


def send(one: socket.socket, frame: bytes) -> None:
    one.sendall(INT32.write(len(frame)) + frame)


def _exactly(one: socket.socket, size: int) -> bytes:
    found = bytearray()
    while len(found) < size:
        part = one.recv(size - len(found))
        if not part:
            raise Closed
        found += part
    return bytes(found)


class Broker:
    """A connection to the real broker, opened with the first request."""

    def __init__(self, address: str) -> None:
        host, _, port = address.rpartition(":")
        self._address = (host, int(port))
        self._socket: socket.socket | None = None
        self._count = 0

    def ask(self, api: Api, body: Fields) -> Fields:
        """The reply to one request."""
        if self._socket is None:
            self._socket = socket.create_connection(self._address, timeout=60)
        self._count += 1
        header = {
            "api_key": api.key,
            "api_version": api.version,
            "correlation_id": self._count,
            "client_id": "reference",
        }
        send(self._socket, HEADER.write(header) + api.request.write(body))
        frame = receive(self._socket)
        if INT32.read(Reader(frame)) != self._count:
            raise Closed("a reply to another request")
        return api.reply.decode(frame[4:])

    def __enter__(self) -> Broker:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._socket is not None:
            self._socket.close()
