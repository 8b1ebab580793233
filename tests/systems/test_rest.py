"""The client of live systems: bounded, and never sure of what it cannot know."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest

from cdk_stream.plugin.converge import WRITES, converge
from cdk_stream.plugin.rest import ATTEMPTS, Reply, Rest
from cdk_stream.plugin.system import SystemFailed
from tests.systems.fault_proxy import EFFECTS, Effect, Faults, before

Answer = Callable[[httpx.Request], httpx.Response]


class _Counter(BaseHTTPRequestHandler):
    """Keeps one number: GET tells it, PUT makes it one greater."""

    server: _Server
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        self._send(b"%d" % self.server.count)

    def do_PUT(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.server.count += 1
        self._send(b"%d" % self.server.count)

    def _send(self, text: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    count = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


@pytest.fixture
def counter() -> Iterator[_Server]:
    server = _Server(("127.0.0.1", 0), _Counter)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def faults() -> Faults:
    return Faults(patience=0.4)


@pytest.fixture
def rest(counter: _Server, faults: Faults) -> Iterator[Rest]:
    with before(counter.url, faults) as url:
        made = Rest("the counter", url, timeout=0.2, pause=lambda _: None)
        yield made
        made.close()


def answering(answer: Answer, **options: object) -> Rest:
    transport = httpx.MockTransport(answer)
    return Rest("it", "http://it", transport=transport, pause=lambda _: None, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize("effect", EFFECTS)
def test_a_read_is_asked_again(effect: Effect, rest: Rest, faults: Faults) -> None:
    faults.effect, faults.times = effect, ATTEMPTS - 1
    assert rest.read("n", int) == 0
    assert len(faults.seen) == ATTEMPTS


@pytest.mark.parametrize("effect", EFFECTS)
def test_a_read_is_given_up(effect: Effect, rest: Rest, faults: Faults) -> None:
    faults.effect, faults.times = effect, 1000
    with pytest.raises(SystemFailed, match="the counter at http://") as told:
        rest.read("n", int)
    assert not told.value.unsure
    assert len(faults.seen) == ATTEMPTS


@pytest.mark.parametrize("effect", EFFECTS)
def test_a_write_that_may_have_arrived_is_not_sent_again(
    effect: Effect, rest: Rest, faults: Faults
) -> None:
    faults.effect, faults.times = effect, 1
    with pytest.raises(SystemFailed) as told:
        rest.write("PUT", "n", 1)
    assert told.value.unsure
    assert faults.writes == 1


@pytest.mark.parametrize("effect", EFFECTS)
def test_a_write_with_looks_is_done_exactly_once(
    effect: Effect, rest: Rest, faults: Faults, counter: _Server
) -> None:
    faults.effect, faults.method, faults.times = effect, "PUT", 1
    done = converge(
        "the count",
        lambda: int(rest.read("n", int)),
        lambda count: count > 0,
        lambda _: _write(rest),
        pause=lambda _: None,
    )
    assert (done.seen, done.changed, counter.count) == (1, True, 1)


@pytest.mark.parametrize("effect", EFFECTS)
def test_a_write_that_never_shows_is_never_done(effect: Effect, rest: Rest, faults: Faults) -> None:
    faults.effect, faults.method, faults.times = effect, "PUT", 1000
    with pytest.raises(SystemFailed):
        converge(
            "the count",
            lambda: int(rest.read("n", int)),
            lambda count: count > 100,
            lambda _: _write(rest),
            pause=lambda _: None,
        )
    assert faults.writes == WRITES


def _write(rest: Rest) -> None:
    rest.write("PUT", "n", 1)


def test_nobody_there_is_told_with_the_address_and_a_mend() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        rest = Rest("it", f"http://127.0.0.1:{port}", pause=lambda _: None)
        with pytest.raises(SystemFailed, match=f"it at http://127.0.0.1:{port} did not") as told:
            rest.write("PUT", "x", {})
        rest.close()
    assert not told.value.unsure
    assert "check that it runs" in told.value.mend


def test_a_login_in_the_address_is_used_and_never_told() -> None:
    seen: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request.headers["authorization"])
        return httpx.Response(403, json={"message": "no"})

    rest = Rest("it", "http://ann:s3cret@it/x", transport=httpx.MockTransport(answer))
    with pytest.raises(SystemFailed, match="it at http://it/x refused GET y: 403 no") as told:
        rest.read("y", list)
    assert seen == ["Basic YW5uOnMzY3JldA=="]
    assert "s3cret" not in str(told.value)
    assert "login" in told.value.mend


def test_a_system_that_puts_a_write_off_is_asked_again_a_few_times() -> None:
    asked: list[int] = []

    def answer(_: httpx.Request) -> httpx.Response:
        asked.append(1)
        return httpx.Response(409, json={"message": "rebalancing"})

    rest = answering(answer, busy=lambda reply: reply.status == 409)
    assert rest.write("PUT", "x") == Reply(409, {"message": "rebalancing"})
    assert len(asked) == ATTEMPTS


def test_too_many_requests_are_spread_out() -> None:
    replies = [429, 429, 200]
    waited: list[float] = []
    transport = httpx.MockTransport(lambda _: httpx.Response(replies.pop(0)))
    rest = Rest("it", "http://it", transport=transport, pause=waited.append)
    assert rest.write("PUT", "x").status == 200
    assert waited == sorted(waited) and len(waited) == 2


@pytest.mark.parametrize("url", ["", "it:80", "ftp://it", "http://", "http://it:none"])
def test_an_address_that_is_none_is_told(url: str) -> None:
    with pytest.raises(SystemFailed, match="the address of it is none"):
        Rest("it", url)


def test_what_was_accepted_and_does_not_show_is_no_success() -> None:
    written: list[int] = []
    with pytest.raises(SystemFailed, match="was accepted, and does not show") as told:
        converge("it", lambda: 0, bool, written.append, pause=lambda _: None)
    assert told.value.unsure
    assert written == [0]


def test_what_is_there_already_is_not_written() -> None:
    written: list[int] = []
    assert not converge("it", lambda: 1, bool, written.append, pause=lambda _: None).changed
    assert written == []
