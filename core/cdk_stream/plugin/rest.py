"""A JSON client of a live system that never says done when it does not know."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlsplit

import httpx

from cdk_stream.plugin.system import SystemFailed

T = TypeVar("T")
ATTEMPTS = 4
_FIRST_PAUSE, _LONGEST_PAUSE = 0.25, 4.0
_PUT_OFF = frozenset({425, 429})
"""Nothing was done, and it may be asked again."""
_PASSING = frozenset({408, 500, 502, 503, 504})
"""Answers of a server, or of a proxy before it, that may be different soon."""
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


@dataclass(frozen=True, slots=True)
class Reply:
    """What was answered: `body` is parsed JSON, text when it is none, None when it is empty."""

    status: int
    body: Any = None

    @property
    def ok(self) -> bool:
        """Whether it is a 2xx."""
        return 200 <= self.status < 300


class Rest:
    """Requests to one system; a 4xx is a reply, all that tells nothing raises `SystemFailed`.

    `name` is what messages call it. `url` may hold a login, which messages never show. Reads are
    asked up to four times. A write is sent again only when it cannot have arrived, or when `busy`
    says that the system put it off; else the failure is `unsure`, and whoever asked looks first.
    """

    def __init__(
        self,
        name: str,
        url: str,
        *,
        timeout: float = 15.0,
        headers: Mapping[str, str] | None = None,
        busy: Callable[[Reply], bool] = lambda _: False,
        transport: httpx.BaseTransport | None = None,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self.name = name
        parts = _parts(name, url)
        login = (parts.username or "", parts.password or "") if parts.username else None
        host = parts.netloc.rpartition("@")[2]
        self.address = f"{parts.scheme}://{host}{parts.path}".rstrip("/")
        self._busy = busy
        self._pause = pause
        self._client = httpx.Client(
            auth=login,
            headers=dict(headers or {}),
            timeout=timeout,
            transport=transport,
            trust_env=True,
        )

    def get(self, path: str, **params: str) -> Reply:
        """A GET; 404 is a reply."""
        return self._asked("GET", path, None, params, reads=True)

    def ask(self, method: str, path: str, body: Any = None, **params: str) -> Reply:
        """A request that changes nothing although it is no GET: a validation, a dry run."""
        return self._asked(method, path, body, params, reads=True)

    def write(self, method: str, path: str, body: Any = None, **params: str) -> Reply:
        """A request that changes something."""
        return self._asked(method, path, body, params, reads=False)

    def read(self, path: str, shape: type[T], **params: str) -> T:
        """The body of a GET that must be answered with 200 and a body of this shape."""
        reply = self.get(path, **params)
        if not reply.ok:
            raise self.refused(f"GET {path}", reply)
        if not isinstance(reply.body, shape):
            raise SystemFailed(
                f"{self.name} at {self.address} answers GET {path} with something else",
                "check the `url:` of the cluster: another server may be there",
            )
        return reply.body

    def refused(self, what: str, reply: Reply, mend: str = "") -> SystemFailed:
        """The failure for a reply that is none of those expected."""
        return SystemFailed(
            f"{self.name} at {self.address} refused {what}: {reply.status} {told(reply)}".rstrip(),
            mend or _mend(reply.status),
        )

    def close(self) -> None:
        """Let go of connections."""
        self._client.close()

    def _asked(
        self, method: str, path: str, body: Any, params: Mapping[str, str], *, reads: bool
    ) -> Reply:
        pause = _FIRST_PAUSE
        failure: Exception | None
        for attempt in range(1, ATTEMPTS + 1):
            try:
                reply = self._once(method, path, body, params)
                again = self._busy(reply) or reply.status in _PUT_OFF
                again = again or (reads and reply.status in _PASSING)
                failure = None
            except httpx.HTTPError as error:
                failure, reply = error, None
                again = reads or isinstance(error, _NOT_SENT)
            except _Garbled as error:
                failure, reply, again = error, None, reads
            if reply is not None and not again:
                return self._judged(f"{method} {path}", reply, reads)
            if attempt == ATTEMPTS or not again:
                break
            self._pause(pause)
            pause = min(4 * pause, _LONGEST_PAUSE)
        if reply is not None:
            return self._judged(f"{method} {path}", reply, reads)
        raise self._failed(f"{method} {path}", failure, reads)

    def _once(self, method: str, path: str, body: Any, params: Mapping[str, str]) -> Reply:
        answer = self._client.request(
            method,
            f"{self.address}/{path.lstrip('/')}",
            json=body,
            params=dict(params) or None,
        )
        return Reply(answer.status_code, _body(answer))

    def _judged(self, what: str, reply: Reply, reads: bool) -> Reply:
        """A 5xx says nothing about what a write did."""
        if reply.status in (401, 403):
            raise self.refused(what, reply)
        if reply.status >= 500:
            failure = self.refused(what, reply)
            failure.unsure = not reads
            raise failure
        return reply

    def _failed(self, what: str, error: Exception | None, reads: bool) -> SystemFailed:
        unsure = not reads and not isinstance(error, _NOT_SENT)
        reason = (error and _REASONS.get(type(error))) or str(error) or type(error).__name__
        tail = ", and whether it was done is not known" if unsure else ""
        return SystemFailed(
            f"{self.name} at {self.address} did not answer {what}: {reason}{tail}",
            f"check that it runs at {self.address} and can be reached from here",
            unsure=unsure,
        )


class _Garbled(Exception):
    """A reply that says it is JSON and is not: cut off on its way."""


_REASONS: dict[type[Exception], str] = {
    httpx.ConnectTimeout: "no connection in time",
    httpx.ReadTimeout: "no answer in time",
    httpx.WriteTimeout: "it takes nothing",
}


def told(reply: Reply) -> str:
    """What a refusal says, on one line."""
    body = reply.body
    if isinstance(body, dict):
        found = (body.get(key) for key in ("cause", "message", "msg", "detail", "title"))
        body = next((text for text in found if text), "")
    return " ".join(str(body or "").split())[:500]


def _parts(name: str, url: str) -> Any:
    parts = urlsplit(url)
    try:
        told = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        told = False
    if not told:
        raise SystemFailed(
            f"the address of {name} is none: it must look like http://host:port",
            "write it under `url:` of the cluster in stream_project.yml",
        )
    return parts


def _body(answer: httpx.Response) -> Any:
    text = answer.text
    if not text:
        return None
    try:
        return answer.json()
    except ValueError:
        if answer.status_code >= 400 or "json" not in answer.headers.get("content-type", "json"):
            return text
        raise _Garbled("its answer is not whole") from None


def _mend(status: int) -> str:
    if status in (401, 403):
        return "check the login in the `url:` of the cluster, and what it may do"
    return ""
