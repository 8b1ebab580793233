"""GitHub's REST API: one object, a whole list, or an error."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from github3.exceptions import GitHubException
from github3.models import GitHubCore
from github3.structs import GitHubIterator

from cdk_stream.plugin.forge import ForgeError
from cdk_stream_github.answers import T, read
from cdk_stream_github.session import Session

Path = tuple[str | int, ...]
"""Parts of an address under the API's."""


class _Raw(GitHubCore):  # type: ignore[misc] # github3 has no types
    """An object as it was sent: github3's own models fail on the account of nobody."""


class Client:
    """Paths are given in parts, each of which may hold any sign."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def get(self, model: type[T], *path: str | int) -> T:
        """One object."""
        told = self._session.request("GET", self._url(path)).json()
        return read(model, told, _asked("GET", path))

    def list(self, model: type[T], *path: str | int, most: int, **parameters: str) -> list[T]:
        """All of a list, over its pages; more than `most` is an error, as is a missing page."""
        pages = GitHubIterator(-1, self._url(path), _Raw, self._session, dict(parameters))
        asked = _asked("GET", path)
        found: list[T] = []
        try:
            for item in pages:
                found.append(read(model, item.as_dict(), asked))
                if len(found) > most:
                    raise ForgeError(f"{asked} lists more than {most}, which is too many")
        except (GitHubException, AttributeError, TypeError):
            raise ForgeError(f"GitHub answers {asked} with what is no list") from None
        if pages.last_status != 200:
            raise ForgeError(f"GitHub breaks off its answer to {asked}")
        return found

    def post(self, path: Path, body: Any, *, again: bool = False) -> Any:
        """Create; with `again`, twice does no harm."""
        return self._session.request("POST", self._url(path), json=body, again=again).json()

    def graphql(self, query: str, variables: dict[str, str]) -> Any:
        """What GraphQL answers, its errors included; the query may only read."""
        base = self._session.base_url
        address = f"{base.removesuffix('/v3')}/graphql"
        body = {"query": query, "variables": variables}
        return self._session.request("POST", address, json=body, again=True).json()

    def patch(self, path: Path, body: Any) -> Any:
        """Change."""
        return self._session.request("PATCH", self._url(path), json=body).json()

    def delete(self, *path: str | int) -> None:
        """Remove."""
        self._session.request("DELETE", self._url(path))

    def _url(self, path: Path) -> str:
        parts = [quote(str(part), safe="") for part in path]
        if any(part in ("", ".", "..") for part in parts):
            raise ForgeError(f"no name of GitHub's is {_asked('GET', path)!r}")
        return "/".join((self._session.base_url, *parts))


def _asked(method: str, path: Path) -> str:
    return f"{method} /{'/'.join(map(str, path))}"
