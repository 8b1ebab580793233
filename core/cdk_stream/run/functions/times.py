"""Functions of times."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from cdk_stream.run.refusal import CannotRun
from cdk_stream.run.times import (
    EPOCH,
    add_months,
    midnight,
    milliseconds,
    moment,
    read_date,
    write_moment,
)

_SPANS = {
    "WEEK": timedelta(weeks=1),
    "DAY": timedelta(days=1),
    "HOUR": timedelta(hours=1),
    "MINUTE": timedelta(minutes=1),
    "SECOND": timedelta(seconds=1),
    "MILLISECOND": timedelta(milliseconds=1),
}
_MONTHS = {"YEAR": 12, "QUARTER": 3, "MONTH": 1}


def _unit(text: str) -> str:
    return text.upper().removesuffix("S") if text.upper() != "S" else text


def extract(unit: str, value: Any) -> int:
    """EXTRACT(unit FROM value)."""
    return _PARTS[_unit(unit)](midnight(value))


_PARTS: dict[str, Callable[[datetime], int]] = {
    "YEAR": lambda value: value.year,
    "QUARTER": lambda value: (value.month + 2) // 3,
    "MONTH": lambda value: value.month,
    "WEEK": lambda value: value.isocalendar().week,
    "DAY": lambda value: value.day,
    "DAYOFMONTH": lambda value: value.day,
    "DOY": lambda value: value.timetuple().tm_yday,
    "DAYOFYEAR": lambda value: value.timetuple().tm_yday,
    "DOW": lambda value: value.isoweekday() % 7 + 1,
    "DAYOFWEEK": lambda value: value.isoweekday() % 7 + 1,
    "HOUR": lambda value: value.hour,
    "MINUTE": lambda value: value.minute,
    "SECOND": lambda value: value.second,
    "MILLISECOND": lambda value: value.microsecond // 1000,
    "EPOCH": lambda value: milliseconds(value) // 1000,
}


def difference(unit: str, start: Any, end: Any) -> int:
    """TIMESTAMPDIFF: whole units from `start` to `end`, cut towards zero."""
    name = _unit(unit)
    one, other = midnight(start), midnight(end)
    if name in _SPANS:
        found = abs(other - one) // _SPANS[name]
        return found if other >= one else -found
    months = (other.year - one.year) * 12 + other.month - one.month
    if months > 0 and _within(other) < _within(one):
        months -= 1
    elif months < 0 and _within(other) > _within(one):
        months += 1
    size = _MONTHS[name]
    return abs(months) // size if months >= 0 else -(abs(months) // size)


def _within(value: datetime) -> tuple[int, Any]:
    return value.day, value.time()


def added(unit: str, amount: int, value: Any) -> Any:
    """TIMESTAMPADD."""
    name = _unit(unit)
    if name in _MONTHS:
        return add_months(value, amount * _MONTHS[name])
    if isinstance(value, datetime) or name not in ("DAY", "WEEK"):
        return midnight(value) + amount * _SPANS[name]
    return value + amount * _SPANS[name]


def down(value: Any, unit: str) -> Any:
    """FLOOR(value TO unit)."""
    name = _unit(unit)
    here = midnight(value)
    if name == "WEEK":  # a week begins on Sunday
        found = datetime(here.year, here.month, here.day) - timedelta(days=here.isoweekday() % 7)
    elif name in _SPANS:
        found = here - (here - EPOCH) % _SPANS[name]
    else:
        month = {"YEAR": 1, "QUARTER": (here.month - 1) // 3 * 3 + 1}.get(name, here.month)
        found = datetime(here.year, month, 1)
    return found if isinstance(value, datetime) else found.date()


def up(value: Any, unit: str) -> Any:
    """CEIL(value TO unit)."""
    found = down(value, unit)
    return found if found == value else added(unit, 1, found)


_FORMATS = {
    "yyyy": "%Y",
    "MM": "%m",
    "dd": "%d",
    "HH": "%H",
    "mm": "%M",
    "ss": "%S",
    "yy": "%y",
    "EEE": "%a",
    "a": "%p",
    "hh": "%I",
    "DDD": "%j",
}


def _java(pattern: str) -> list[str]:
    """Java's pattern in pieces: codes of strftime, `SSS` for fractions, or text in `'`."""
    pieces: list[str] = []
    place = 0
    while place < len(pattern):
        sign = pattern[place]
        if sign == "'":
            end = pattern.find("'", place + 1)
            pieces.append("'" + (pattern[place + 1 : end] or "'"))
            place = end + 1 if end > 0 else len(pattern)
            continue
        end = place
        while end < len(pattern) and pattern[end] == sign:
            end += 1
        run = pattern[place:end]
        if not sign.isalpha():
            pieces.append("'" + run)
        elif sign == "S" or run in _FORMATS:
            pieces.append(_FORMATS.get(run, run))
        else:
            raise CannotRun(f"'{run}' of the time format '{pattern}'")
        place = end
    return pieces


def formatted(value: Any, pattern: str) -> str:
    """DATE_FORMAT."""
    here = midnight(value)
    text = ""
    for piece in _java(pattern):
        if piece[0] == "'":
            text += piece[1:]
        elif piece[0] == "S":
            text += f"{here.microsecond:06d}000"[: len(piece)]
        else:
            text += here.strftime(piece)
    return text


def _parsed(text: str, pattern: str) -> datetime | None:
    codes = "".join(
        piece[1:].replace("%", "%%") if piece[0] == "'" else "%f" if piece[0] == "S" else piece
        for piece in _java(pattern)
    )
    try:
        return datetime.strptime(text, codes)
    except ValueError:
        return None


_PLAIN = "yyyy-MM-dd HH:mm:ss"


def _to_timestamp(text: str, pattern: str = "") -> datetime | None:
    if pattern:
        return _parsed(text, pattern)
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return None if found.tzinfo else found


def _to_timestamp_ltz(value: Any, precision: Any = 3) -> datetime | None:
    if isinstance(value, str):
        return _to_timestamp(value, precision if isinstance(precision, str) else "")
    if precision == 0:
        return moment(int(value * 1000))
    return moment(int(value))


def _to_date(text: str, pattern: str = "") -> date | None:
    if pattern:
        found = _parsed(text, pattern)
        return found.date() if found else None
    try:
        return read_date(text)
    except ValueError:
        return None


def _unix(text: str, pattern: str = _PLAIN) -> int:
    found = _parsed(text, pattern)
    return -(2**63) if found is None else milliseconds(found) // 1000


def _from_unix(seconds: int, pattern: str = _PLAIN) -> str:
    here = moment(seconds * 1000)
    return write_moment(here, 0) if pattern == _PLAIN else formatted(here, pattern)


def _part(unit: str) -> Callable[[Any], int]:
    return lambda value: extract(unit, value)


TIMES: dict[str, Callable[..., Any]] = {
    **{
        name: _part(name)
        for name in [
            "YEAR",
            "QUARTER",
            "MONTH",
            "WEEK",
            "DAYOFYEAR",
            "DAYOFMONTH",
            "DAYOFWEEK",
            "HOUR",
            "MINUTE",
            "SECOND",
        ]
    },
    "DATE_FORMAT": formatted,
    "EXTRACT": extract,
    "FROM_UNIXTIME": _from_unix,
    "TIMESTAMPADD": added,
    "TIMESTAMPDIFF": difference,
    "TO_DATE": _to_date,
    "TO_TIMESTAMP": _to_timestamp,
    "TO_TIMESTAMP_LTZ": _to_timestamp_ltz,
    "UNIX_TIMESTAMP": _unix,
}
