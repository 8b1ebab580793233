"""GitHub on loopback: REST under `/`, Git's smart HTTP under `/acme/streams`."""

from __future__ import annotations

import base64
import json
import os
import socket
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from tests.github.contract import Breach, Contract, Match
from tests.github.double.faults import Faults, Trouble
from tests.github.double.operations import Call, No, Operations
from tests.github.double.shapes import Shapes
from tests.github.double.world import REPOSITORY, World

_GIT = f"/{REPOSITORY}"
_PER_PAGE = 30


@dataclass
class Double:
    """What a test holds: the world, the faults to come, and what was asked."""

    url: str
    world: World
    faults: Faults = field(default_factory=Faults)
    asked: list[tuple[str, str]] = field(default_factory=list)
    """(method, template), in order; Git's requests are (method, 'git')."""
    breaches: list[str] = field(default_factory=list)
    """What was said on either side that GitHub's description does not know."""
    links: dict[str, str] = field(default_factory=dict)
    """The ending of a template -> where its `Link: rel="next"` points instead."""
    moved: dict[str, str] = field(default_factory=dict)
    """The ending of a template -> where it redirects to, once."""

    def environ(self, token: str = "ghs_actions", **more: str) -> dict[str, str]:
        """What a runner tells a program."""
        return {
            "GITHUB_API_URL": self.url,
            "GITHUB_SERVER_URL": self.url,
            "GITHUB_REPOSITORY": REPOSITORY,
            "GITHUB_TOKEN": token,
            **more,
        }

    def count(self, method: str, ending: str) -> int:
        """How often an operation was asked for."""
        return sum(m == method and path.endswith(ending) for m, path in self.asked)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    disable_nagle_algorithm = True

    def __init__(self, contract: Contract, folder: Path) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.contract = contract
        self.folder = folder
        self.double = Double(f"http://127.0.0.1:{self.server_port}", World(folder))
        shapes = Shapes(contract, self.double.world, self.double.url)
        self.operations = Operations(self.double.world, shapes)
        self.closing = threading.Event()
        self.turn = threading.Lock()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is what some tests are about."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    wbufsize = -1
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def do_PATCH(self) -> None:
        self._serve()

    def do_DELETE(self) -> None:
        self._serve()

    def log_message(self, format: str, *arguments: object) -> None:
        """Tests are quiet."""

    def _serve(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        raw = self.rfile.read(length)
        if urlsplit(self.path).path.startswith(_GIT + "/"):
            self._git(raw)
            return
        if self.path.startswith("/api/"):  # as an Enterprise Server has it
            self.path = self.path.removeprefix("/api").removeprefix("/v3")
        if (self.command, self.path) == ("POST", "/graphql"):
            self._graphql(json.loads(raw))
            return
        try:
            self._rest(raw)
        except Breach as breach:
            self.server.double.breaches.append(str(breach))
            self._send(500, {"message": str(breach)})

    def _graphql(self, asked: Any) -> None:
        """The one question that is asked by GraphQL, which GitHub's REST description lacks."""
        double = self.server.double
        double.asked.append(("POST", "graphql"))
        if self._token() not in double.world.tokens or "lastEditedAt" not in asked["query"]:
            self._send(401, {"message": "Bad credentials"})
            return
        with self.server.turn:
            node = double.world.last_edit(asked["variables"]["id"])
        self._send(200, {"data": {"node": node}})

    def _rest(self, raw: bytes) -> None:
        double = self.server.double
        address = urlsplit(self.path)
        query = dict(parse_qsl(address.query, keep_blank_values=True))
        match = self.server.contract.match(self.command, address.path)
        double.asked.append((match.method, match.template))
        with self.server.turn:
            page = int(query.get("page", "1"))
            trouble = double.faults.next(match.method, match.template, page)
        if trouble is not None and self._go_wrong(trouble):
            return
        for ending in list(double.moved):
            if match.template.endswith(ending):
                target = double.moved.pop(ending)
                self._send(301, {"message": "Moved Permanently"}, Location=target)
                return
        with self.server.turn:
            status, body, headers = self._answer(match, query, json.loads(raw) if raw else None)
        content = json.dumps(body).encode() if body is not None else b""
        self._write(status, content[: len(content) // 2] if trouble == "truncated" else content,
                    headers)  # fmt: skip

    def _answer(
        self, match: Match, query: Mapping[str, str], body: Any
    ) -> tuple[int, Any, dict[str, str]]:
        contract = self.server.contract
        contract.check_request(match, query, body)
        headers: dict[str, str] = {}
        try:
            token = self.server.double.world.tokens.get(self._token())
            if token is None:
                raise No(401, "Bad credentials")
            status, told = self.server.operations.answer(Call(match, query, body, token))
            if isinstance(told, list):
                told, headers = self._page(match, told, query)
        except No as no:
            status, told, headers = no.status, {"message": str(no), "status": str(no.status)}, {
                **no.headers
            }  # fmt: skip
        contract.check_answer(match, status, told)
        return status, told, headers

    def _page(
        self, match: Match, found: list[Any], query: Mapping[str, str]
    ) -> tuple[list[Any], dict[str, str]]:
        size, page = int(query.get("per_page", _PER_PAGE)), int(query.get("page", "1"))
        double = self.server.double
        for ending, target in double.links.items():
            if match.template.endswith(ending):
                return found, {"Link": f'<{target}>; rel="next"'}
        rest = found[(page - 1) * size :]
        if len(rest) <= size:
            return rest, {}
        more = urlencode({**query, "page": str(page + 1)})
        address = f"{double.url}{urlsplit(self.path).path}?{more}"
        return rest[:size], {"Link": f'<{address}>; rel="next"'}

    def _go_wrong(self, trouble: Trouble) -> bool:
        """Whether that was the answer."""
        if trouble == "truncated":
            return False
        if trouble == "reset":
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            self.close_connection = True
            self.connection.close()
        elif trouble == "slow":
            self.server.closing.wait(5)
            self.close_connection = True
        elif trouble == "html":
            self._write(200, b"<html>Sign in to the proxy</html>", {})
        elif trouble == "retry after":
            self._send(429, {"message": "Too many requests"}, **{"Retry-After": "0"})
        elif isinstance(trouble, str):
            seconds = 3000 if trouble == "long rate limit" else 0
            reset = str(int(time.time()) + seconds)
            headers = {"x-ratelimit-remaining": "0", "x-ratelimit-reset": reset}
            self._send(403, {"message": "API rate limit exceeded for installation"}, **headers)
        else:
            self._send(trouble, {"message": "Server Error"})
        return True

    def _token(self) -> str:
        return self.headers.get("Authorization", "").removeprefix("token ")

    def _send(self, status: int, body: Any, **headers: str) -> None:
        self._write(status, json.dumps(body).encode(), headers)

    def _write(self, status: int, content: bytes, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        for name, text in headers.items():
            self.send_header(name, text)
        self.end_headers()
        self.wfile.write(content)

    def _git(self, raw: bytes) -> None:
        """Git's own program answers, to whoever has a token."""
        self.server.double.asked.append((self.command, "git"))
        if self._password() not in self.server.double.world.tokens:
            self.send_response(401)
            self.send_header("WWW-Authenticate", 'Basic realm="GitHub"')
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        address = urlsplit(self.path)
        done = subprocess.run(
            ("git", "http-backend"),
            input=raw,
            env={
                "PATH": os.environ["PATH"],
                "GIT_PROJECT_ROOT": str(self.server.folder),
                "GIT_HTTP_EXPORT_ALL": "1",
                "GIT_PROTOCOL": self.headers.get("Git-Protocol", ""),
                "PATH_INFO": address.path,
                "QUERY_STRING": address.query,
                "REQUEST_METHOD": self.command,
                "CONTENT_TYPE": self.headers.get("Content-Type", ""),
                "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
                "CONTENT_LENGTH": str(len(raw)),
            },
            capture_output=True,
            check=False,
        )
        head, _, content = done.stdout.partition(b"\r\n\r\n")
        told = dict(line.split(": ", 1) for line in head.decode().split("\r\n"))
        self.send_response(int(told.pop("Status", "200").partition(" ")[0]))
        for name, text in told.items():
            self.send_header(name, text)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _password(self) -> str:
        given = self.headers.get_all("Authorization") or []
        if len(given) != 1 or not given[0].lower().startswith("basic "):
            return ""  # GitHub refuses two headers
        return base64.b64decode(given[0][6:]).decode().partition(":")[2]


@contextmanager
def double(contract: Contract, folder: Path) -> Iterator[Double]:
    """GitHub with an empty repository, until the block ends; then nothing may have been amiss."""
    server = _Server(contract, folder)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield server.double
    finally:
        server.closing.set()
        server.shutdown()
        server.server_close()
        thread.join(5)
    assert not server.double.breaches, server.double.breaches
