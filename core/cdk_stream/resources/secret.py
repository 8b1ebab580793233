"""Which settings hold secrets, and what stands in their place."""

from __future__ import annotations

from functools import lru_cache

_ENDINGS = (
    "password",
    "passphrase",
    "secret",
    "private.key",
    "private_key",
    "privatekey",
    "api.key",
    "api_key",
    "access.key",
    "access_key",
    "secret.key",
    "secret_key",
    "token",
    "credentials",
    "credentials.json",
    "user.info",
    "user-info",
    "jaas.config",
    "authorization",
)


def holds_secret(key: str) -> bool:
    """Whether the setting `key` is one that systems keep secrets in."""
    return key.lower().endswith(_ENDINGS)


def is_placeholder(value: str) -> bool:
    """Whether the secret part of `value` is left to a provider: `${env:X}`, `${file:/path:key}`."""
    start = value.find("${")
    return start >= 0 and ":" in value[start : value.find("}", start) + 1]


@lru_cache(maxsize=4096)
def leaks(key: str, value: str) -> bool:
    """Whether `key: value` would write a secret down: in its own setting, or inside an address."""
    lower = value.lower()
    if "password=" in lower:
        return any(_is_open(part) for part in lower.split("password=")[1:])
    return bool(value) and holds_secret(key) and not is_placeholder(value)


def _is_open(after: str) -> bool:
    return not after.lstrip("\"'").startswith("${")
