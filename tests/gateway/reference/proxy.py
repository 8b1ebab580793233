"""A port that speaks Kafka's protocol, and keeps to the Gateway's rules before a real broker."""

from __future__ import annotations

import contextlib
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from tests.gateway.reference.gateway import Gateway
from tests.gateway.reference.session import Address, Session
from tests.gateway.reference.wire.apis import API_VERSIONS, APIS, HEADER
from tests.gateway.reference.wire.connection import Broker, Closed, receive, send
from tests.gateway.reference.wire.types import INT32, BadBytes, Reader

_UNSUPPORTED_VERSION = 35


class Proxy(socketserver.ThreadingTCPServer):
    """Requests and versions that are not known end the connection: nothing passes unread."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, gateway: Gateway, broker: str) -> None:
        super().__init__(("127.0.0.1", 0), _Client)
        self.gateway = gateway
        self.broker = broker

    @property
    def address(self) -> Address:
        host, port = self.server_address[:2]
        return Address(str(host), int(port))


class _Client(socketserver.BaseRequestHandler):
    server: Proxy

    def handle(self) -> None:
        with Broker(self.server.broker) as broker, contextlib.suppress(Closed, BadBytes, OSError):
            session = Session(self.server.gateway, broker, self.server.address)
            while True:
                self._one(session, receive(self.request))

    def _one(self, session: Session, frame: bytes) -> None:
        reader = Reader(frame)
        header = HEADER.read(reader)
        correlation = INT32.write(header["correlation_id"])
        api = APIS.get(header["api_key"])
        if api is API_VERSIONS and header["api_version"] != api.version:
            told = {"error": _UNSUPPORTED_VERSION, "apis": []}
            send(self.request, correlation + api.reply.write(told))
            return
        if api is None or header["api_version"] != api.version:
            raise Closed(f"a request that is not known: {header}")
        reply = session.answer(api, api.request.decode(reader.rest()))
        send(self.request, correlation + api.reply.write(reply))


@contextmanager
def stand(gateway: Gateway, broker: str) -> Iterator[Proxy]:
    """The proxy until the block ends; `broker` is `host:port` of a broker that asks nobody."""
    proxy = Proxy(gateway, broker)
    thread = threading.Thread(target=proxy.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield proxy
    finally:
        proxy.shutdown()
        proxy.server_close()
        thread.join()
