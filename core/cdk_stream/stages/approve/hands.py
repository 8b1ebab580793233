"""Addresses in commits -> the accounts that they name by their form."""

from __future__ import annotations

import re
from collections.abc import Iterable

# `1234+dana@users.noreply.HOST`, `dana@users.noreply.HOST`, and GitLab's `1234-dana@...`.
_NOREPLY = re.compile(r"(?:\d+\+)?((?:\d+-)?([^@+]+))@users\.noreply\.[^@]+", re.IGNORECASE)


def accounts(addresses: Iterable[str]) -> frozenset[str]:
    """The keys of the accounts behind no-reply addresses; other addresses name nobody."""
    found = (_NOREPLY.fullmatch(address.strip()) for address in addresses)
    return frozenset(name.casefold() for match in found if match for name in match.groups())
