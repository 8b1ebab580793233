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


def release(version: str) -> Release | None:
    """The release line of `2.2` or `2.2.1`; None when nothing is known about it."""
    return RELEASES.get(".".join(version.split(".")[:2]))
