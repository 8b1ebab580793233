"""Joins FOR SYSTEM_TIME AS OF: each row with the version that held at its time."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from typing import Any

from cdk_stream.run.alarms import Alarms
from cdk_stream.run.joins import key_of
from cdk_stream.run.rows import Row
from cdk_stream.run.step import Compute, Meeting
from cdk_stream.run.times import milliseconds
from cdk_stream.run.windows import timed


class _Key:
    """The rows that wait and the versions that are known of a key; a version may be a deletion."""

    __slots__ = ("timer", "versions", "waiting")

    def __init__(self) -> None:
        self.waiting: list[tuple[int, Row, int]] = []
        self.versions: dict[int, Row | None] = {}
        self.timer: int | None = None


class Temporal(Meeting):
    """Left rows wait for the watermark; then they meet the newest version that is not newer."""

    __slots__ = ("alarms", "held", "keys", "known", "outer", "test", "times", "width")

    def __init__(
        self,
        keys: tuple[list[Compute], list[Compute]],
        times: tuple[Compute, Compute],
        test: Callable[[Row], Any] | None,
        *,
        outer: bool,
        width: int,
    ) -> None:
        super().__init__()
        self.keys = (key_of(keys[0]), key_of(keys[1]))
        self.times = times
        self.test = test
        self.outer = outer
        self.width = width
        self.known: dict[Row, _Key] = {}
        self.alarms: Alarms[_Key] = Alarms()
        self.held: tuple[Row, int] | None = None
        """A version taken back, which is a deletion unless a new one of its key follows."""

    def take(self, side: int, row: Row, sign: int) -> None:
        at = milliseconds(timed(self.times[side](row)))
        key = self.keys[side](row)
        if side == 0:
            self._settle()
            if key is None:
                if self.outer:
                    self.after.receive((*row, *(None,) * self.width), sign)
                return
            known = self.known.setdefault(key, _Key())
            known.waiting.append((at, row, sign))
            self._wake(known, at)
        elif key is not None:
            self._version(key, at, row, sign)

    def _version(self, key: Row, at: int, row: Row, sign: int) -> None:
        if sign < 0:
            self._settle()
            self.held = key, at
            return
        if self.held is not None and self.held[0] != key:
            self._settle()
        self.held = None
        known = self.known.setdefault(key, _Key())
        known.versions[at] = row
        self._wake(known, at)

    def _settle(self) -> None:
        if self.held is not None:
            key, at = self.held
            self.held = None
            known = self.known.setdefault(key, _Key())
            known.versions[at] = None
            self._wake(known, at)

    def passed(self, watermark: int) -> None:
        self._settle()
        for at, known in self.alarms.due(watermark):
            if known.timer == at:
                self._answer(known, watermark)
        self.after.advance(watermark)

    def _wake(self, known: _Key, at: int) -> None:
        if known.timer is None or at < known.timer:
            known.timer = at
            self.alarms.add(at, known)

    def _answer(self, known: _Key, watermark: int) -> None:
        times = sorted(known.versions)
        waiting: list[tuple[int, Row, int]] = []
        for at, row, sign in known.waiting:
            if at > watermark:
                waiting.append((at, row, sign))
                continue
            place = bisect_right(times, at) - 1
            self._send(row, known.versions[times[place]] if place >= 0 else None, sign)
        known.waiting = waiting
        for gone in times[: max(bisect_right(times, watermark) - 1, 0)]:
            del known.versions[gone]
        known.timer = None
        if waiting:
            self._wake(known, min(at for at, _, _ in waiting))

    def _send(self, row: Row, version: Row | None, sign: int) -> None:
        if version is not None:
            whole = (*row, *version)
            if self.test is None or self.test(whole) is True:
                self.after.receive(whole, sign)
                return
        if self.outer:
            self.after.receive((*row, *(None,) * self.width), sign)
