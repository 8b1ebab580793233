"""Functions of a query that its Flink does not have yet."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator

from cdk_stream_flink.statement import pieces
from cdk_stream_flink.version import Release


def newer(sql: str, release: Release, declared: Container[str]) -> Iterator[tuple[str, str]]:
    """Each function that is called, is not one of the project's own, and the release it needs."""
    upper = sql.upper()
    named = [name for name in release.lacks if name in upper and name not in declared]
    if not named:
        return
    plain = " ".join(piece for piece in pieces(upper) if piece[0] not in "'`-/")
    for name in named:
        if re.search(rf"\b{name}\s*\(", plain):
            yield name, release.lacks[name]
