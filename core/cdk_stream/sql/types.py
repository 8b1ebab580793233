"""Flink's data types as text, and what operators make of them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from cdk_stream.sql.spelling import NoType, Part, Shape, normalise, row, shape

__all__ = ["NoType", "Part", "Shape", "arithmetic", "normalise", "row", "shape", "widest"]

UNKNOWN = ""
BIGINT, BOOLEAN, DATE, DOUBLE, INT, STRING = "BIGINT", "BOOLEAN", "DATE", "DOUBLE", "INT", "STRING"
DAY_INTERVAL = "INTERVAL DAY TO SECOND(3)"
MONTH_INTERVAL = "INTERVAL YEAR TO MONTH"

_INT_DIGITS = {"TINYINT": 3, "SMALLINT": 5, "INT": 10, "BIGINT": 19}
_NUMERIC = ("TINYINT", "SMALLINT", "INT", "BIGINT", "DECIMAL", "FLOAT", "DOUBLE")
_RANK = {name: rank for rank, name in enumerate(_NUMERIC)}
_TIMES = ("TIMESTAMP", "TIMESTAMP_LTZ")
_TEXT = ("CHAR", "VARCHAR")
_BYTES = ("BINARY", "VARBINARY")
_MAX_DIGITS = 38
_LONGEST = 2147483647


def is_numeric(type_: str) -> bool:
    return shape(type_).name in _RANK


def is_text(type_: str) -> bool:
    return shape(type_).name in _TEXT


def is_time(type_: str) -> bool:
    """Whether it is a timestamp of either kind."""
    return type_.startswith("TIMESTAMP")


def is_interval(type_: str) -> bool:
    return type_.startswith("INTERVAL")


def element(type_: str) -> tuple[str, bool]:
    """The type of the items of an ARRAY or MULTISET, or of a MAP's values, and whether NULL."""
    parts = shape(type_).parts
    return (parts[-1].type, parts[-1].nullable) if parts else (UNKNOWN, True)


@lru_cache(maxsize=4096)
def widest(types: tuple[str, ...]) -> str:
    """The type that holds every value of `types`, as for CASE, COALESCE and UNION.

    The unknown type when one of them is unknown or they have nothing in common.
    """
    told = [type_ for type_ in types if type_ != "NULL"]
    if not told:
        return "NULL" if types else UNKNOWN
    result = told[0]
    for type_ in told[1:]:
        result = _wider(result, type_)
    return result


def _wider(left: str, right: str) -> str:
    if left == right:
        return left
    if not left or not right:
        return UNKNOWN
    one, other = shape(left), shape(right)
    if one.name in _RANK and other.name in _RANK:
        return _numeric(one, other)
    for family, widened in ((_TEXT, "VARCHAR"), (_BYTES, "VARBINARY")):
        if one.name in family and other.name in family:
            return normalise(f"{widened}({max(one.numbers[0], other.numbers[0])})")
    if one.name in _TIMES and other.name in _TIMES:
        name = one.name if one.name == other.name else "TIMESTAMP_LTZ"
        return f"{name}({max(one.numbers[0], other.numbers[0])})"
    if "DATE" in (one.name, other.name) and (is_time(left) or is_time(right)):
        return left if is_time(left) else right
    if one.parts and one.name == other.name and len(one.parts) == len(other.parts):
        return _collection(one, other)
    return UNKNOWN


def _collection(one: Shape, other: Shape) -> str:
    parts = [
        Part(a.name, _wider(a.type, b.type), a.nullable or b.nullable)
        for a, b in zip(one.parts, other.parts, strict=True)
    ]
    if not all(part.type for part in parts):
        return UNKNOWN
    if one.name == "ROW":
        return row(parts)
    inner = ", ".join(p.type if p.nullable else p.type + " NOT NULL" for p in parts)
    return f"{one.name}<{inner}>"


def _numeric(one: Shape, other: Shape) -> str:
    if "DECIMAL" in (one.name, other.name) and _RANK[one.name] < 5 and _RANK[other.name] < 5:
        (p1, s1), (p2, s2) = _digits(one), _digits(other)
        scale = max(s1, s2)
        return _decimal(max(p1 - s1, p2 - s2) + scale, scale)
    if {one.name, other.name} == {"DECIMAL", "FLOAT"}:
        return DOUBLE
    return max(one.name, other.name, key=_RANK.__getitem__)


def _digits(type_: Shape) -> tuple[int, int]:
    if type_.name == "DECIMAL":
        return type_.numbers[0], type_.numbers[1]
    return _INT_DIGITS[type_.name], 0


