"""Functions of numbers."""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import Any


def _rounded(value: Any, places: int, mode: str) -> Any:
    if isinstance(value, int):
        return value if places >= 0 else int(_quantized(Decimal(value), places, mode))
    if isinstance(value, float):
        if not math.isfinite(value):
            return value
        return float(_quantized(Decimal(repr(value)), places, mode))
    digits = min(places, max(-int(value.as_tuple().exponent), 0))
    return _quantized(value, digits, mode)


def _quantized(value: Decimal, places: int, mode: str) -> Decimal:
    unit = Decimal(1).scaleb(-places)
    found = value.quantize(unit, rounding=mode)
    return found if places >= 0 else found.quantize(Decimal(1))


def _round(value: Any, places: int = 0) -> Any:
    return _rounded(value, places, ROUND_HALF_UP)


def _truncate(value: Any, places: int = 0) -> Any:
    return _rounded(value, places, ROUND_DOWN)


def floor(value: Any) -> Any:
    """FLOOR of a number, of its own type."""
    if isinstance(value, float):
        return float(math.floor(value)) if math.isfinite(value) else value
    return value if isinstance(value, int) else value.quantize(Decimal(1), rounding=ROUND_FLOOR)


def ceil(value: Any) -> Any:
    """CEIL of a number, of its own type."""
    if isinstance(value, float):
        return float(math.ceil(value)) if math.isfinite(value) else value
    return value if isinstance(value, int) else value.quantize(Decimal(1), rounding=ROUND_CEILING)


def _sign(value: Any) -> Any:
    return type(value)((value > 0) - (value < 0))


def _real(function: Callable[..., float]) -> Callable[..., float]:
    """A function of doubles that gives NaN or infinity where Python raises."""

    def safe(*values: Any) -> float:
        try:
            return function(*map(float, values))
        except ValueError:
            return math.nan
        except OverflowError:
            return math.inf

    return safe


def _logarithm(value: float) -> float:
    return -math.inf if value == 0 else math.log(value)


def _log(*values: float) -> float:
    return _logarithm(values[0]) if len(values) == 1 else math.log(values[1]) / math.log(values[0])


def _log10(value: float) -> float:
    return -math.inf if value == 0 else math.log10(value)


NUMBERS: dict[str, Callable[..., Any]] = {
    "ABS": abs,
    "BIN": lambda value: format(value & (2**64 - 1), "b"),
    "DEGREES": _real(math.degrees),
    "E": lambda: math.e,
    "EXP": _real(math.exp),
    "LN": _real(_logarithm),
    "LOG": _real(_log),
    "LOG10": _real(_log10),
    "LOG2": _real(math.log2),
    "PI": lambda: math.pi,
    "POWER": _real(math.pow),
    "RADIANS": _real(math.radians),
    "ROUND": _round,
    "SIGN": _sign,
    "SQRT": _real(math.sqrt),
    "TRUNCATE": _truncate,
}
