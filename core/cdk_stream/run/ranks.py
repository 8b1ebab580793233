"""Top-N and deduplication: the first rows of each partition."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import Any

from cdk_stream.run.alarms import Alarms
from cdk_stream.run.order import Sorter
from cdk_stream.run.rows import Row
from cdk_stream.run.step import Compute, Step, Tally
from cdk_stream.run.times import BEGINNING, milliseconds
from cdk_stream.run.windows import timed


class _Partition:
    """The rows of a partition in order, and those of the first that were sent."""

    __slots__ = ("keys", "rows", "sent")

    def __init__(self) -> None:
        self.keys: list[Any] = []
        self.rows: list[Row] = []
        self.sent: list[Row] = []


class Ranked(Step):
    """Sends the first `limit` rows of each partition, their rank put to their right.

    Of rows that are sorted alike the one that came first goes first; with `newest`, the last.
    """

    __slots__ = ("keys", "limit", "newest", "offset", "partitions", "sort")

    def __init__(self, keys: list[Compute], sort: Sorter, limit: int, *, newest: bool) -> None:
        super().__init__()
        self.keys = keys
        self.sort = sort
        self.limit = limit
        self.offset = 0
        self.newest = newest
        self.partitions: dict[Row, _Partition] = {}

    def receive(self, row: Row, sign: int) -> None:
        key = tuple([part(row) for part in self.keys])
        partition = self.partitions.get(key)
        if partition is None:
            partition = self.partitions[key] = _Partition()
        place = self._place(partition, row, sign)
        if place < 0 or place >= self.limit:
            return
        self._send(partition)

    def _place(self, partition: _Partition, row: Row, sign: int) -> int:
        """Put the row in, or take it out; where that was, -1 for nowhere."""
        order = self.sort(row)
        if sign > 0:
            find = bisect_left if self.newest else bisect_right
            place = find(partition.keys, order)
            partition.keys.insert(place, order)
            partition.rows.insert(place, row)
            return place
        first, last = bisect_left(partition.keys, order), bisect_right(partition.keys, order)
        for place in range(first, last):
            if partition.rows[place] == row:
                del partition.keys[place], partition.rows[place]
                return place
        return -1

    def _send(self, partition: _Partition) -> None:
        ranked = [(*row, rank) for rank, row in enumerate(partition.rows[: self.limit], 1)][
            self.offset :
        ]
        sent = partition.sent
        partition.sent = ranked
        for row in sent:
            if row not in ranked:
                self.after.receive(row, -1)
        for row in ranked:
            if row not in sent:
                self.after.receive(row, 1)


class Earliest(Step):
    """The row of each partition with the smallest event time, sent when the watermark reaches it.

    Nothing takes it back: rows at or before the watermark are late.
    """

    __slots__ = ("alarms", "keys", "sent", "tally", "time", "waiting", "watermark")

    def __init__(self, keys: list[Compute], time: Compute, tally: Tally) -> None:
        super().__init__()
        self.keys = keys
        self.time = time
        self.tally = tally
        self.waiting: dict[Row, tuple[int, Row]] = {}
        self.sent: set[Row] = set()
        self.alarms: Alarms[Row] = Alarms()
        self.watermark = BEGINNING

    def receive(self, row: Row, sign: int) -> None:
        at = milliseconds(timed(self.time(row)))
        if at <= self.watermark:
            self.tally.late += 1
            return
        key = tuple([part(row) for part in self.keys])
        if key in self.sent:
            return
        known = self.waiting.get(key)
        if known is None or at < known[0]:
            self.waiting[key] = at, row
            self.alarms.add(at, key)

    def advance(self, watermark: int) -> None:
        self.watermark = watermark
        for _, key in self.alarms.due(watermark):
            if key not in self.sent:
                self.sent.add(key)
                self.after.receive((*self.waiting.pop(key)[1], 1), 1)
        self.after.advance(watermark)


class WindowRanked(Step):
    """The first rows of each partition of a window, sent when the watermark reaches its end."""

    __slots__ = ("end", "keys", "limit", "sort", "tally", "watermark", "windows")

    def __init__(
        self, keys: list[Compute], sort: Sorter, limit: int, end: Compute, tally: Tally
    ) -> None:
        super().__init__()
        self.keys = keys
        self.sort = sort
        self.limit = limit
        self.end = end
        self.tally = tally
        self.windows: dict[int, dict[Row, list[Row]]] = {}
        self.watermark = BEGINNING

    def receive(self, row: Row, sign: int) -> None:
        end = milliseconds(self.end(row))
        if end - 1 <= self.watermark:
            self.tally.late += 1
            return
        key = tuple([part(row) for part in self.keys])
        rows = self.windows.setdefault(end, {}).setdefault(key, [])
        if sign > 0:
            rows.append(row)
        else:
            rows.remove(row)

    def advance(self, watermark: int) -> None:
        self.watermark = watermark
        for end in sorted(end for end in self.windows if end - 1 <= watermark):
            for rows in self.windows.pop(end).values():
                for rank, row in enumerate(sorted(rows, key=self.sort)[: self.limit], 1):
                    self.after.receive((*row, rank), 1)
        self.after.advance(watermark)
