"""Interval joins: rows of two sides whose times lie near each other.

Late rows are not dropped: they still meet what the other side has not forgotten. When it forgets
is Flink's own bookkeeping, which this follows step by step.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cdk_stream.run.alarms import Alarms
from cdk_stream.run.joins import key_of
from cdk_stream.run.rows import Row
from cdk_stream.run.step import Compute, Meeting
from cdk_stream.run.times import BEGINNING, FOREVER, milliseconds
from cdk_stream.run.windows import timed

Kept = list[Any]
"""A row and whether it was sent as part of a pair."""


class _Cache:
    """What one side holds of a key."""

    __slots__ = ("rows", "timer")

    def __init__(self) -> None:
        self.rows: dict[int, list[Kept]] = {}
        self.timer: int | None = None


class Interval(Meeting):
    """Pairs with `lower <= left time - right time <= upper`, in milliseconds."""

    __slots__ = (
        "alarms",
        "caches",
        "delay",
        "expired",
        "keys",
        "outer",
        "sizes",
        "slack",
        "test",
        "times",
        "widths",
    )

    def __init__(
        self,
        keys: tuple[list[Compute], list[Compute]],
        times: tuple[Compute, Compute],
        bounds: tuple[int, int],
        test: Callable[[Row], Any] | None,
        outer: tuple[bool, bool],
        widths: tuple[int, int],
    ) -> None:
        super().__init__()
        self.keys = (key_of(keys[0]), key_of(keys[1]))
        self.times = times
        lower, upper = bounds
        self.sizes = (-lower, upper)
        self.slack = _half(-lower + upper)
        self.delay = max(-lower, upper)
        self.test = test
        self.outer = outer
        self.widths = widths
        self.caches: tuple[dict[Row, _Cache], dict[Row, _Cache]] = ({}, {})
        self.expired = [0, 0]
        self.alarms: Alarms[tuple[int, Row]] = Alarms()

    def take(self, side: int, row: Row, sign: int) -> None:
        other = 1 - side
        at = milliseconds(timed(self.times[side](row)))
        first, last = at - self.sizes[other], at + self.sizes[side]
        key = self.keys[side](row)
        kept: Kept = [row, False]
        if key is not None and self.expired[other] < last:
            self.expired[other] = self._expiry(other)
            self._meet(side, kept, key, first, last)
        if self.watermark < last:
            self._hold(side, kept, key, at)
        elif not kept[1] and self.outer[side]:
            self.after.receive(self._alone(side, row), 1)

    def _expiry(self, side: int) -> int:
        """Up to which time rows of `side` can be forgotten."""
        if self.watermark == FOREVER:
            return FOREVER
        return max(self.watermark - self.sizes[side] - 1, BEGINNING)

    def _meet(self, side: int, kept: Kept, key: Row, first: int, last: int) -> None:
        other = 1 - side
        cache = self.caches[other].get(key)
        if cache is None:
            return
        for at in list(cache.rows):
            if first <= at <= last:
                for held in cache.rows[at]:
                    self._pair(side, kept, held)
            if at <= self.expired[other]:
                self._forget(other, cache, at)

    def _pair(self, side: int, kept: Kept, held: Kept) -> None:
        left, right = (kept, held) if side == 0 else (held, kept)
        whole = (*left[0], *right[0])
        if self.test is None or self.test(whole) is True:
            kept[1] = held[1] = True
            self.after.receive(whole, 1)

    def _forget(self, side: int, cache: _Cache, at: int) -> None:
        for row, sent in cache.rows.pop(at):
            if self.outer[side] and not sent:
                self.after.receive(self._alone(side, row), 1)

    def _hold(self, side: int, kept: Kept, key: Row | None, at: int) -> None:
        if key is None:
            if self.outer[side]:
                self.after.receive(self._alone(side, kept[0]), 1)
            return
        cache = self.caches[side].setdefault(key, _Cache())
        cache.rows.setdefault(at, []).append(kept)
        if cache.timer is None:
            self._wake(side, key, cache, at)

    def _wake(self, side: int, key: Row, cache: _Cache, at: int) -> None:
        cache.timer = at + self.sizes[side] + self.slack + 1
        self.alarms.add(cache.timer, (side, key))

    def passed(self, watermark: int) -> None:
        for at, (side, key) in self.alarms.due(watermark):
            cache = self.caches[side].get(key)
            if cache is not None and cache.timer == at:
                self._clean(side, key, cache)
        out = watermark if watermark == FOREVER else watermark - self.delay
        self.after.advance(out)

    def _clean(self, side: int, key: Row, cache: _Cache) -> None:
        self.expired[side] = self._expiry(side)
        for at in [at for at in cache.rows if at <= self.expired[side]]:
            self._forget(side, cache, at)
        earliest = min(cache.rows, default=0)
        if earliest > 0:
            self._wake(side, key, cache, earliest)
        else:
            del self.caches[side][key]

    def _alone(self, side: int, row: Row) -> Row:
        nothing = (None,) * self.widths[1 - side]
        return (*row, *nothing) if side == 0 else (*nothing, *row)


def _half(size: int) -> int:
    """Half of a size, cut towards zero as Java does."""
    return size // 2 if size >= 0 else -(-size // 2)
