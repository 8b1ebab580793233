"""Freeze windows and a moment -> which of them hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from cdk_stream.resources.governance import Freeze
from cdk_stream.results.change import Category

_EVERY = {"daily": timedelta(days=1), "weekly": timedelta(days=7)}


class Clockless(ValueError):
    """A window names a time zone that is none, or ends before it starts."""


def frozen(windows: Iterable[Freeze], now: datetime, worst: Category) -> tuple[str, ...]:
    """The windows that hold at `now` for a change of this category, in words.

    Raises `Clockless`; a window is the time of its own clock, summer and winter.
    """
    return tuple(
        f"'{window.name}' until {end.isoformat(sep=' ', timespec='minutes')} ({window.timezone})"
        for window in windows
        if (end := _until(window, now)) is not None and worst not in window.allows
    )


def _until(window: Freeze, now: datetime) -> datetime | None:
    """When a window that holds is over, on its own clock."""
    local = now.astimezone(_zone(window)).replace(tzinfo=None)
    starts, ends = datetime.fromisoformat(window.starts), datetime.fromisoformat(window.ends)
    if ends <= starts:
        raise Clockless(f"the freeze window '{window.name}' ends before it starts")
    times = _times(window, local, starts, ends)
    return next((end for start, end in times if start <= local < end), None)


def _times(
    window: Freeze, local: datetime, starts: datetime, ends: datetime
) -> Iterator[tuple[datetime, datetime]]:
    if window.repeats == "no":
        yield starts, ends
    elif window.repeats == "yearly":
        for year in (local.year - 1, local.year):
            if year >= starts.year:
                start = _in_year(starts, year)
                yield start, start + (ends - starts)
    else:
        step = _EVERY[window.repeats]
        past = max(0, (local - starts) // step)
        for count in range(max(0, past - (ends - starts) // step), past + 1):
            yield starts + count * step, ends + count * step


def _in_year(moment: datetime, year: int) -> datetime:
    try:
        return moment.replace(year=year)
    except ValueError:  # the 29th of February
        return moment.replace(year=year, month=3, day=1)


def _zone(window: Freeze) -> tzinfo:
    if window.timezone == "UTC":
        return UTC
    try:
        return ZoneInfo(window.timezone)
    except (KeyError, OSError, ValueError) as error:
        message = f"the freeze window '{window.name}' names the time zone '{window.timezone}'"
        raise Clockless(f"{message}, which is not known here") from error
