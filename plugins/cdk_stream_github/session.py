"""A session with GitHub's API: one host, bounded waits, never a token elsewhere."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
from github3.session import GitHubSession

from cdk_stream.plugin.forge import ForgeError
from cdk_stream_github.environment import Environment
from cdk_stream_github.errors import answered, one_line

_TRANSIENT = (requests.ConnectionError, requests.Timeout, requests.exceptions.ChunkedEncodingError)
_BROKEN = (500, 502, 503, 504)
_MOVED = (301, 302, 307, 308)


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a run waits for GitHub; times in seconds."""

    connect: float = 5
    read: float = 20
    tries: int = 4
    pause: float = 0.5
    """Before the second try; doubled each time."""
    longest_wait: float = 60
    """For a rate limit to end."""
    requests: int = 2000
    """In one run; more is a loop, not a pull request."""


class Session(GitHubSession):  # type: ignore[misc] # github3 has no types
    """github3's session; every request of the plugin goes through `request`."""

    def __init__(
        self,
        environment: Environment,
        patience: Patience = Patience(),
        sleep: Callable[[float], None] | None = None,
    ) -> None:
        super().__init__(patience.connect, patience.read)
        self.trust_env = False  # a .netrc would replace the token
        self.base_url = environment.api
        self.headers.update(
            {"X-GitHub-Api-Version": "2022-11-28", "Accept": "application/vnd.github+json"}
        )
        self.token_auth(environment.token)
        self.proxies = {"https": environment.proxy} if environment.proxy else {}
        self.verify = environment.certificates or True
        self._patience = patience
        self._sleep = sleep or time.sleep
        self._left = patience.requests

    def request(self, method: str, url: str, *, again: bool = False, **options: Any) -> Any:
        """A `requests.Response` below 300 whose body, if any, is JSON.

        `again` says that it does no harm when it arrives twice; else only what was refused
        unread is sent again. Raises `ForgeError`; `Answered` with the status.
        """
        method = method.upper()
        repeatable = again or method in ("GET", "PUT", "PATCH", "DELETE")
        for attempt in range(1, self._patience.tries + 1):
            last = attempt == self._patience.tries
            wait = self._patience.pause * 2 ** (attempt - 1)
            try:
                response = self._once(method, url, options)
            except requests.RequestException as error:
                if last or not (repeatable and isinstance(error, _TRANSIENT)):
                    raise ForgeError(_unreachable(self.base_url, method, url, error)) from None
                self._sleep(wait)
                continue
            if response.status_code < 300 and (_is_whole(response) or last or not repeatable):
                return _whole(response, method, url)
            limit = rate_limit(response.status_code, response.headers, response.text)
            if limit is not None and limit > self._patience.longest_wait:
                raise _limited(method, url, limit)
            if last or not (limit is not None or (repeatable and _is_broken(response))):
                raise _refusal(response, method, url)
            self._sleep(wait if limit is None else max(wait, limit))
        raise AssertionError("the last try ends it")

    def _once(self, method: str, url: str, options: dict[str, Any]) -> requests.Response:
        address = url
        options = {**options, "allow_redirects": False}
        for _ in range(3):
            self._hold(address)
            response: requests.Response = super().request(method, address, **options)
            if response.status_code not in _MOVED or method != "GET":
                return response
            address = urljoin(address, response.headers.get("location", ""))
            options.pop("params", None)  # the new address has them
        raise ForgeError(f"GitHub sends {method} {_path(url)} in a circle")

    def _hold(self, url: str) -> None:
        """Refuse another origin than the API's: a `Link` or a redirect would carry the token."""
        graphql = f"{self.base_url.removesuffix('/v3')}/graphql"  # of an Enterprise Server
        ours = url.startswith(f"{self.base_url}/") or url == graphql
        if not ours or _origin(url) != _origin(self.base_url):
            asked = one_line("{}://{}".format(*_origin(url)[:2]))
            raise ForgeError(
                f"GitHub's API at {self.base_url} points to {asked}",
                "the token is not sent there; if that is your GitHub, set GITHUB_API_URL",
            )
        self._left -= 1
        if self._left < 0:
            raise ForgeError(f"more than {self._patience.requests} requests to GitHub in one run")


def rate_limit(
    status: int, headers: Mapping[str, str], text: str, now: float | None = None
) -> float | None:
    """Seconds until GitHub listens again; None when an answer is no rate limit."""
    if status not in (403, 429):
        return None
    after = headers.get("retry-after", "")
    if after.isdecimal():
        return float(after)
    reset = headers.get("x-ratelimit-reset", "")
    if headers.get("x-ratelimit-remaining") == "0" and reset.isdecimal():
        return max(0.0, float(reset) - (time.time() if now is None else now)) + 1
    return 60.0 if status == 429 or "secondary rate limit" in text.lower() else None


def _is_broken(response: requests.Response) -> bool:
    return response.status_code in _BROKEN or response.status_code < 300


def _is_whole(response: requests.Response) -> bool:
    if response.status_code == 204 or not response.content:
        return response.status_code == 204
    try:
        response.json()
    except ValueError:
        return False
    return True


def _whole(response: requests.Response, method: str, url: str) -> requests.Response:
    if not _is_whole(response):
        raise ForgeError(f"GitHub answers {method} {_path(url)} with what is not JSON")
    return response


def _refusal(response: requests.Response, method: str, url: str) -> ForgeError:
    try:
        told = response.json()
    except ValueError:
        told = None
    return answered(method, _path(url), response.status_code, response.headers, told)


def _limited(method: str, url: str, seconds: float) -> ForgeError:
    minutes = int(seconds // 60) + 1
    return ForgeError(
        f"GitHub limits how often the token may ask, at {method} {_path(url)}",
        f"run it again in {minutes} minutes",
    )


def _unreachable(api: str, method: str, url: str, error: Exception) -> str:
    why = "no answer in time" if isinstance(error, requests.Timeout) else type(error).__name__
    return f"GitHub at {api} cannot be reached for {method} {_path(url)}: {why}"


def _path(url: str) -> str:
    return one_line(urlsplit(url).path)


def _origin(url: str) -> tuple[str, str, int | None]:
    parts = urlsplit(url)
    try:
        return parts.scheme, parts.hostname or "", parts.port
    except ValueError:
        return parts.scheme, parts.hostname or "", -1
