"""The name and secret for a registry: from the environment, or as `docker login` keeps them."""

from __future__ import annotations

import base64
import binascii
import json
import os
import re
import subprocess
from pathlib import Path
from typing import Any, NamedTuple

REGISTRY = "CDK_STREAM_OCI_REGISTRY"
NAME, SECRET = "CDK_STREAM_OCI_USERNAME", "CDK_STREAM_OCI_PASSWORD"
_HELPER = re.compile(r"[\w.-]+")
_TIMEOUT_S = 20


class Login(NamedTuple):
    """Who reads a registry."""

    name: str
    secret: str

    @property
    def basic(self) -> str:
        """The value of an Authorization header."""
        return f"Basic {base64.b64encode(f'{self.name}:{self.secret}'.encode()).decode()}"


def login_for(host: str) -> Login | None:
    """Who to log in as at this registry, `registry.acme.io` or with a port; None for nobody.

    The environment counts only for the registry that it names: no change of a project can send
    the secret elsewhere.
    """
    if os.environ.get(REGISTRY) == host and os.environ.get(NAME):
        return Login(os.environ[NAME], os.environ.get(SECRET, ""))
    config = _docker_config()
    helper = _at(config, "credHelpers", host) or config.get("credsStore")
    if isinstance(helper, str) and _HELPER.fullmatch(helper):
        found = _asked(helper, host)
        if found is not None:
            return found
    return _decoded(_at(config, "auths", host))


def _docker_config() -> dict[str, Any]:
    folder = os.environ.get("DOCKER_CONFIG") or os.path.expanduser("~/.docker")
    try:
        found = json.loads((Path(folder) / "config.json").read_bytes())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _at(config: dict[str, Any], key: str, host: str) -> Any:
    known = config.get(key)
    return known.get(host) if isinstance(known, dict) else None


def _asked(helper: str, host: str) -> Login | None:
    try:
        done = subprocess.run(
            [f"docker-credential-{helper}", "get"],
            input=host.encode(), capture_output=True, timeout=_TIMEOUT_S, check=False,
        )  # fmt: skip
        found = json.loads(done.stdout) if done.returncode == 0 else {}
        return Login(found["Username"], found["Secret"])
    except (OSError, ValueError, KeyError, TypeError, subprocess.TimeoutExpired):
        return None


def _decoded(said: Any) -> Login | None:
    text = said.get("auth") if isinstance(said, dict) else None
    if not isinstance(text, str):
        return None
    try:
        name, _, secret = base64.b64decode(text).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return Login(name, secret)
