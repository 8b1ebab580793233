"""What the SQL Gateway's client makes of servers that are gone, wrong or slow."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest

from cdk_stream_flink.sql_gateway import GatewayError, StatementTimeout, open_session

Handler = Callable[[httpx.Request], httpx.Response]


def _dead(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("connection refused", request=request)


def _login_page(_: httpx.Request) -> httpx.Response:
    return httpx.Response(200, text="<html>please log in</html>")


def _array(_: httpx.Request) -> httpx.Response:
    return httpx.Response(200, json=[])


def _forbidden(_: httpx.Request) -> httpx.Response:
    return httpx.Response(403, text="no")


@pytest.mark.parametrize(
    ("handler", "message"),
    [
        (_dead, "the SQL Gateway at 'http://flink' does not answer: connection refused"),
        (_login_page, "'http://flink/v3/sessions' does not speak as an SQL Gateway does"),
        (_array, "'http://flink/v3/sessions' does not speak as an SQL Gateway does"),
        (_forbidden, "403 Forbidden from 'http://flink/v3/sessions'"),
    ],
)
def test_a_server_that_is_no_gateway_is_an_error(handler: Handler, message: str) -> None:
    with pytest.raises(GatewayError) as refused:
        open_session("http://flink", transport=httpx.MockTransport(handler))
    assert str(refused.value) == message


def test_a_password_is_sent_and_never_shown() -> None:
    sent = []

    def forbidden(request: httpx.Request) -> httpx.Response:
        sent.append(request.headers["authorization"])
        return _forbidden(request)

    with pytest.raises(GatewayError) as refused:
        open_session("http://me:secret@flink", transport=httpx.MockTransport(forbidden))
    assert sent == [httpx.BasicAuth("me", "secret")._auth_header]
    assert "secret" not in str(refused.value)


def test_what_is_no_address_is_an_error() -> None:
    with pytest.raises(GatewayError, match="the address of the SQL Gateway is none"):
        open_session("http://flink:port")


def test_a_statement_that_takes_too_long_is_cancelled_and_closed() -> None:
    asked = []

    def slow(request: httpx.Request) -> httpx.Response:
        asked.append(f"{request.method} {request.url.path}")
        return httpx.Response(
            200, json={"sessionHandle": "s", "operationHandle": "o", "resultType": "NOT_READY"}
        )

    transport = httpx.MockTransport(slow)
    with open_session("http://flink", transport=transport) as session:
        with pytest.raises(StatementTimeout):
            session.execute("SELECT 1", timeout=0)
        assert asked[-2:] == [
            "POST /v3/sessions/s/operations/o/cancel",
            "DELETE /v3/sessions/s/operations/o/close",
        ]
    assert asked[-1] == "DELETE /v3/sessions/s"
