"""CAST and TRY_CAST, and the casts that Flink makes without being asked."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import datetime, time
from decimal import Decimal, InvalidOperation
from functools import lru_cache, partial
from typing import Any

from sqlglot import exp

from cdk_stream.run.expressions import HANDLERS, compute, strict
from cdk_stream.run.names import Context, Names
from cdk_stream.run.refusal import CannotRun, RowFailure
from cdk_stream.run.step import Compute
from cdk_stream.run.times import read_date, read_moment, write_moment
from cdk_stream.run.values import WIDTHS, Entries, fit, reader, single
from cdk_stream.sql.spelling import Shape, normalise, shape

Cast = Callable[[Any], Any]
_MOMENTS = ("TIMESTAMP", "TIMESTAMP_LTZ")
_TEXTS = ("CHAR", "VARCHAR")
_NUMBERS = (*WIDTHS, "DECIMAL", "FLOAT", "DOUBLE")
_TRUE, _FALSE = frozenset(("true", "t", "yes", "y", "1")), frozenset(("false", "f", "no", "n", "0"))


def wrap(value: int, name: str) -> int:
    """An integer cut to the bits of its type, as Java does."""
    bits = WIDTHS[name]
    value &= (1 << bits) - 1
    return value - (1 << bits) if value >> (bits - 1) else value


@lru_cache(maxsize=1024)
def cast(given: str, wanted: str) -> Cast | None:
    """What turns a value of one type into another; None when this engine does not know."""
    if given == wanted:
        return _same
    one, other = shape(given), shape(wanted)
    if other.name in WIDTHS or other.name in ("DECIMAL", "FLOAT", "DOUBLE"):
        return _to_number(one, other)
    if other.name in _TEXTS:
        return _to_text(one, other)
    if other.name in _MOMENTS:
        return _to_moment(one, other)
    if other.name == "DATE":
        return _to_date(one)
    if other.name == "TIME":
        return _to_time(one)
    if other.name == "BOOLEAN":
        return _to_boolean(one)
    if one.name == other.name and one.parts and len(one.parts) == len(other.parts):
        return _to_holding(one, other)
    if other.name in ("BINARY", "VARBINARY"):
        return _to_bytes(one)
    return None


def _same(value: Any) -> Any:
    return value


def _to_number(one: Shape, other: Shape) -> Cast | None:
    if one.name in _TEXTS:
        return partial(_parsed, other)
    if one.name == "BOOLEAN":
        convert = _converted(other)
        return lambda value: convert(int(value))
    if one.name in _NUMBERS:
        return _converted(other)
    return None


def _converted(other: Shape) -> Cast:
    """A number as another kind of number."""
    if other.name in WIDTHS:
        return partial(_whole, other.name)
    if other.name == "DECIMAL":
        precision, scale = other.numbers
        return lambda value: fit(_decimal(value), precision, scale)
    return float if other.name == "DOUBLE" else lambda value: single(float(value))


def _decimal(value: Any) -> Decimal:
    return Decimal(repr(value)) if isinstance(value, float) else Decimal(value)


def _whole(name: str, value: Any) -> int:
    if isinstance(value, float):
        if math.isnan(value):
            return 0
        held = "BIGINT" if name == "BIGINT" else "INT"
        limit = 1 << (WIDTHS[held] - 1)
        value = limit if value >= limit else -limit if value <= -limit else int(value)
        value = min(value, limit - 1)
    return wrap(int(value), name)


def _parsed(other: Shape, value: str) -> Any:
    text = value.strip()
    try:
        if other.name in WIDTHS:
            found = int(Decimal(text)) if "e" not in text.lower() else int(text)
            return reader(other.name)(found)
        if other.name == "DECIMAL":
            return fit(Decimal(text), *other.numbers)
        number = float(text.rstrip("dDfF"))
        return number if other.name == "DOUBLE" else single(number)
    except (ValueError, InvalidOperation, OverflowError):
        if other.name == "DECIMAL" and text != value:  # Flink makes a 0 of some of these
            raise CannotRun(f"CAST('{value}' AS DECIMAL)") from None
        raise RowFailure(f"'{value}' cannot be cast to {other.name}") from None


def _to_text(one: Shape, other: Shape) -> Cast | None:
    written = _written(one)
    if written is None:
        return None
    length = other.numbers[0]
    if other.name == "CHAR":
        return lambda value: written(value)[:length].ljust(length)
    return written if length == 2147483647 else lambda value: written(value)[:length]


def _written(one: Shape) -> Cast | None:
    if one.name in _TEXTS:
        return _same
    if one.name in WIDTHS or one.name in ("DATE", "TIME"):
        return str
    if one.name in _MOMENTS:
        return partial(write_moment, digits=one.numbers[0])
    return _WRITERS.get(one.name)


def double_text(value: float) -> str:
    """As Java writes a double: `1.0E10`, `0.5`, `NaN`."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    size = abs(value)
    if size == 0 or 1e-3 <= size < 1e7:
        return format(Decimal(repr(value)), "f") if "e" in repr(value) else repr(value)
    sign, digits, _ = Decimal(repr(value)).as_tuple()
    text = "".join(map(str, digits)).rstrip("0") or "0"
    exponent = Decimal(repr(value)).adjusted()
    return f"{'-' if sign else ''}{text[0]}.{text[1:] or '0'}E{exponent}"


