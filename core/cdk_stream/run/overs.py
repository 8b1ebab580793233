"""OVER by event time: rows wait for the watermark, and then see those before them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cdk_stream.run.aggregates import Aggregate, Group
from cdk_stream.run.alarms import Alarms
from cdk_stream.run.rows import Row
from cdk_stream.run.step import Compute, Step, Tally
from cdk_stream.run.times import BEGINNING, milliseconds
from cdk_stream.run.windows import timed


@dataclass(slots=True)
class Lag:
    """The value some rows before, or another one when there is none."""

    value: Compute
    offset: int
    otherwise: Compute | None


@dataclass(slots=True)
class Frame:
    """The rows that a row sees: by their number, or by their time."""

    by_rows: bool
    before: int | None
    """Rows, or milliseconds, before the current one; None for all."""


class _Partition:
    """The rows of a key: those that wait, and those that were answered."""

    __slots__ = ("cleanup", "done", "group", "last", "past", "waiting")

    def __init__(self) -> None:
        self.waiting: dict[int, list[Row]] = {}
        self.past: list[tuple[int, Row]] = []
        self.group: Group | None = None
        self.last = 0
        self.done = 0
        self.cleanup: int | None = None


class Over(Step):
    """Puts the values of aggregates over a frame to the right of each row."""

    __slots__ = (
        "aggregates",
        "alarms",
        "frame",
        "keys",
        "lags",
        "partitions",
        "tally",
        "time",
        "watermark",
    )

    def __init__(
        self,
        keys: list[Compute],
        time: Compute,
        frame: Frame,
        aggregates: list[Aggregate],
        lags: list[Lag],
        tally: Tally,
    ) -> None:
        super().__init__()
        self.keys = keys
        self.time = time
        self.frame = frame
        self.aggregates = aggregates
        self.lags = lags
        self.tally = tally
        self.partitions: dict[Row, _Partition] = {}
        self.watermark = BEGINNING
        self.alarms: Alarms[Row] = Alarms()

    def receive(self, row: Row, sign: int) -> None:
        at = milliseconds(timed(self.time(row)))
        key = tuple([part(row) for part in self.keys])
        partition = self.partitions.get(key)
        # an unbounded frame goes by the watermark, a bounded one by what the key was answered
        last = self.watermark if self.frame.before is None else partition.last if partition else 0
        if at <= last:
            self.tally.late += 1
            return
        if partition is None:
            partition = self.partitions[key] = _Partition()
        if at in partition.waiting:
            partition.waiting[at].append(row)
        else:
            partition.waiting[at] = [row]
            self.alarms.add(at, key)
        self._keep_until(key, partition, at)

    def _keep_until(self, key: Row, partition: _Partition, at: int) -> None:
        """Flink forgets a key some time after its last row, with what it was answered."""
        if self.frame.by_rows or self.frame.before is None:
            return
        if partition.cleanup is None or partition.cleanup < at + self.frame.before + 1:
            partition.cleanup = at + self.frame.before * 3 // 2 + 1
            self.alarms.add(partition.cleanup, key)

    def advance(self, watermark: int) -> None:
        self.watermark = watermark
        for at, key in self.alarms.due(watermark):
            partition = self.partitions.get(key)
            if partition is None:
                continue
            if partition.cleanup is not None and partition.cleanup <= at:
                del self.partitions[key]
                continue
            if at in partition.waiting:
                self._answer(partition, at)
            partition.last = at  # an alarm that was put off counts as an answer, in Flink as well
        self.after.advance(watermark)

    def _answer(self, partition: _Partition, at: int) -> None:
        rows = partition.waiting.pop(at)
        if self.frame.by_rows:
            for row in rows:
                self._add(partition, at, [row])
                self._send(partition, row, len(partition.past) - 1)
            return
        self._add(partition, at, rows)
        first = len(partition.past) - len(rows)
        for index, row in enumerate(rows):
            self._send(partition, row, first + index)

    def _add(self, partition: _Partition, at: int, rows: list[Row]) -> None:
        """The frame moves on to these rows: first some leave it, as in Flink."""
        if partition.group is None:
            partition.group = Group(self.aggregates)
        before = self.frame.before
        past = partition.past
        if before is not None:
            left = len(past) + len(rows) - 1 - before
            while partition.done < len(past) and (
                partition.done < left
                if self.frame.by_rows
                else past[partition.done][0] < at - before
            ):
                partition.group.take(past[partition.done][1], -1)
                partition.done += 1
        for row in rows:
            past.append((at, row))
            partition.group.take(row, 1)

    def _send(self, partition: _Partition, row: Row, place: int) -> None:
        assert partition.group is not None
        lagged = tuple([_lagged(lag, partition.past, row, place) for lag in self.lags])
        self.after.receive((*row, *partition.group.results(), *lagged), 1)


def _lagged(lag: Lag, past: list[tuple[int, Row]], row: Row, place: int) -> Any:
    before = place - lag.offset
    if before >= 0:
        return lag.value(past[before][1])
    return None if lag.otherwise is None else lag.otherwise(row)
