"""A server on loopback that speaks as Flink's SQL Gateway does, and refuses what it is told to."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

TRACE = """\
<Exception on server side:
org.apache.flink.table.gateway.api.utils.SqlGatewayException: Failed to fetch results.
\tat org.apache.flink.table.gateway.A.fetch(A.java:91)
Caused by: {text}
\t... 9 more
End of exception on server side>"""
_RESULT = re.compile(r"/operations/(\d+)/result")


class GatewayServer(ThreadingHTTPServer):
    """`refuses` maps a part of a statement to what the innermost cause says of it."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.lock = threading.Lock()
        self.version = "2.2.1"
        self.refuses: dict[str, str] = {}
        self.plan = "== Optimized Execution Plan =="
        self.statements: list[str] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


@contextmanager
def gateway_server() -> Iterator[GatewayServer]:
    with GatewayServer() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    server: GatewayServer

    def do_GET(self) -> None:
        asked = _RESULT.search(self.path)
        if asked is None:
            self._answer(200, {"productName": "Apache Flink", "version": self.server.version})
            return
        statement = self.server.statements[int(asked[1])]
        for part, text in self.server.refuses.items():
            if part in statement:
                self._answer(500, {"errors": ["Internal server error.", TRACE.format(text=text)]})
                return
        rows = self.server.plan if statement.startswith("EXPLAIN") else "OK"
        self._answer(200, {"resultType": "EOS", "results": _rows(rows)})

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        if "statement" not in body:
            self._answer(200, {"sessionHandle": "s"})
            return
        with self.server.lock:
            number = len(self.server.statements)
            self.server.statements.append(body["statement"])
        self._answer(200, {"operationHandle": str(number)})

    def do_DELETE(self) -> None:
        self._answer(200, {"status": "CLOSED"})

    def log_message(self, format: str, *args: object) -> None:
        pass

    def _answer(self, status: int, document: Any) -> None:
        content = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


def _rows(text: str) -> dict[str, Any]:
    columns = [{"name": "result", "logicalType": {"type": "VARCHAR", "nullable": True}}]
    return {"columns": columns, "data": [{"kind": "INSERT", "fields": [text]}]}
