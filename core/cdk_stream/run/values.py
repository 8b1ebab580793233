"""Values of Flink's types: read from what people write, and written as JSON has them."""

from __future__ import annotations

import base64
import binascii
import math
import struct
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from cdk_stream.run.rows import Record, Row
from cdk_stream.run.times import moment, read_moment, write_moment
from cdk_stream.sql.spelling import Shape, shape

Reader = Callable[[Any], Any]
WIDTHS = {"TINYINT": 8, "SMALLINT": 16, "INT": 32, "BIGINT": 64}
EXACT = Context(prec=80, rounding=ROUND_HALF_UP)


class Entries(dict[Any, Any]):
    """A MAP, which rows that are compared may hold."""

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(frozenset(self.items()))


class Unreadable(ValueError):
    """A value is none of its column's type."""


def read_rows(columns: Mapping[str, str], records: Sequence[Record]) -> list[Row]:
    """Rows of the columns from records; a column that a record lacks is NULL.

    Raises Unreadable, which names the row, counted from 1, and the column.
    """
    readers = [(name, reader(type_)) for name, type_ in columns.items()]
    rows = []
    for index, record in enumerate(records, 1):
        for name in record.keys() - columns.keys():
            raise Unreadable(f"row {index} has a column '{name}' that is not there")
        rows.append(tuple(_field(index, name, record.get(name), read) for name, read in readers))
    return rows


def _field(index: int, name: str, value: Any, read: Reader) -> Any:
    if value is None:
        return None
    try:
        return read(value)
    except (ValueError, TypeError, OverflowError, InvalidOperation) as error:
        shown = repr(value)
        shown = shown if len(shown) <= 40 else shown[:37] + "..."
        raise Unreadable(f"'{name}' of row {index} is {shown}: {error}") from None


@lru_cache(maxsize=1024)
def reader(type_: str) -> Reader:
    """What makes a value of the type from JSON, YAML, CSV, Avro or Python; raises ValueError."""
    kind = shape(type_)
    if kind.name in WIDTHS:
        return _whole(kind.name)
    if kind.name == "DECIMAL":
        return _decimal(*kind.numbers)
    if kind.name in ("ARRAY", "MULTISET", "MAP", "ROW"):
        return _holding(kind)
    if kind.name in ("TIMESTAMP", "TIMESTAMP_LTZ"):
        return _moment(kind.numbers[0])
    return _READERS.get(kind.name, _anything)


def _whole(name: str) -> Reader:
    limit = 1 << (WIDTHS[name] - 1)

    def read(value: Any) -> int:
        if isinstance(value, bool) or (isinstance(value, float) and not value.is_integer()):
            raise ValueError(f"no {name}")
        try:
            number = int(value)
        except ValueError:
            raise ValueError(f"no {name}") from None
        if not -limit <= number < limit:
            raise ValueError(f"too big for {name}")
        return number

    return read


def _decimal(precision: int, scale: int) -> Reader:
    def read(value: Any) -> Decimal:
        if isinstance(value, bool):
            raise ValueError("no DECIMAL")
        found = fit(Decimal(str(value)), precision, scale)
        if found is None:
            raise ValueError(f"too big for DECIMAL({precision}, {scale})")
        return found

    return read


@lru_cache(maxsize=64)
def _unit(scale: int) -> Decimal:
    return Decimal(1).scaleb(-scale)


def fit(value: Decimal, precision: int, scale: int) -> Decimal | None:
    """`value` rounded half up to the scale; None when it has more digits than the precision."""
    if not value.is_finite():
        return None
    rounded = value.quantize(_unit(scale), context=EXACT)
    return rounded if rounded.adjusted() < precision - scale or not rounded else None


def _moment(digits: int) -> Reader:
    step = 10 ** max(6 - digits, 0)

    def read(value: Any) -> datetime:
        if isinstance(value, datetime):
            found = read_moment(value.isoformat()) if value.tzinfo else value
        elif isinstance(value, date):
            found = datetime.combine(value, time())
        elif isinstance(value, int) and not isinstance(value, bool):
            found = moment(value)
        else:
            found = read_moment(value)
        rest = found.microsecond % step
        return found - timedelta(microseconds=rest) if rest else found

    return read