_WRITERS: dict[str, Cast] = {
    "BOOLEAN": lambda value: "TRUE" if value else "FALSE",
    "DOUBLE": double_text,
    "DECIMAL": lambda value: format(value, "f"),
}


def _to_moment(one: Shape, other: Shape) -> Cast | None:
    read = reader(f"{other.name}({other.numbers[0]})")
    if one.name in _MOMENTS or one.name == "DATE":
        return read
    if one.name in _TEXTS:
        return partial(_read, lambda text: read(read_moment(text)), "TIMESTAMP")
    return None


def _read(read: Cast, name: str, text: str) -> Any:
    try:
        return read(text.strip())
    except ValueError:
        raise RowFailure(f"'{text}' cannot be cast to {name}") from None


def _to_date(one: Shape) -> Cast | None:
    if one.name in _MOMENTS:
        return datetime.date
    if one.name in _TEXTS:
        return partial(_read, read_date, "DATE")
    return None


def _to_time(one: Shape) -> Cast | None:
    if one.name in _MOMENTS:
        return lambda value: value.time().replace(microsecond=0)
    if one.name in _TEXTS:
        return partial(_read, time.fromisoformat, "TIME")
    return None


def _to_boolean(one: Shape) -> Cast | None:
    if one.name in _TEXTS:
        return _truth
    return bool if one.name in _NUMBERS else None


def _truth(value: str) -> bool:
    text = value.strip().lower()
    if text in _TRUE or text in _FALSE:
        return text in _TRUE
    raise RowFailure(f"'{value}' cannot be cast to BOOLEAN")


def _to_bytes(one: Shape) -> Cast | None:
    if one.name in _TEXTS:
        return str.encode
    return _same if one.name in ("BINARY", "VARBINARY") else None


def _to_holding(one: Shape, other: Shape) -> Cast | None:
    inner = [cast(a.type, b.type) for a, b in zip(one.parts, other.parts, strict=True)]
    told = [each for each in inner if each is not None]
    if len(told) != len(inner):
        return None
    if one.name == "ROW":
        return lambda value: tuple(
            [None if v is None else each(v) for each, v in zip(told, value, strict=True)]
        )
    if one.name == "MAP":
        key, held = told
        return lambda value: Entries(
            (key(k), None if v is None else held(v)) for k, v in value.items()
        )
    return lambda value: tuple([None if v is None else told[0](v) for v in value])


def _cast(context: Context, names: Names, node: exp.Expr) -> Compute:
    inner = node.args["this"]
    given = context.type(inner)
    wanted = normalise(node.args["to"].args["kind"]).removesuffix(" NOT NULL")
    if given == "NULL":
        return compute(context, names, inner)
    function = cast(given, wanted)
    if function is None:
        raise CannotRun(f"CAST({given} AS {wanted})", node)
    value = compute(context, names, inner)
    if node.__class__ is exp.Cast:
        return strict(function, [value])
    return strict(partial(_tried, function), [value])


def _tried(function: Cast, value: Any) -> Any:
    try:
        return function(value)
    except RowFailure:
        return None


def coerced(context: Context, names: Names, node: exp.Expr, wanted: str) -> Compute:
    """An expression, as a value of the type that Flink turns it into here."""
    value = compute(context, names, node)
    given = context.type(node)
    if given in (wanted, "NULL") or wanted in ("", "NULL"):
        return value
    if shape(given).name == shape(wanted).name and shape(given).name in _TEXTS:
        return value
    function = cast(given, wanted)
    if function is None or {shape(given).name, shape(wanted).name} == set(_TEXTS):
        if {shape(given).name, shape(wanted).name} <= set(_TEXTS):
            return value
        raise CannotRun(f"a {given} where a {wanted} is expected", node)
    return strict(function, [value])


HANDLERS.update({exp.Cast: _cast, exp.TryCast: _cast})
