"""A decision on record: what went in, what was found, who agreed, and a digest over all of it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

FORMAT = "cdk-stream/record@1"


@dataclass(frozen=True, slots=True)
class Record:
    """One decision; `body` is plain data, described in docs/review.md, without its digest."""

    body: Mapping[str, Any]

    @property
    def digest(self) -> str:
        """The sha256 of the canonical body, in hex."""
        return digest(self.body)

    @property
    def content(self) -> bytes:
        """The record as it is kept: canonical JSON with the digest, and a line feed."""
        return canonical({**self.body, "digest": self.digest}) + b"\n"


def canonical(value: Any) -> bytes:
    """JSON with sorted keys and without spaces: equal data has equal bytes.

    Numbers are whole: a fraction is written as text, since programs print fractions differently.
    """
    return orjson.dumps(_exact(value), option=orjson.OPT_SORT_KEYS)


def digest(value: Any) -> str:
    """The sha256 of the canonical JSON, in hex."""
    return hashlib.sha256(canonical(value)).hexdigest()


def read(content: bytes) -> Record:
    """A kept record; ValueError when it is none, or when it is not what its digest says."""
    try:
        data = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        raise ValueError(f"it is not JSON: {error}") from None
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise ValueError(f"it is not a record of the format '{FORMAT}'")
    told = data.pop("digest", None)
    record = Record(data)
    if told != record.digest:
        raise ValueError("its digest does not fit: somebody changed it")
    return record


def _exact(value: Any) -> Any:
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, Mapping):
        return {str(key): _exact(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        items = [_exact(item) for item in value]
        return sorted(items, key=canonical) if isinstance(value, set | frozenset) else items
    return value