def _date(value: Any) -> date:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return date(1970, 1, 1) + timedelta(days=value)
    return date.fromisoformat(value)


def _time(value: Any) -> time:
    return value if isinstance(value, time) else time.fromisoformat(value)


def _text(value: Any) -> str:
    if isinstance(value, (dict, list, tuple, bytes)):
        raise ValueError("no text")
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else str(value)


def _bytes(value: Any) -> bytes:
    if isinstance(value, bytes):
        return value
    try:
        return base64.b64decode(value, validate=True)
    except binascii.Error:
        raise ValueError("no base64") from None


def _boolean(value: Any) -> bool:
    if isinstance(value, str) and value.lower() in ("true", "false"):
        return value.lower() == "true"
    if not isinstance(value, bool):
        raise ValueError("neither true nor false")
    return value


def _double(value: Any) -> float:
    if isinstance(value, bool):
        raise ValueError("no number")
    return float(value)


def single(value: float) -> float:
    """The nearest number of 32 bits."""
    try:
        found: float = struct.unpack("f", struct.pack("f", value))[0]
    except OverflowError:
        return float("inf") if value > 0 else float("-inf")
    return found


def _float(value: Any) -> float:
    return single(_double(value))


def _anything(value: Any) -> Any:
    return value


_READERS: dict[str, Reader] = {
    "BOOLEAN": _boolean,
    "DOUBLE": _double,
    "FLOAT": _float,
    "CHAR": _text,
    "VARCHAR": _text,
    "BINARY": _bytes,
    "VARBINARY": _bytes,
    "DATE": _date,
    "TIME": _time,
}


def _holding(kind: Shape) -> Reader:
    parts = [(part.name, _optional(reader(part.type))) for part in kind.parts]
    if kind.name == "MAP":
        key, held = parts[0][1], parts[1][1]
        return lambda value: Entries((key(name), held(one)) for name, one in dict(value).items())
    if kind.name in ("ARRAY", "MULTISET"):
        item = parts[0][1]
        return lambda value: tuple(item(one) for one in _list(value))
    return lambda value: _row(parts, value)


def _list(value: Any) -> Sequence[Any]:
    if isinstance(value, str) or not isinstance(value, Sequence):
        raise ValueError("no list")
    return value


def _row(parts: list[tuple[str, Reader]], value: Any) -> Row:
    if isinstance(value, Mapping):
        return tuple(read(value.get(name)) for name, read in parts)
    if len(value) != len(parts):
        raise ValueError(f"{len(parts)} fields are expected")
    return tuple(read(one) for one, (_, read) in zip(value, parts, strict=True))


def _optional(read: Reader) -> Reader:
    return lambda value: None if value is None else read(value)


def plain(value: Any, type_: str) -> Any:
    """A value as JSON has it: times as text in UTC, decimals as text, rows as objects."""
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    kind = shape(type_)
    if isinstance(value, datetime):
        return _written(value, kind)
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, (tuple, dict)):
        return _held(value, kind)
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def _written(value: datetime, kind: Shape) -> str:
    text = write_moment(value, kind.numbers[0] if kind.numbers else 3).replace(" ", "T")
    return text + "Z" if kind.name == "TIMESTAMP_LTZ" else text


def _held(value: Any, kind: Shape) -> Any:
    types = [part.type for part in kind.parts]
    if kind.name == "ROW":
        names = [part.name for part in kind.parts]
        return {
            name: plain(one, type_) for name, one, type_ in zip(names, value, types, strict=True)
        }
    if isinstance(value, dict):
        return {str(plain(key, types[0])): plain(one, types[1]) for key, one in value.items()}
    return [plain(one, types[0] if types else "") for one in value]


def plain_row(columns: Mapping[str, str], row: Row) -> dict[str, Any]:
    """A row as a JSON object."""
    return {
        name: plain(value, type_) for (name, type_), value in zip(columns.items(), row, strict=True)
    }
