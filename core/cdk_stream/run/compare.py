"""Rows that came out against the rows that were expected."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from difflib import SequenceMatcher
from typing import Any

from cdk_stream.results.outcome import Difference, Line
from cdk_stream.run.rows import Row
from cdk_stream.run.values import plain_row

_RELATIVE = 1e-9
"""How far floating numbers may be apart: the order of additions is not the query's."""
_PAIRED = 200
"""So many rows at most are looked at for which one stands in another's place."""

Pair = tuple[Row | None, Row | None]
"""(expected, came)."""


class Comparison:
    """Compares rows of the same columns."""

    def __init__(
        self, columns: Mapping[str, str], key: Sequence[str], *, ordered: bool, tolerance: float
    ) -> None:
        self._columns = columns
        self._key = [place for place, name in enumerate(columns) if name in key]
        self._ordered = ordered
        self._tolerance = tolerance

    def difference(self, expected: Sequence[Row], came: Sequence[Row]) -> Difference:
        """What is not as expected; without lines when everything is."""
        known = _Known(expected, self._tolerance)
        wanted = [known.number(row) for row in expected]
        found = [known.number(row) for row in came]
        pairs = self._in_order if self._ordered else self._in_any_order
        told = list(pairs(expected, came, wanted, found))
        bad = [(one, other) for one, other in told if one is not other]
        if not bad:
            return Difference()
        return Difference(
            tuple(self._columns),
            tuple(line for one, other in told for line in self._lines(one, other)),
            missing=sum(other is None for _, other in bad),
            unexpected=sum(one is None for one, _ in bad),
            differing=sum(one is not None and other is not None for one, other in bad),
        )

    def _in_order(
        self, expected: Sequence[Row], came: Sequence[Row], wanted: list[int], found: list[int]
    ) -> Iterator[Pair]:
        matcher = SequenceMatcher(None, wanted, found, autojunk=False)
        for tag, first, last, start, end in matcher.get_opcodes():
            ours, theirs = expected[first:last], came[start:end]
            if tag == "equal":
                yield from ((row, row) for row in ours)
            else:
                yield from self._matched(list(ours), list(theirs))

    def _in_any_order(
        self, expected: Sequence[Row], came: Sequence[Row], wanted: list[int], found: list[int]
    ) -> Iterator[Pair]:
        open_: dict[int, list[Row]] = {}
        for number, row in zip(found, came, strict=True):
            open_.setdefault(number, []).append(row)
        missing: list[Row] = []
        for number, row in zip(wanted, expected, strict=True):
            if open_.get(number):
                open_[number].pop()
                yield row, row
            else:
                missing.append(row)
        yield from self._matched(missing, [row for rows in open_.values() for row in rows])

    def _matched(self, missing: list[Row], left: list[Row]) -> Iterator[Pair]:
        """Each missing row with the one that stands in its place, if there is one."""
        for row in missing:
            other = self._likest(row, left) if len(left) <= _PAIRED else None
            if other is None:
                yield row, None
            else:
                yield row, left.pop(other)
        yield from ((None, row) for row in left)

    def _likest(self, row: Row, left: list[Row]) -> int | None:
        ranked = [(self._likeness(row, other), -place) for place, other in enumerate(left)]
        best, place = max(ranked, default=(0.0, 0))
        return -place if best >= 0.5 else None

    def _likeness(self, row: Row, other: Row) -> float:
        """The share of equal columns; rows of one key belong together."""
        same = [close(one, two, self._tolerance) for one, two in zip(row, other, strict=True)]
        if self._key:
            return 1.0 if all(same[place] for place in self._key) else 0.0
        return sum(same) / len(same)

    def _lines(self, expected: Row | None, came: Row | None) -> Iterator[Line]:
        if expected is came and expected is not None:
            yield Line("=", plain_row(self._columns, expected))
            return
        if expected is not None:
            yield Line("-", plain_row(self._columns, expected))
        if came is not None:
            yield Line("+", plain_row(self._columns, came), self._differing(expected, came))

    def _differing(self, expected: Row | None, came: Row) -> tuple[str, ...]:
        if expected is None:
            return ()
        cells = zip(self._columns, expected, came, strict=True)
        return tuple(name for name, one, two in cells if not close(one, two, self._tolerance))


class _Known:
    """Numbers rows so that equal ones, or close enough ones, have the same."""

    def __init__(self, expected: Sequence[Row], tolerance: float) -> None:
        self._tolerance = tolerance
        self._numbers: dict[Row, int] = {}
        self._rows = list(dict.fromkeys(expected))

    def number(self, row: Row) -> int:
        found = self._numbers.get(row)
        if found is None:
            near = (
                self._numbers[other]
                for other in self._rows
                if other in self._numbers and rows_close(row, other, self._tolerance)
            )
            found = self._numbers[row] = next(near, len(self._numbers))
        return found


def rows_close(row: Row, other: Row, tolerance: float) -> bool:
    """Whether every value is close enough."""
    return all(close(one, two, tolerance) for one, two in zip(row, other, strict=True))


def close(one: Any, other: Any, tolerance: float) -> bool:
    """Whether two values are the same, numbers within the tolerance."""
    if one == other:
        return True
    if isinstance(one, tuple) and isinstance(other, tuple):
        return len(one) == len(other) and rows_close(one, other, tolerance)
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(
            close(value, other[name], tolerance) for name, value in one.items()
        )
    return _is_number(one) and _is_number(other) and _numbers_close(one, other, tolerance)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float, Decimal)) and not isinstance(value, bool)


def _numbers_close(one: Any, other: Any, tolerance: float) -> bool:
    if isinstance(one, float) or isinstance(other, float):
        if math.isnan(one) or math.isnan(other):
            return math.isnan(one) and math.isnan(other)
        if math.isclose(one, other, rel_tol=_RELATIVE):
            return True
    return tolerance > 0 and abs(float(one) - float(other)) <= tolerance
