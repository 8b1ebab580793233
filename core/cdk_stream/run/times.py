"""Points in time: how they are read, counted and written. All of them are in UTC."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

EPOCH = datetime(1970, 1, 1)
MS = timedelta(milliseconds=1)
BEGINNING = -(2**63)
"""The watermark before the first row."""
FOREVER = 2**63 - 1
"""The watermark after the last row."""


def milliseconds(moment: datetime) -> int:
    """Milliseconds since 1970."""
    return (moment - EPOCH) // MS


def moment(ms: int) -> datetime:
    """The moment `ms` milliseconds after 1970."""
    return EPOCH + timedelta(milliseconds=ms)


def read_moment(text: str) -> datetime:
    """`2026-01-01T10:00:00.5Z`, `2026-01-01 10:00:00`, `2026-01-01`; raises ValueError."""
    found = datetime.fromisoformat(text.strip())
    return found.astimezone(UTC).replace(tzinfo=None) if found.tzinfo is not None else found


def read_date(text: str) -> date:
    """As Flink reads a date: `2026-02-03`, `2026-2`, `2026`, and what goes before a space.

    Raises ValueError.
    """
    parts = text.partition(" ")[0].split("-", 2)
    if not all(part.strip().isascii() and part.strip().isdigit() for part in parts):
        raise ValueError(f"'{text}' is no date")
    year, month, day = (*map(int, parts), 1, 1)[:3]
    return date(year, month, day)


def write_moment(value: datetime, digits: int = 3) -> str:
    """As Flink casts it to a text: `2026-01-01 10:00:00.500`."""
    text = value.strftime("%Y-%m-%d %H:%M:%S") if value.year > 999 else _early(value)
    return f"{text}.{value.microsecond:06d}"[: len(text) + 1 + digits] if digits else text


def _early(value: datetime) -> str:
    return f"{value.year:04d}" + value.strftime("-%m-%d %H:%M:%S")


def add_months(value: date, months: int) -> date:
    """`value` moved by months; the day is the month's last when there is no such day."""
    index = value.year * 12 + value.month - 1 + months
    year, month = divmod(index, 12)
    day = min(value.day, days_of(year, month + 1))
    return value.replace(year=year, month=month + 1, day=day)


@lru_cache(maxsize=512)
def days_of(year: int, month: int) -> int:
    """How many days a month has."""
    following = date(year + month // 12, month % 12 + 1, 1)
    return (following - timedelta(days=1)).day


def midnight(value: date) -> datetime:
    """A date as a moment."""
    return value if isinstance(value, datetime) else datetime.combine(value, time())
