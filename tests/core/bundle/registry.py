"""A registry of the OCI distribution specification, on this machine."""

from __future__ import annotations

import base64
import gzip
import hashlib
import io
import json
import tarfile
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlsplit

MANIFEST = "application/vnd.oci.image.manifest.v1+json"
LAYER = "application/vnd.oci.image.layer.v1.tar+gzip"


def digest(content: bytes) -> str:
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def tar(files: Mapping[str, str | tarfile.TarInfo], mode: str = "w:gz") -> bytes:
    """A tar with these files; a TarInfo stands for a member that is none."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode=mode) as archive:  # type: ignore[call-overload]
        for name, text in files.items():
            if isinstance(text, tarfile.TarInfo):
                archive.addfile(text)
                continue
            member = tarfile.TarInfo(name)
            member.size = len(text.encode())
            archive.addfile(member, io.BytesIO(text.encode()))
    return stream.getvalue()


class Registry:
    """`login` is `name:secret` when reading needs a token; what is asked is kept in `asked`."""

    def __init__(self, login: str = "") -> None:
        self.login = login
        self.blobs: dict[str, bytes] = {}
        self.manifests: dict[str, bytes] = {}
        self.asked: list[tuple[str, str]] = []
        self.realm = ""
        self.elsewhere = ""
        """Another host that the blobs are at."""
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.answer(self)

            def log_message(self, format: str, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.host = f"127.0.0.1:{self._server.server_port}"
        self._thread = Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def push(self, *layers: tuple[bytes, str], tag: str = "latest") -> str:
        """(content, title) of each layer -> the digest of the manifest."""
        said = []
        for content, title in layers:
            self.blobs[digest(content)] = content
            known = {"mediaType": LAYER, "digest": digest(content), "size": len(content)}
            titled = {"annotations": {"org.opencontainers.image.title": title}} if title else {}
            said.append({**known, **titled})
        manifest = json.dumps({"schemaVersion": 2, "mediaType": MANIFEST, "layers": said}).encode()
        return self.push_manifest(manifest, tag)

    def push_manifest(self, manifest: bytes, tag: str = "latest") -> str:
        self.manifests[digest(manifest)] = self.manifests[tag] = manifest
        return digest(manifest)

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        url = urlsplit(request.path)
        authorization = request.headers.get("Authorization", "")
        self.asked.append((url.path, authorization))
        if url.path == "/token":
            self._token(request, authorization, parse_qs(url.query))
            return
        if self.login and authorization != "Bearer good":
            realm = self.realm or f"http://{self.host}/token"
            challenge = f'Bearer realm="{realm}",service="registry",scope="repository:rules:pull"'
            _send(request, 401, b"{}", {"WWW-Authenticate": challenge})
            return
        _, _, kind, name = url.path.rsplit("/", 3)
        found = (self.manifests if kind == "manifests" else self.blobs).get(name)
        if found is None:
            _send(request, 404, b"{}")
        elif kind == "blobs" and self.elsewhere:
            _send(request, 307, b"", {"Location": f"http://{self.elsewhere}{url.path}"})
        elif "gzip" in request.headers.get("Accept-Encoding", ""):
            _send(request, 200, gzip.compress(found), {"Content-Encoding": "gzip"})
        else:
            _send(request, 200, found, {"Content-Type": MANIFEST})

    def _token(
        self, request: BaseHTTPRequestHandler, authorization: str, query: dict[str, list[str]]
    ) -> None:
        wanted = f"Basic {base64.b64encode(self.login.encode()).decode()}"
        asked = query.get("scope") == ["repository:rules:pull"]
        if authorization == wanted and asked and query.get("service") == ["registry"]:
            _send(request, 200, b'{"token": "good"}')
        else:
            _send(request, 401, b"{}")


def _send(
    request: BaseHTTPRequestHandler,
    status: int,
    content: bytes,
    headers: Mapping[str, str] | None = None,
) -> None:
    request.send_response(status)
    for name, value in (headers or {}).items():
        request.send_header(name, value)
    request.send_header("Content-Length", str(len(content)))
    request.end_headers()
    request.wfile.write(content)
