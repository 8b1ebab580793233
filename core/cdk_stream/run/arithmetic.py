"""Numbers and times: literals, + - * / %, intervals and ||."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlglot import exp

from cdk_stream.run.casts import cast, coerced, wrap
from cdk_stream.run.expressions import HANDLERS, compute, constant, strict
from cdk_stream.run.names import Context, Names
from cdk_stream.run.refusal import CannotRun, RowFailure
from cdk_stream.run.step import Compute
from cdk_stream.run.times import add_months, midnight
from cdk_stream.run.values import EXACT, WIDTHS, fit, single
from cdk_stream.sql.resolve.expressions import interval_ms
from cdk_stream.sql.spelling import shape
from cdk_stream.sql.types import MONTH_INTERVAL, is_interval, is_text

Binary = Callable[[Any, Any], Any]


def _divided(one: int, other: int) -> int:
    if other == 0:
        raise RowFailure("division by zero")
    found = abs(one) // abs(other)
    return found if (one < 0) == (other < 0) else -found


def remainder(one: int, other: int) -> int:
    """What is left, with the sign of what is divided."""
    return one - _divided(one, other) * other


_WHOLE: dict[type, Binary] = {
    exp.Add: operator.add,
    exp.Sub: operator.sub,
    exp.Mul: operator.mul,
    exp.Div: _divided,
    exp.Mod: remainder,
}


def _float_division(one: float, other: float) -> float:
    if other:
        return one / other
    if math.isnan(one) or one == 0:
        return math.nan
    return math.copysign(math.inf, one) * math.copysign(1.0, other)


def _float_remainder(one: float, other: float) -> float:
    return math.fmod(one, other) if other else math.nan


_FLOATING: dict[type, Binary] = {
    exp.Add: operator.add,
    exp.Sub: operator.sub,
    exp.Mul: operator.mul,
    exp.Div: _float_division,
    exp.Mod: _float_remainder,
}


def _exact_division(one: Decimal, other: Decimal) -> Decimal:
    if not other:
        raise RowFailure("division by zero")
    return EXACT.divide(one, other)


_EXACT: dict[type, Binary] = {
    exp.Add: EXACT.add,
    exp.Sub: EXACT.subtract,
    exp.Mul: EXACT.multiply,
    exp.Div: _exact_division,
    exp.Mod: EXACT.remainder,
}


def _arithmetic(context: Context, names: Names, node: exp.Expr) -> Compute:
    sides = [node.args["this"], node.args["expression"]]
    types = [context.type(side) for side in sides]
    if any(is_interval(type_) for type_ in types):
        return _moved(context, names, node, sides, types)
    if any(is_text(type_) for type_ in types):
        raise CannotRun(f"{' and '.join(types)} in arithmetic", node)
    return strict(_operation(context, node), _numbers(context, names, node, sides))


def _numbers(
    context: Context, names: Names, node: exp.Expr, sides: list[exp.Expr]
) -> list[Compute]:
    kind = shape(context.type(node)).name
    if kind in ("FLOAT", "DOUBLE"):
        return [coerced(context, names, side, "DOUBLE") for side in sides]
    if kind == "DECIMAL":
        return [_as_decimal(context, names, side) for side in sides]
    return [compute(context, names, side) for side in sides]


def _as_decimal(context: Context, names: Names, side: exp.Expr) -> Compute:
    value = compute(context, names, side)
    return value if "DECIMAL" in context.type(side) else strict(Decimal, [value])


def _operation(context: Context, node: exp.Expr) -> Binary:
    kind = shape(context.type(node))
    if kind.name in WIDTHS:
        whole = _WHOLE[node.__class__]
        return lambda one, other: wrap(int(whole(one, other)), kind.name)
    if kind.name == "DECIMAL":
        exact = _EXACT[node.__class__]
        precision, scale = kind.numbers
        return lambda one, other: fit(exact(one, other), precision, scale)
    if kind.name in ("FLOAT", "DOUBLE"):
        floating = _FLOATING[node.__class__]
        if kind.name == "DOUBLE":
            return floating
        return lambda one, other: single(floating(one, other))
    raise CannotRun(f"'{node.key.upper()}' of {kind.name}", node)


def _moved(
    context: Context, names: Names, node: exp.Expr, sides: list[exp.Expr], types: list[str]
) -> Compute:
    """A time plus or minus an interval."""
    if node.__class__ not in (exp.Add, exp.Sub) or all(is_interval(one) for one in types):
        raise CannotRun("arithmetic of intervals", node)
    parts = [compute(context, names, side) for side in sides]
    if is_interval(types[0]):
        parts.reverse()
        types = types[::-1]
    sign = 1 if node.__class__ is exp.Add else -1
    if types[1] == MONTH_INTERVAL:
        return strict(lambda value, months: add_months(value, sign * months), parts)
    if types[0] == "DATE":
        return strict(lambda value, length: _date(value, sign * length), parts)
    return strict(lambda value, length: value + sign * length, parts)


def _date(value: date, length: timedelta) -> date:
    return (midnight(value) + length).date()


_MONTHS = {"YEAR": 12, "QUARTER": 3, "MONTH": 1}


def _interval(context: Context, names: Names, node: exp.Expr) -> Compute:
    ms = interval_ms(node)
    if ms is not None:
        return constant(timedelta(milliseconds=ms))
    unit = node.args.get("unit")
    word = unit.name.upper().removesuffix("S") if unit.__class__ is exp.Var else ""
    amount = node.args["this"].name
    if word not in _MONTHS or not amount.lstrip("-").isdigit():
        raise CannotRun(f"INTERVAL '{amount}' of several units", node)
    return constant(int(amount) * _MONTHS[word])


def _literal(context: Context, names: Names, node: exp.Expr) -> Compute:
    text = node.args["this"]
    if node.args.get("is_string"):
        return constant(text)
    kind = shape(context.type(node)).name
    if kind in WIDTHS:
        return constant(int(text))
    return constant(Decimal(text) if kind == "DECIMAL" else float(text))


def _negated(context: Context, names: Names, node: exp.Expr) -> Compute:
    kind = shape(context.type(node)).name
    value = compute(context, names, node.args["this"])
    if kind in WIDTHS:
        return strict(lambda one: wrap(-one, kind), [value])
    return strict(operator.neg, [value])


def _concat(context: Context, names: Names, node: exp.Expr) -> Compute:
    sides: list[exp.Expr] = []
    while node.__class__ is exp.DPipe:
        sides.append(node.args["expression"])
        node = node.args["this"]
    sides.append(node)
    parts = [as_text(context, names, side) for side in reversed(sides)]
    return strict(lambda *texts: "".join(texts), parts)


def as_text(context: Context, names: Names, node: exp.Expr) -> Compute:
    """An expression as a text."""
    given = context.type(node)
    value = compute(context, names, node)
    if is_text(given) or given == "NULL":
        return value
    function = cast(given, "STRING")
    if function is None:
        raise CannotRun(f"a {given} as a text", node)
    return strict(function, [value])


HANDLERS.update(
    {
        exp.Add: _arithmetic,
        exp.DPipe: _concat,
        exp.Div: _arithmetic,
        exp.Interval: _interval,
        exp.Literal: _literal,
        exp.Mod: _arithmetic,
        exp.Mul: _arithmetic,
        exp.Neg: _negated,
        exp.Sub: _arithmetic,
    }
)
