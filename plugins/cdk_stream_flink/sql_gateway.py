"""Flink's SQL Gateway over REST: a session that runs one statement after another."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any, NamedTuple

import httpx

from cdk_stream_flink.stack_trace import Failure, read_failure

_FIRST_PAUSE, _LONGEST_PAUSE = 0.01, 0.25
_API = "/v3"  # the newest that Flink 1.20 knows; 2.x keeps it beside its own


class GatewayError(Exception):
    """The gateway cannot be reached, or answers what no gateway answers."""


class StatementTimeout(GatewayError):
    """A statement took too long; the gateway was asked to cancel it."""


class StatementError(Exception):
    """Flink refused a statement: `str()` is its own last word."""

    def __init__(self, statement: str, failure: Failure) -> None:
        super().__init__(failure.message)
        self.statement = statement
        self.failure = failure


class ResultColumn(NamedTuple):
    name: str
    type: str
    """The root of the type, such as `VARCHAR`."""
    nullable: bool


@dataclass(frozen=True, slots=True)
class Result:
    """The rows of a statement; those without any give the single row `OK`."""

    columns: tuple[ResultColumn, ...]
    rows: list[tuple[Any, ...]]
    job_id: str | None
    """The job that an INSERT has started."""


class Session:
    """Tables, functions and settings live as long as the session; leaving `with` closes it."""

    def __init__(self, client: httpx.Client, timeout: float, properties: Mapping[str, str]) -> None:
        self._client = client
        self._timeout = timeout
        opened = self._send("POST", f"{_API}/sessions", {"properties": dict(properties)})
        self._path = f"{_API}/sessions/{_field(opened, 'sessionHandle')}"

    @property
    def address(self) -> str:
        """Where the gateway is; without a password."""
        return str(self._client.base_url).rstrip("/")

    @property
    def version(self) -> str:
        """The gateway's own: `2.3.0`."""
        return str(self._send("GET", f"{_API}/info").get("version", ""))

    def execute(self, statement: str, *, timeout: float | None = None) -> Result:
        """Run one statement and wait for all of its rows.

        `timeout` is in seconds. Raises StatementError, StatementTimeout or GatewayError.
        """
        deadline = time.monotonic() + (self._timeout if timeout is None else timeout)
        started = self._send("POST", f"{self._path}/statements", {"statement": statement})
        operation = f"{self._path}/operations/{_field(started, 'operationHandle')}"
        try:
            return _collect(self._pages(operation, statement, deadline))
        finally:
            with contextlib.suppress(GatewayError):
                self._send("DELETE", f"{operation}/close")

    def close(self) -> None:
        """End the session; the jobs that it started go on."""
        with contextlib.suppress(GatewayError):
            self._send("DELETE", self._path)
        self._client.close()

    def __enter__(self) -> Session:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _pages(self, operation: str, statement: str, deadline: float) -> Iterator[dict[str, Any]]:
        address: str | None = f"{operation}/result/0?rowFormat=JSON"
        pause = _FIRST_PAUSE
        while address is not None:
            page = self._page(address, statement)
            if _field(page, "resultType") == "NOT_READY":
                if time.monotonic() > deadline:
                    self._send("POST", f"{operation}/cancel")
                    raise StatementTimeout("Flink did not answer a statement in time")
                time.sleep(pause)
                pause = min(2 * pause, _LONGEST_PAUSE)
                continue
            yield page
            address = page.get("nextResultUri")

    def _page(self, address: str, statement: str) -> dict[str, Any]:
        reply = self._request("GET", address)
        if reply.status_code == httpx.codes.INTERNAL_SERVER_ERROR and _is_flinks(reply):
            raise StatementError(statement, read_failure("\n".join(_errors(reply))))
        return _document(reply)

    def _send(self, method: str, path: str, body: object = None) -> dict[str, Any]:
        return _document(self._request(method, path, body))

    def _request(self, method: str, path: str, body: object = None) -> httpx.Response:
        try:
            return self._client.request(method, path, json=body)
        except httpx.HTTPError as error:
            message = f"the SQL Gateway at '{self.address}' does not answer: {error}"
            raise GatewayError(message) from error


def open_session(
    url: str,
    properties: Mapping[str, str] | None = None,
    *,
    timeout: float = 60.0,
    transport: httpx.BaseTransport | None = None,
) -> Session:
    """A session of the gateway at `url`; `timeout` is for each statement, in seconds."""
    try:
        address = httpx.URL(url)
    except httpx.InvalidURL as error:
        raise GatewayError(f"the address of the SQL Gateway is none: {error}") from error
    client = httpx.Client(
        base_url=address.copy_with(userinfo=b""),  # what is shown of it holds no password
        auth=(address.username, address.password) if address.userinfo else None,
        timeout=httpx.Timeout(timeout),
        transport=transport,
    )
    try:
        return Session(client, timeout, properties or {})
    except BaseException:
        client.close()
        raise


def _collect(pages: Iterator[dict[str, Any]]) -> Result:
    columns: tuple[ResultColumn, ...] = ()
    rows: list[tuple[Any, ...]] = []
    job_id = None
    for page in pages:
        job_id = page.get("jobID") or job_id
        results = page.get("results") or {}
        columns = columns or tuple(map(_column, results.get("columns", ())))
        rows += [tuple(row["fields"]) for row in results.get("data", ())]
    return Result(columns, rows, job_id)


def _column(told: Mapping[str, Any]) -> ResultColumn:
    kind = told["logicalType"]
    return ResultColumn(told["name"], kind["type"], kind["nullable"])


def _document(reply: httpx.Response) -> dict[str, Any]:
    if reply.is_error:
        raise GatewayError(read_failure("\n".join(_errors(reply))).message)
    try:
        document = reply.json()
    except ValueError:
        document = None
    if not isinstance(document, dict):
        raise GatewayError(f"'{reply.url}' does not speak as an SQL Gateway does")
    return document


def _field(document: Mapping[str, Any], name: str) -> Any:
    if name not in document:
        raise GatewayError(f"the SQL Gateway's answer has no '{name}': it does not speak as one")
    return document[name]


def _is_flinks(reply: httpx.Response) -> bool:
    """Whether Flink itself refuses; what stands before it may answer 500 as well."""
    try:
        return isinstance(reply.json()["errors"], list)
    except (ValueError, KeyError, TypeError):
        return False


def _errors(reply: httpx.Response) -> list[str]:
    try:
        return [str(error) for error in reply.json()["errors"]]
    except (ValueError, KeyError, TypeError):
        return [f"{reply.status_code} {reply.reason_phrase} from '{reply.url}'"]