def _decimal(precision: int, scale: int) -> str:
    """Too many digits are taken from the scale, which keeps 6 of them."""
    if precision > _MAX_DIGITS:
        kept = max(_MAX_DIGITS - (precision - scale), min(scale, 6))
        precision, scale = _MAX_DIGITS, kept
    return f"DECIMAL({precision}, {scale})"


@lru_cache(maxsize=4096)
def arithmetic(operator: str, left: str, right: str) -> str:
    """The type of `left operator right` for + - * / %; unknown when it is not certain."""
    if not left or not right:
        return UNKNOWN
    if is_interval(left) or is_interval(right):
        return _interval(operator, left, right)
    one, other = shape(left), shape(right)
    if one.name not in _RANK or other.name not in _RANK:
        return UNKNOWN
    exact = _RANK[one.name] < 5 and _RANK[other.name] < 5
    if operator == "%" and not exact:
        return UNKNOWN
    if not exact or "DECIMAL" not in (one.name, other.name):
        return right if operator == "%" else _numeric(one, other)
    (p1, s1), (p2, s2) = _digits(one), _digits(other)
    if operator == "*":
        return _decimal(p1 + p2 + 1, s1 + s2)
    if operator == "/":
        scale = max(6, s1 + p2 + 1)
        return _decimal(p1 - s1 + s2 + scale, scale)
    scale = max(s1, s2)
    if operator == "%":
        return _decimal(min(p1 - s1, p2 - s2) + scale, scale)
    return _decimal(max(p1 - s1, p2 - s2) + scale + 1, scale)


def _interval(operator: str, left: str, right: str) -> str:
    if is_interval(left) and is_interval(right):
        return left if left == right and operator in "+-" else UNKNOWN
    other = right if is_interval(left) else left
    if operator in "+-" and (is_time(other) or other == DATE or other.startswith("TIME(")):
        return other
    if operator in "*/" and is_numeric(other):
        return left if is_interval(left) else right
    return UNKNOWN


@lru_cache(maxsize=4096)
def aggregate(function: str, type_: str) -> str:
    """The type of SUM, AVG and their like over `type_`: integers stay, decimals grow."""
    digits = shape(type_)
    if digits.name != "DECIMAL" or function in ("MIN", "MAX", "FIRST_VALUE", "LAST_VALUE"):
        return type_
    scale = digits.numbers[1]
    return f"DECIMAL(38, {scale if function.startswith('SUM') else max(6, scale)})"


def varying(type_: str) -> str:
    """The text type of at most the length of `type_`: `CHAR(4)` is `VARCHAR(4)`."""
    return f"VAR{type_}" if type_.startswith("CHAR(") else type_


@lru_cache(maxsize=4096)
def longer(types: tuple[str, ...]) -> str:
    """The text type of several texts put together; unknown when one of them is no text."""
    kinds = [shape(type_) for type_ in types]
    if any(kind.name not in _TEXT for kind in kinds):
        return UNKNOWN
    length = sum(kind.numbers[0] for kind in kinds)
    fixed = all(kind.name == "CHAR" for kind in kinds)
    return f"CHAR({length})" if fixed else normalise(f"VARCHAR({min(length, _LONGEST)})")


@lru_cache(maxsize=4096)
def rounded(function: str, type_: str, places: int | None) -> str:
    """The type of ROUND, TRUNCATE, FLOOR and CEIL; unknown where the number of places is."""
    digits = shape(type_)
    if digits.name != "DECIMAL":
        return type_
    precision, scale = digits.numbers
    if function in ("FLOOR", "CEIL", "CEILING"):
        return f"DECIMAL({precision}, 0)"
    if places is None:
        return UNKNOWN
    if places >= scale:
        return type_
    if places < 0:
        return f"DECIMAL({min(_MAX_DIGITS, 1 + precision - scale)}, 0)"
    return f"DECIMAL({1 + precision - scale + places}, {places})"


def number(text: str) -> str:
    """The type of a number as written."""
    if "e" in text or "E" in text:
        return DOUBLE
    if "." in text:
        digits = len(text) - 1
        return f"DECIMAL({digits}, {len(text) - text.index('.') - 1})" if digits < 39 else DOUBLE
    value = int(text)
    if value < 2**31:
        return INT
    return BIGINT if value < 2**63 else f"DECIMAL({min(len(text), _MAX_DIGITS)}, 0)"


def union(types: Iterable[str]) -> str:
    """`widest` of any iterable."""
    return widest(tuple(types))
