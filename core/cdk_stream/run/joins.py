"""Joins that remember both sides: regular, of windows, IN and EXISTS."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cdk_stream.run.rows import Row
from cdk_stream.run.step import Compute, Meeting, Step, Tally
from cdk_stream.run.times import milliseconds

Test = Callable[[Row], Any]


def key_of(parts: list[Compute]) -> Callable[[Row], Row | None]:
    """The key that rows are joined by; None when a part is NULL, which equals nothing."""

    def key(row: Row) -> Row | None:
        found = tuple([part(row) for part in parts])
        return None if None in found else found

    return key


class _Held:
    """A row of one side: how often it is there, and how many rows of the other side it meets."""

    __slots__ = ("count", "met")

    def __init__(self) -> None:
        self.count = 0
        self.met = 0


class Regular(Meeting):
    """Every pair of rows that meets the condition; outer sides filled with NULL."""

    __slots__ = ("keys", "outer", "sides", "test", "widths")

    def __init__(
        self,
        keys: tuple[list[Compute], list[Compute]],
        test: Test | None,
        outer: tuple[bool, bool],
        widths: tuple[int, int],
    ) -> None:
        super().__init__()
        self.keys = (key_of(keys[0]), key_of(keys[1]))
        self.test = test
        self.outer = outer
        self.widths = widths
        self.sides: tuple[dict[Row, dict[Row, _Held]], ...] = ({}, {})

    def take(self, side: int, row: Row, sign: int) -> None:
        key = self.keys[side](row)
        matches = self._matches(side, row, key)
        self._hold(side, row, key, sign, sum(held.count for _, held in matches))
        if self.outer[side] and not matches:
            self.after.receive(self._alone(side, row), sign)
        for other, held in matches:
            self._pair(side, row, other, held, sign)

    def _matches(self, side: int, row: Row, key: Row | None) -> list[tuple[Row, _Held]]:
        if key is None:
            return []
        others = self.sides[1 - side].get(key)
        if not others:
            return []
        test = self.test
        if test is None:
            return list(others.items())
        return [
            (other, held)
            for other, held in others.items()
            if test((*row, *other) if side == 0 else (*other, *row)) is True
        ]

    def _hold(self, side: int, row: Row, key: Row | None, sign: int, met: int) -> None:
        if key is None:
            return
        rows = self.sides[side].setdefault(key, {})
        held = rows.get(row)
        if held is None:
            held = rows[row] = _Held()
            held.met = met
        held.count += sign
        if held.count <= 0:
            del rows[row]

    def _pair(self, side: int, row: Row, other: Row, held: _Held, sign: int) -> None:
        """Send a pair as often as the other row is there."""
        whole = (*row, *other) if side == 0 else (*other, *row)
        before = held.met
        held.met += sign
        for _ in range(held.count):
            if self.outer[1 - side] and before == 0 and sign > 0:
                self.after.receive(self._alone(1 - side, other), -1)
            self.after.receive(whole, sign)
            if self.outer[1 - side] and held.met == 0 and sign < 0:
                self.after.receive(self._alone(1 - side, other), 1)

    def _alone(self, side: int, row: Row) -> Row:
        nothing = (None,) * self.widths[1 - side]
        return (*row, *nothing) if side == 0 else (*nothing, *row)


class WindowJoin(Meeting):
    """Joins the rows of a window when the watermark reaches its end; then it is gone."""

    __slots__ = ("ends", "keys", "outer", "tally", "test", "widths", "windows")

    def __init__(
        self,
        keys: tuple[list[Compute], list[Compute]],
        ends: tuple[Compute, Compute],
        test: Test | None,
        outer: tuple[bool, bool],
        widths: tuple[int, int],
        tally: Tally,
    ) -> None:
        super().__init__()
        self.keys = keys
        self.ends = ends
        self.test = test
        self.outer = outer
        self.widths = widths
        self.tally = tally
        self.windows: dict[int, list[tuple[int, Row, int]]] = {}

    def take(self, side: int, row: Row, sign: int) -> None:
        end = milliseconds(self.ends[side](row))
        if end - 1 <= self.watermark:
            self.tally.late += 1
            return
        self.windows.setdefault(end, []).append((side, row, sign))

    def passed(self, watermark: int) -> None:
        for end in sorted(end for end in self.windows if end - 1 <= watermark):
            join = Regular(self.keys, self.test, self.outer, self.widths)
            made = Collected()
            join.after = made
            for side, row, sign in self.windows.pop(end):
                join.take(side, row, sign)
            for row, count in made.rows.items():
                for _ in range(count):
                    self.after.receive(row, 1)
        self.after.advance(watermark)


class Collected(Step):
    """The rows that are there in the end, with how often."""

    __slots__ = ("rows",)

    def __init__(self) -> None:
        super().__init__()
        self.rows: dict[Row, int] = {}

    def receive(self, row: Row, sign: int) -> None:
        count = self.rows.get(row, 0) + sign
        if count:
            self.rows[row] = count
        else:
            self.rows.pop(row, None)


class Semi(Meeting):
    """IN and EXISTS: rows of the left side that meet, or with `anti` do not, a right one.

    With `null_aware`, as for NOT IN, a NULL on the right keeps every row out, and a NULL on the
    left is kept only while the right side is empty.
    """

    __slots__ = ("anti", "keys", "left", "null_aware", "nulls", "right", "test")

    def __init__(
        self,
        keys: tuple[list[Compute], list[Compute]],
        test: Test | None,
        *,
        anti: bool,
        null_aware: bool,
    ) -> None:
        super().__init__()
        self.keys = (keys[0], keys[1])
        self.test = test
        self.anti = anti
        self.null_aware = null_aware
        self.left: Sides = {}
        self.right: Sides = {}

    def take(self, side: int, row: Row, sign: int) -> None:
        key = tuple([part(row) for part in self.keys[side]])
        if side == 0:
            _count(self.left, key, row, sign)
            if self._is_kept(key, row):
                self.after.receive(row, sign)
            return
        affected = [
            (other, left, self._is_kept(other, left), count)
            for other in self._keys_near(self.left, key)
            for left, count in self.left[other].items()
        ]
        _count(self.right, key, row, sign)
        for other, left, was, count in affected:
            kept = self._is_kept(other, left)
            if kept != was:
                for _ in range(count):
                    self.after.receive(left, 1 if kept else -1)

    def _keys_near(self, rows: Sides, key: Row) -> list[Row]:
        """The keys of one side that a key of the other may concern."""
        if self.null_aware:
            return list(rows)
        return [key] if key in rows and None not in key else []

    def _is_kept(self, key: Row, left: Row) -> bool:
        met: bool | None = False
        for other in self._keys_near(self.right, key):
            alike = _alike(key, other)
            if alike is False:
                continue
            for right in self.right[other]:
                if self.test is not None and self.test((*left, *right)) is not True:
                    continue
                if alike:
                    return not self.anti
                met = None
        if not self.anti:
            return False
        return met is False or not self.null_aware


Sides = dict[Row, dict[Row, int]]
"""Key -> rows, with how often each is there."""


def _count(rows: Sides, key: Row, row: Row, sign: int) -> None:
    held = rows.setdefault(key, {})
    count = held.get(row, 0) + sign
    if count > 0:
        held[row] = count
        return
    held.pop(row, None)
    if not held:
        del rows[key]


def _alike(one: Row, other: Row) -> bool | None:
    """Whether two keys are equal; None when a NULL leaves it open."""
    result: bool | None = True
    for here, there in zip(one, other, strict=True):
        if here is None or there is None:
            result = None
        elif here != there:
            return False
    return result
