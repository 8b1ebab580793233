"""Windows of time, and the groups in them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cdk_stream.run.aggregates import Aggregate, Group
from cdk_stream.run.alarms import Alarms
from cdk_stream.run.refusal import RowFailure
from cdk_stream.run.rows import Row
from cdk_stream.run.step import Compute, Step, Tally
from cdk_stream.run.times import BEGINNING, milliseconds, moment

Span = tuple[int, int]
"""Start and end of a window in milliseconds, the end left out."""
Assign = Callable[[int], list[Span]]


def tumble(size: int, offset: int = 0) -> Assign:
    """Windows side by side."""

    def assign(at: int) -> list[Span]:
        start = at - (at - offset) % size
        return [(start, start + size)]

    return assign


def hop(slide: int, size: int, offset: int = 0) -> Assign:
    """Windows of `size`, a new one every `slide`."""

    def assign(at: int) -> list[Span]:
        last = at - (at - offset) % slide
        return [(start, start + size) for start in range(last, at - size, -slide)]

    return assign


def cumulate(step: int, size: int, offset: int = 0) -> Assign:
    """Windows that begin together and end every `step`, up to `size`."""

    def assign(at: int) -> list[Span]:
        start = at - (at - offset) % size
        first = start + ((at - start) // step + 1) * step
        return [(start, end) for end in range(first, start + size + 1, step)]

    return assign


def timed(value: Any) -> Any:
    """The event time of a row, which no window takes without."""
    if value is None:
        raise RowFailure("the event time is NULL")
    return value


class Assigned(Step):
    """TUMBLE, HOP and CUMULATE as tables: each row once for every window it is in."""

    __slots__ = ("assign", "place")

    def __init__(self, place: int, assign: Assign) -> None:
        super().__init__()
        self.place = place
        self.assign = assign

    def receive(self, row: Row, sign: int) -> None:
        at = timed(row[self.place])
        for start, end in self.assign(milliseconds(at)):
            self.after.receive((*row, moment(start), moment(end), moment(end - 1)), sign)


class Windowed(Step):
    """Groups in windows: a row for each when the watermark reaches its end, then it is gone.

    A row comes with the spans it is in; what belongs to a window that ended is late.
    """

    __slots__ = ("aggregates", "groups", "keys", "spans", "tally", "watermark")

    def __init__(
        self,
        spans: Callable[[Row], list[Span]],
        keys: list[Compute],
        aggregates: list[Aggregate],
        tally: Tally,
    ) -> None:
        super().__init__()
        self.spans = spans
        self.keys = keys
        self.aggregates = aggregates
        self.tally = tally
        self.groups: dict[Span, dict[Row, Group]] = {}
        self.watermark = BEGINNING

    def receive(self, row: Row, sign: int) -> None:
        key = tuple([part(row) for part in self.keys])
        for span in self.spans(row):
            if span[1] - 1 <= self.watermark:
                self.tally.late += 1
                continue
            groups = self.groups.setdefault(span, {})
            group = groups.get(key)
            if group is None:
                group = groups[key] = Group(self.aggregates)
            group.take(row, sign)

    def advance(self, watermark: int) -> None:
        self.watermark = watermark
        ended = [span for span in self.groups if span[1] - 1 <= watermark]
        for span in sorted(ended, key=lambda one: (one[1], one[0])):
            for key, group in self.groups.pop(span).items():
                if group.rows > 0:
                    self.after.receive((*key, *group.results(), *bounds(span)), 1)
        self.after.advance(watermark)


def bounds(span: Span) -> Row:
    """A window's start, end and last moment."""
    return moment(span[0]), moment(span[1]), moment(span[1] - 1)


class Session:
    """Rows of one key with no gap between them."""

    __slots__ = ("end", "rows", "start")

    def __init__(self, start: int, end: int) -> None:
        self.start = start
        self.end = end
        self.rows: list[tuple[Row, int]] = []


class Sessions(Step):
    """SESSION as a table: the rows of a session come when the watermark reaches its end."""

    __slots__ = ("alarms", "gap", "keys", "sessions", "tally", "time", "watermark")

    def __init__(self, time: Compute, gap: int, keys: list[Compute], tally: Tally) -> None:
        super().__init__()
        self.time = time
        self.gap = gap
        self.keys = keys
        self.tally = tally
        self.sessions: dict[Row, list[Session]] = {}
        self.alarms: Alarms[tuple[Session, Row]] = Alarms()
        self.watermark = BEGINNING

    def receive(self, row: Row, sign: int) -> None:
        key = tuple([part(row) for part in self.keys])
        start = milliseconds(timed(self.time(row)))
        made = Session(start, start + self.gap)
        others = self.sessions.get(key, [])
        touching = [one for one in others if one.start <= made.end and one.end >= made.start]
        end = max([made.end, *(one.end for one in touching)])
        if end - 1 <= self.watermark:
            self.tally.late += 1
            return
        for one in touching:
            made.start, made.end = min(made.start, one.start), max(made.end, one.end)
            made.rows += one.rows
        made.rows.append((row, sign))
        self.sessions[key] = [one for one in others if one not in touching] + [made]
        self.alarms.add(made.end - 1, (made, key))

    def advance(self, watermark: int) -> None:
        self.watermark = watermark
        for _, (session, key) in self.alarms.due(watermark):
            if session in self.sessions.get(key, ()):
                self._close(session, key)
        self.after.advance(watermark)

    def _close(self, session: Session, key: Row) -> None:
        left = self.sessions[key]
        left.remove(session)
        if not left:
            del self.sessions[key]
        for row, sign in session.rows:
            self.after.receive((*row, *bounds((session.start, session.end))), sign)


def spans_at(first: Compute, last: Compute) -> Callable[[Row], list[Span]]:
    """The window that a row says it is in."""

    def spans(row: Row) -> list[Span]:
        return [(milliseconds(first(row)), milliseconds(last(row)))]

    return spans


def spans_of(time: Compute, assign: Assign) -> Callable[[Row], list[Span]]:
    """The windows that a row's time lies in."""

    def spans(row: Row) -> list[Span]:
        return assign(milliseconds(timed(time(row))))

    return spans
