"""Equal resources have equal digests, and unequal ones differ in fields."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

import orjson

from cdk_stream.results.plan import Difference


def digest(spec: Any) -> str:
    """The sha256 of a JSON value, in hex; the order of keys does not matter."""
    return hashlib.sha256(orjson.dumps(spec, option=orjson.OPT_SORT_KEYS)).hexdigest()


def differences(live: Any, wanted: Any, field: str = "") -> Iterator[Difference]:
    """The fields that are not equal, by their paths; lists are compared as a whole."""
    if isinstance(live, Mapping) and isinstance(wanted, Mapping):
        for key in sorted(live.keys() | wanted.keys()):
            path = f"{field}.{key}" if field else str(key)
            yield from differences(live.get(key), wanted.get(key), path)
    elif live != wanted:
        yield Difference(field, live, wanted)
