"""What each Flink release can, and what it asks for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Release(NamedTuple):
    """The differences between releases that show in what is made for them."""

    asks_on_conflict: bool
    """It refuses to write by a primary key that is not the query's own key, unless told how."""
    restores_by: str
    """The option that names the savepoint to start from."""
    runs_scripts: bool
    """It brings a main class that runs an SQL script."""
    lacks: Mapping[str, str]
    """The functions it does not have -> the release that brought them."""


_BROUGHT = {
    "2.0": "BTRIM ELT ENDSWITH JSON_QUOTE JSON_UNQUOTE PERCENTILE PRINTF REGEXP_COUNT"
    " REGEXP_EXTRACT_ALL REGEXP_INSTR REGEXP_SUBSTR STARTSWITH TRANSLATE UNHEX URL_DECODE"
    " URL_ENCODE",
    "2.1": "JSON ML_EVALUATE ML_PREDICT PARSE_JSON TRY_PARSE_JSON",
    "2.2": "OBJECT_OF OBJECT_UPDATE VECTOR_SEARCH",
    "2.3": "BITMAP_AND BITMAP_ANDNOT BITMAP_AND_AGG BITMAP_BUILD BITMAP_BUILD_AGG"
    " BITMAP_CARDINALITY BITMAP_OR BITMAP_OR_AGG BITMAP_TO_ARRAY BITMAP_XOR BITMAP_XOR_AGG"
    " FROM_CHANGELOG INET_ATON INET_NTOA TO_CHANGELOG",
}
_SAVEPOINT_1, _SAVEPOINT_2 = "execution.savepoint.path", "execution.state-recovery.path"


def _lacks(line: str) -> dict[str, str]:
    return {
        name: brought
        for brought, names in _BROUGHT.items()
        if brought > line
        for name in names.split()
    }


RELEASES = {
    "1.20": Release(False, _SAVEPOINT_1, False, _lacks("1.20")),
    "2.0": Release(False, _SAVEPOINT_2, True, _lacks("2.0")),
    "2.1": Release(False, _SAVEPOINT_2, True, _lacks("2.1")),
    "2.2": Release(False, _SAVEPOINT_2, True, _lacks("2.2")),
    "2.3": Release(True, _SAVEPOINT_2, True, _lacks("2.3")),
}
"""`major.minor` -> what it can and asks for."""
NEWEST = RELEASES["2.3"]


def line_of(version: str) -> str:
    """`2.2` for `2.2` and `2.2.1`."""
    return ".".join(version.split(".")[:2])


def release(version: str) -> Release | None:
    """What is known of the release line of a version; None for nothing."""
    return RELEASES.get(line_of(version))
