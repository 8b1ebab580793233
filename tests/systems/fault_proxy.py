"""A proxy before an HTTP server that breaks some requests as networks and servers do."""

from __future__ import annotations

import http.client
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Literal
from urllib.parse import urlsplit

Effect = Literal["refused", "silent", "error", "truncated", "reset"]
EFFECTS: tuple[Effect, ...] = ("refused", "silent", "error", "truncated", "reset")
"""refused: hung up before anything is done; silent: done, and no answer; error: a 500 and nothing
done; truncated: done, and half of the answer; reset: done, and the connection is torn down."""


@dataclass(slots=True)
class Faults:
    """What goes wrong with the next `times` requests of `method`; every one is counted."""

    effect: Effect = "error"
    method: str = ""
    times: int = 0
    seen: list[tuple[str, str]] = field(default_factory=list)
    """Method and path of each request."""
    patience: float = 1.0
    """How long `silent` keeps a connection open, in seconds."""

    def hits(self, method: str) -> bool:
        if self.times > 0 and self.method in ("", method):
            self.times -= 1
            return True
        return False

    @property
    def writes(self) -> int:
        return sum(method != "GET" for method, _ in self.seen)


class _Proxy(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, upstream: str, faults: Faults) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.upstream = urlsplit(upstream)
        self.faults = faults


class _Handler(BaseHTTPRequestHandler):
    server: _Proxy
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def _any(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        faults = self.server.faults
        faults.seen.append((self.command, self.path))
        effect = faults.effect if faults.hits(self.command) else None
        if effect == "refused":
            self.close_connection = True
            return
        status, kind, text = (500, "text/plain", b"oops")
        if effect != "error":
            status, kind, text = self._forward(body)
        if effect == "silent":
            self.close_connection = True
            threading.Event().wait(faults.patience)
            return
        if effect == "reset":
            self.close_connection = True
            linger = struct.pack("ii", 1, 0)
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            self.connection.close()
            return
        self._send(status, kind, text, cut=effect == "truncated")

    do_GET = do_PUT = do_POST = do_DELETE = _any

    def _forward(self, body: bytes) -> tuple[int, str, bytes]:
        there = self.server.upstream
        client = http.client.HTTPConnection(there.hostname or "", there.port, timeout=60)
        headers = {
            key: value
            for key, value in self.headers.items()
            if key.lower() in ("content-type", "accept", "authorization")
        }
        try:
            client.request(self.command, there.path + self.path, body or None, headers)
            reply = client.getresponse()
            return reply.status, reply.getheader("Content-Type") or "text/plain", reply.read()
        finally:
            client.close()

    def _send(self, status: int, kind: str, text: bytes, *, cut: bool) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        if status != 204:
            self.send_header("Content-Length", str(len(text) + (cut and not text)))
        self.end_headers()
        with suppress(OSError):
            self.wfile.write(text[: len(text) // 2] if cut else text)
        self.close_connection = self.close_connection or cut

    def finish(self) -> None:
        with suppress(OSError, ValueError):
            super().finish()

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: `Faults.seen` holds what was asked."""


@contextmanager
def before(upstream: str, faults: Faults) -> Iterator[str]:
    """The address of a proxy before `upstream`, until the block ends."""
    server = _Proxy(upstream, faults)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
