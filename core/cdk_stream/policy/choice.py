"""What the project or the command line names -> the Rego engine."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import cast, get_args
from urllib.parse import urlsplit

from cdk_stream.policy.engine import EngineError, RegoEngine
from cdk_stream.policy.opa import OpaExecutable
from cdk_stream.policy.opa_server import Address, OpaServer
from cdk_stream.policy.regorus import Regorus
from cdk_stream.resources.authoring import milliseconds
from cdk_stream.resources.engine import Engine, Opa, Word

TOKEN = "CDK_STREAM_OPA_TOKEN"
TOKEN_SERVER = "CDK_STREAM_OPA_TOKEN_SERVER"
_HERE = {"localhost", "127.0.0.1", "::1"}


def engine_for(chosen: Engine, root: Path) -> RegoEngine:
    """The engine that `chosen` names, for the project in `root`; raises `EngineError`."""
    if chosen == "embedded":
        return Regorus()
    if chosen == "opa":
        chosen = Opa(opa=_on_path())
    assert isinstance(chosen, Opa)
    if chosen.server is not None:
        return OpaServer(_address(chosen.server, chosen, root))
    assert chosen.opa is not None
    return OpaExecutable(_outside(chosen.opa, root), milliseconds(chosen.timeout) / 1000)


def named(text: str) -> Engine:
    """What the command line's `--engine TEXT` means: a word, a path, or a server's address."""
    for word in get_args(Word):
        if text == word:
            return cast(Word, word)
    if "://" in text:
        return Opa(server=text)
    return Opa(opa=os.path.abspath(text))


def _on_path() -> str:
    found = shutil.which("opa")
    if not found:
        raise EngineError("there is no `opa` on PATH; install it, or name its path")
    return os.path.abspath(found)


def _outside(path: str, root: Path) -> str:
    """A change must not bring the program that judges it."""
    if not os.path.isabs(path):
        raise EngineError(f"the path of an `opa` executable is absolute, not '{path}'")
    project = Path(os.path.realpath(root))
    tops = (folder for folder in (project, *project.parents) if os.path.lexists(folder / ".git"))
    if Path(os.path.realpath(path)).is_relative_to(next(tops, project)):
        raise EngineError(f"'{path}' lies in the project, which must not bring its own judge")
    return path


def _address(server: str, chosen: Opa, root: Path) -> Address:
    parts = urlsplit(server)
    try:
        port = parts.port
    except ValueError as error:
        raise EngineError(f"'{server}' has no valid port") from error
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise EngineError(f"'{server}' is not the address of a server, `https://HOST:PORT`")
    if parts.path.strip("/") or parts.query or parts.fragment or parts.username is not None:
        raise EngineError(f"'{server}' says more than `https://HOST:PORT`")
    tls = parts.scheme == "https"
    if not tls and parts.hostname not in _HERE and not chosen.unencrypted:
        raise EngineError(f"'{server}' is not encrypted; use https, or say `unencrypted: true`")
    return Address(
        host=f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname,
        port=port or 8181,
        tls=tls,
        ca=_file(chosen.ca, root),
        certificate=_file(chosen.certificate, root),
        key=_file(chosen.key, root),
        token=_token(server),
        timeout=milliseconds(chosen.timeout) / 1000,
    )


def _file(path: str | None, root: Path) -> str:
    if path is None:
        return ""
    full = root / path
    if not full.is_file():
        raise EngineError(f"there is no file '{path}' for the OPA server's connection")
    return str(full)


def _token(server: str) -> str:
    """The secret goes to the server that it was given for, and to none that a change names."""
    meant = os.environ.get(TOKEN_SERVER, "").rstrip("/")
    return os.environ.get(TOKEN, "") if meant == server.rstrip("/") else ""
