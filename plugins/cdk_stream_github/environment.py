"""What a workflow run tells in its environment."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from cdk_stream.plugin.forge import ForgeError

_REPOSITORY = re.compile(r"(?!\.)[\w.-]+/(?!\.{1,2}$)[\w.-]+", re.ASCII)
_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_SLUG = re.compile(r"[a-z0-9][a-z0-9-]*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Environment:
    """Where GitHub is, and who asks."""

    repository: str
    api: str
    """`https://api.github.com`; no slash at the end."""
    server: str
    """`https://github.com`; where Git fetches from."""
    token: str = field(repr=False)
    app: str = ""
    """The slug of the GitHub App that the token is of; empty when nobody says."""
    proxy: str = field(default="", repr=False)
    certificates: str = ""
    event_name: str = ""
    event_path: str = ""


def read_environment(environ: Mapping[str, str]) -> Environment | None:
    """None outside of GitHub; raises `ForgeError` when what it says cannot be used."""
    repository = environ.get("GITHUB_REPOSITORY", "")
    if not repository:
        return None
    if not _REPOSITORY.fullmatch(repository):
        raise ForgeError(f"GITHUB_REPOSITORY is no 'owner/name': {repository!r}")
    api = _address(environ, "GITHUB_API_URL", "https://api.github.com")
    app = environ.get("CDK_STREAM_GITHUB_APP", "")
    if app and not _SLUG.fullmatch(app):
        raise ForgeError(f"CDK_STREAM_GITHUB_APP is no slug of a GitHub App: {app!r}")
    return Environment(
        repository,
        api,
        _address(environ, "GITHUB_SERVER_URL", "https://github.com"),
        _token(environ),
        app,
        _proxy(environ, api),
        environ.get("REQUESTS_CA_BUNDLE") or environ.get("SSL_CERT_FILE") or "",
        environ.get("GITHUB_EVENT_NAME", ""),
        environ.get("GITHUB_EVENT_PATH", ""),
    )


def _address(environ: Mapping[str, str], name: str, otherwise: str) -> str:
    address = environ.get(name) or otherwise
    parts = urlsplit(address)
    safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
    plain = not (parts.username or parts.password or parts.query or parts.fragment)
    if not (safe and plain and parts.hostname and address.isprintable() and " " not in address):
        raise ForgeError(f"{name} is no https address: {parts.scheme}://{parts.hostname}")
    return address.rstrip("/")


def _token(environ: Mapping[str, str]) -> str:
    token = environ.get("GITHUB_TOKEN") or environ.get("GH_TOKEN") or ""
    mend = "env: { GITHUB_TOKEN: '${{ github.token }}' }, or the action's input 'github-token'"
    if not token:
        raise ForgeError("there is no token to ask GitHub with", mend)
    if not (token.isascii() and token.isprintable() and " " not in token):
        raise ForgeError("GITHUB_TOKEN holds what no token holds: a space or a line break", mend)
    return token


def _proxy(environ: Mapping[str, str], api: str) -> str:
    """Only the runner's own proxy for https; neither a .netrc nor a proxy for loopback."""
    if not api.startswith("https:"):
        return ""
    host = urlsplit(api).hostname or ""
    without = (environ.get("no_proxy") or environ.get("NO_PROXY") or "").split(",")
    if any(
        name.strip() and f".{host}".endswith(f".{name.strip().lstrip('.')}") for name in without
    ):
        return ""
    return environ.get("https_proxy") or environ.get("HTTPS_PROXY") or ""
