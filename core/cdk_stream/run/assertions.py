"""What must hold of rows, and the rows of which it does not."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from cdk_stream.resources.authoring import milliseconds as duration
from cdk_stream.resources.test import (
    AllowedValues,
    Distribution,
    ForeignKey,
    NotNull,
    Range,
    UniqueKey,
)
from cdk_stream.run.rows import NodeRows, Row
from cdk_stream.run.times import milliseconds
from cdk_stream.run.values import Unreadable, reader

FEWEST = 20
"""So many rows at least must be there before shares of them are judged."""


class NotHere(Exception):
    """Rows of samples cannot tell whether it holds; `str()` says why."""


@dataclass(frozen=True, slots=True)
class Table:
    """The rows that are there in the end, and how to look into them."""

    rows: Sequence[Row]
    columns: dict[str, str]
    event_time: str

    def place(self, name: str) -> int:
        """The position of a column."""
        return list(self.columns).index(name)

    def values(self, name: str) -> list[Any]:
        """A column."""
        place = self.place(name)
        return [row[place] for row in self.rows]

    def moments(self, what: str) -> list[int | None]:
        """When each row happened, in milliseconds; NotHere without an event time."""
        if self.event_time not in self.columns:
            raise NotHere(f"{what} needs an event time, and the stream has none")
        found = self.values(self.event_time)
        return [None if moment is None else milliseconds(moment) for moment in found]


def table_of(answer: NodeRows, event_time: str) -> Table:
    """The rows that a node holds in the end."""
    return Table(answer.table, answer.columns, event_time)


def not_null(wanted: NotNull, table: Table) -> list[int]:
    """The rows, by position, of which a column has no value."""
    places = [table.place(name) for name in wanted.column]
    return [at for at, row in enumerate(table.rows) if any(row[place] is None for place in places)]


def allowed_values(wanted: AllowedValues, table: Table) -> list[int]:
    """The rows with another value; NULL is none."""
    read = reader(table.columns[wanted.column])
    try:
        allowed = {read(value) for value in wanted.values}
    except (ValueError, TypeError, ArithmeticError, Unreadable):
        allowed = set(wanted.values)
    values = enumerate(table.values(wanted.column))
    return [at for at, value in values if value is not None and value not in allowed]


def in_range(wanted: Range, table: Table) -> list[int]:
    """The rows below or above; NULL is neither. NotHere for what is no number."""
    found = []
    for at, value in enumerate(table.values(wanted.column)):
        if value is None:
            continue
        if not isinstance(value, (int, float, Decimal)):
            raise NotHere(f"'{wanted.column}' is no number but {table.columns[wanted.column]}")
        low, high = wanted.min, wanted.max
        if not ((low is None or value >= low) and (high is None or value <= high)):
            found.append(at)
    return found


def unique_key(wanted: UniqueKey, table: Table) -> list[int]:
    """The rows whose key another row has, within the window."""
    places = [table.place(name) for name in wanted.key]
    groups: dict[Row, list[int]] = {}
    for at, row in enumerate(table.rows):
        groups.setdefault(tuple(row[place] for place in places), []).append(at)
    moments = table.moments("a window") if wanted.window else []
    width = duration(wanted.window) if wanted.window else 0
    found: set[int] = set()
    for group in groups.values():
        for at in group:
            if any(one != at and _near(moments, one, moments, at, width) for one in group):
                found.add(at)
    return sorted(found)


def foreign_key(wanted: ForeignKey, table: Table, other: Table) -> list[int]:
    """The rows whose value no row of the other stream has, within the window; NULL needs none."""
    moments = table.moments("a window") if wanted.window else []
    theirs = other.moments("a window") if wanted.window else []
    width = duration(wanted.window) if wanted.window else 0
    known: dict[Any, list[int]] = {}
    for at, value in enumerate(other.values(wanted.ref_key)):
        known.setdefault(value, []).append(at)
    return [
        at
        for at, value in enumerate(table.values(wanted.column))
        if value is not None
        and not any(_near(moments, at, theirs, one, width) for one in known.get(value, ()))
    ]


def _near(
    moments: Sequence[int | None],
    at: int,
    theirs: Sequence[int | None],
    other: int,
    width: int,
) -> bool:
    if not width:
        return True
    one, two = moments[at], theirs[other]
    return one is not None and two is not None and abs(one - two) <= width


def windows(table: Table, window: str | None, places: Iterable[int]) -> list[list[int]]:
    """Rows by the windows that they fall in, those with enough rows only; NotHere for none."""
    groups: dict[int, list[int]] = {}
    if window is None:
        groups[0] = list(places)
    else:
        moments, width = table.moments("a window"), duration(window)
        for at in places:
            moment = moments[at]
            if moment is not None:
                groups.setdefault(moment // width, []).append(at)
    judged = [group for group in groups.values() if len(group) >= FEWEST]
    if not judged:
        most = max(map(len, groups.values()), default=0)
        raise NotHere(f"shares are judged from {FEWEST} rows on, and there are {most}")
    return judged


def distribution(wanted: Distribution, table: Table) -> list[str]:
    """What each bucket that holds too many or too few has of the rows; NULL is in none.

    A bucket does not hold its upper end, but for the last one.
    """
    values = table.values(wanted.column)
    end = max((bucket.max for bucket in wanted.buckets), default=0.0)
    told = []
    for group in windows(table, wanted.window, range(len(values))):
        held = [values[at] for at in group if values[at] is not None]
        for bucket in wanted.buckets:
            last = bucket.max == end
            inside = sum(
                bucket.min <= one < bucket.max or (last and one == bucket.max) for one in held
            )
            name = f"{bucket.min:g} to {bucket.max:g}"
            told += _share(name, inside / len(group), bucket.min_ratio, bucket.max_ratio)
    return told


def _share(name: str, share: float, least: float | None, most: float | None) -> list[str]:
    if most is not None and share > most:
        return [f"{name}: a share of {share:.3f}, at most {most:g} may be there"]
    if least is not None and share < least:
        return [f"{name}: a share of {share:.3f}, at least {least:g} must be there"]
    return []


def error_ratio(most: float, window: str | None, table: Table, failed: set[int]) -> list[str]:
    """The windows in which too large a share of rows fails."""
    told = []
    for group in windows(table, window, range(len(table.rows))):
        told += _share("failed rows", len(failed & set(group)) / len(group), None, most)
    return told


LIVE: dict[str, str] = {
    "max_lag": "compares a column with the time of day",
    "max_latency": "takes the time that rows need from one topic to another",
    "freshness": "waits for rows",
}
"""Assertions that only rows that flow can break, and why."""

ROW_CHECKS: dict[str, Callable[[Any, Table], list[int]]] = {
    "not_null": not_null,
    "allowed_values": allowed_values,
    "accepted_values": allowed_values,
    "range": in_range,
    "unique_key": unique_key,
}
"""Assertion -> what finds the rows that break it."""
