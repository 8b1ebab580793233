"""What each Flink release asks of a script."""

from __future__ import annotations

from typing import NamedTuple


class Release(NamedTuple):
    """The differences between releases that show in a script."""

    asks_on_conflict: bool
    """It refuses to write by a primary key that is not the query's own key, unless told how."""


RELEASES = {
    "1.20": Release(asks_on_conflict=False),
    "2.0": Release(asks_on_conflict=False),
    "2.1": Release(asks_on_conflict=False),
    "2.2": Release(asks_on_conflict=False),
    "2.3": Release(asks_on_conflict=True),
}
"""`major.minor` -> what it asks for."""
NEWEST = RELEASES["2.3"]


def line_of(version: str) -> str:
    """`2.2` for `2.2` and `2.2.1`."""
    return ".".join(version.split(".")[:2])


def release(version: str) -> Release | None:
    """What is known of the release line of a version; None for nothing."""
    return RELEASES.get(line_of(version))
