"""Placeholders -> secrets, at the moment of a deploy and never later; and out of what is told."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import quote, quote_plus

from cdk_stream.plugin.system import SystemFailed

_PLACEHOLDER = re.compile(r"\$\{(env|file):([^}]*)\}")
MASKED = "(secret)"
_SHORTEST = 4
"""A secret of fewer characters would hide half of every message."""
_LINE = 16
"""A line of a key is a secret of its own; `}` is none."""


class Resolver:
    """Resolves `${env:NAME}` and `${file:/path:key}`; remembers what must not be told."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self._known: set[str] = set()

    def __call__(self, text: str) -> str:
        """`text` with every placeholder resolved; raises `SystemFailed` naming the placeholder."""
        return _PLACEHOLDER.sub(self._resolve, text)

    def mask(self, text: str) -> str:
        """`text` without any secret that was resolved."""
        for secret in sorted(self._known, key=len, reverse=True):
            text = text.replace(secret, MASKED)
        return text

    def _resolve(self, match: re.Match[str]) -> str:
        provider, rest = match[1], match[2]
        found = self._environ.get(rest) if provider == "env" else _from_file(rest)
        if found is None:
            where = "the environment" if provider == "env" else "the file"
            mend = "set it where the deploy runs"
            raise SystemFailed(f"the secret '{match[0]}' is not in {where}", mend)
        if len(found.strip()) >= _SHORTEST:
            self._known.update(_spellings(found))
        return found


def _spellings(secret: str) -> Iterator[str]:
    """As systems tell it in their errors: quoted for JSON or an address, or line by line."""
    plain = secret.strip()
    yield from (secret, plain, quote(plain), quote(plain, safe=""), quote_plus(plain))
    yield from (json.dumps(plain)[1:-1], json.dumps(plain, ensure_ascii=False)[1:-1])
    yield from (line for line in map(str.strip, plain.splitlines()) if len(line) >= _LINE)


def _from_file(rest: str) -> str | None:
    """The value of a key in a file of `key=value` lines, as Kafka's FileConfigProvider reads it."""
    path, _, key = rest.rpartition(":")
    try:
        lines = Path(path).read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError):
        return None
    pairs = (line.partition("=") for line in lines if not line.lstrip().startswith(("#", "!")))
    return next((value.strip() for name, _, value in pairs if name.strip() == key), None)
