"""The double on a port of loopback, with the ways in which a network and a server fail."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Literal

from tests.gateway.double.double import Double, Reply


@dataclass(slots=True)
class Fault:
    """What goes wrong with the next `times` requests that `method` and `path` name.

    `error` answers 500, `slow` waits first, `refuse` hangs up before anything is done, `lose` does
    it and hangs up before it says so.
    """

    effect: Literal["error", "slow", "refuse", "lose"]
    method: str = ""
    path: str = ""
    times: int = 1
    seconds: float = 0.0

    def hits(self, method: str, path: str) -> bool:
        return self.times > 0 and self.method in ("", method) and self.path in path


class Serving(ThreadingHTTPServer):
    """A server of one double; `faults` may be added to at any time."""

    daemon_threads = True

    def __init__(self, double: Double) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.double = double
        self.faults: list[Fault] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def fault(self, method: str, path: str) -> Fault | None:
        for fault in self.faults:
            if fault.hits(method, path):
                fault.times -= 1
                return fault
        return None


class _Handler(BaseHTTPRequestHandler):
    server: Serving
    protocol_version = "HTTP/1.1"
    timeout = 30
    disable_nagle_algorithm = True  # else every reply waits 40 ms

    def _any(self) -> None:
        text = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        fault = self.server.fault(self.command, self.path)
        if fault is not None and fault.effect == "refuse":
            self.close_connection = True
            return
        if fault is not None and fault.effect == "error":
            self._send(Reply(500, {"title": "An unexpected error occurred in the server"}))
            return
        if fault is not None and fault.effect == "slow":
            time.sleep(fault.seconds)
        authorization = self.headers.get("Authorization", "")
        reply = self.server.double.answer(self.command, self.path, authorization, text)
        if fault is not None and fault.effect == "lose":
            self.close_connection = True
            return
        self._send(reply)

    do_GET = do_PUT = do_POST = do_DELETE = _any

    def _send(self, reply: Reply) -> None:
        self.send_response(reply.status)
        text = b""
        if reply.body is not None:
            is_text = isinstance(reply.body, str)
            text = reply.body.encode() if is_text else json.dumps(reply.body).encode()
            self.send_header("Content-Type", reply.content_type)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        with suppress(BrokenPipeError):  # who waits no longer for a slow reply
            self.wfile.write(text)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: `Double.exchanges` holds what was asked."""


@contextmanager
def serve(double: Double) -> Iterator[Serving]:
    """The double's API until the block ends."""
    server = Serving(double)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
