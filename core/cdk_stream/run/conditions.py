"""Comparisons and what is made of them, with NULL as the third truth."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from sqlglot import exp

from cdk_stream.run.casts import coerced
from cdk_stream.run.expressions import HANDLERS, compute, strict
from cdk_stream.run.names import Context, Names
from cdk_stream.run.refusal import CannotRun
from cdk_stream.run.rows import Row
from cdk_stream.run.step import Compute
from cdk_stream.sql.spelling import shape
from cdk_stream.sql.types import is_numeric, is_text, is_time, widest

_COMPARED: dict[type, Callable[[Any, Any], bool]] = {
    exp.EQ: operator.eq,
    exp.NEQ: operator.ne,
    exp.LT: operator.lt,
    exp.LTE: operator.le,
    exp.GT: operator.gt,
    exp.GTE: operator.ge,
}


def together(context: Context, names: Names, nodes: list[exp.Expr]) -> list[Compute]:
    """Expressions as values that can be compared with each other."""
    types = [context.type(node) for node in nodes]
    wanted = _meeting(types)
    if not wanted:
        raise CannotRun(f"comparing {' with '.join(dict.fromkeys(types))}", nodes[0])
    return [coerced(context, names, node, wanted) for node in nodes]


def _meeting(types: list[str]) -> str:
    """The type in which values are compared; '' when this engine does not know."""
    told = [type_ for type_ in types if type_ != "NULL"]
    if len({shape(type_).name for type_ in told}) < 2 and not any("(" in one for one in told):
        return told[0] if told else "NULL"
    if any(is_text(one) for one in told) and not all(is_text(one) for one in told):
        others = {one for one in told if not is_text(one)}
        times = len(others) == 1 and all(is_time(one) or one == "DATE" for one in others)
        return others.pop() if times else ""
    if all(is_numeric(one) for one in told) and any(one in ("DOUBLE", "FLOAT") for one in told):
        return "DOUBLE"
    return widest(tuple(told))


def _comparison(context: Context, names: Names, node: exp.Expr) -> Compute:
    sides = [node.args["this"], node.args["expression"]]
    if any(side.__class__ in (exp.Any, exp.All) for side in sides):
        raise CannotRun("a comparison with ANY or ALL of a sub-query", node)
    return strict(_COMPARED[node.__class__], together(context, names, sides))


def _distinct(context: Context, names: Names, node: exp.Expr) -> Compute:
    left, right = together(context, names, [node.args["this"], node.args["expression"]])
    if node.__class__ is exp.NullSafeEQ:
        return lambda row: left(row) == right(row)
    return lambda row: left(row) != right(row)


def _flat(node: exp.Expr) -> list[exp.Expr]:
    kind, parts = node.__class__, []
    while node.__class__ is kind:
        parts.append(node.args["expression"])
        node = node.args["this"]
    return [node, *reversed(parts)]


def _and(context: Context, names: Names, node: exp.Expr) -> Compute:
    parts = [compute(context, names, part) for part in _flat(node)]

    def both(row: Row) -> bool | None:
        result: bool | None = True
        for part in parts:
            value = part(row)
            if value is False:
                return False
            if value is None:
                result = None
        return result

    return both


def _or(context: Context, names: Names, node: exp.Expr) -> Compute:
    parts = [compute(context, names, part) for part in _flat(node)]

    def either(row: Row) -> bool | None:
        result: bool | None = False
        for part in parts:
            value = part(row)
            if value is True:
                return True
            if value is None:
                result = None
        return result

    return either


def _not(context: Context, names: Names, node: exp.Expr) -> Compute:
    return strict(operator.not_, [compute(context, names, node.args["this"])])


def _is(context: Context, names: Names, node: exp.Expr) -> Compute:
    what = node.args["expression"]
    value = compute(context, names, node.args["this"])
    if what.__class__ is exp.Null:
        return lambda row: value(row) is None
    if what.__class__ is exp.Boolean:
        wanted = bool(what.args["this"])
        return lambda row: value(row) is wanted
    raise CannotRun(f"IS {what.name}", node)


def _between(context: Context, names: Names, node: exp.Expr) -> Compute:
    sides = [node.args["this"], node.args["low"], node.args["high"]]
    value, low, high = together(context, names, sides)
    symmetric = bool(node.args.get("symmetric"))

    def between(row: Row) -> bool | None:
        here, start, end = value(row), low(row), high(row)
        if symmetric and start is not None and end is not None and start > end:
            start, end = end, start
        return _all((here, start, operator.ge), (here, end, operator.le))

    return between


def _all(*parts: tuple[Any, Any, Callable[[Any, Any], bool]]) -> bool | None:
    result: bool | None = True
    for one, other, holds in parts:
        if one is None or other is None:
            result = None
        elif not holds(one, other):
            return False
    return result


def _in(context: Context, names: Names, node: exp.Expr) -> Compute:
    if node.args.get("query") is not None:
        raise CannotRun("IN (SELECT ...) inside an expression", node)
    value, *options = together(context, names, [node.args["this"], *node.args["expressions"]])
    if all(option.__class__ is exp.Literal for option in node.args["expressions"]):
        known = frozenset(option(()) for option in options)
        return strict(known.__contains__, [value])

    def among(row: Row) -> bool | None:
        here = value(row)
        if here is None:
            return None
        found = [option(row) for option in options]
        return True if here in found else None if None in found else False

    return among


def _like(context: Context, names: Names, node: exp.Expr, escape: str = "") -> Compute:
    negated = bool(node.args.get("negate"))
    parts = [compute(context, names, node.args[key]) for key in ("this", "expression")]
    return strict(
        lambda text, pattern: bool(_pattern(pattern, escape).match(text)) != negated, parts
    )


@lru_cache(maxsize=512)
def _pattern(text: str, escape: str) -> re.Pattern[str]:
    found, signs = "", iter(text)
    for sign in signs:
        if escape and sign == escape:
            found += re.escape(next(signs, ""))
        else:
            found += {"%": ".*", "_": "."}.get(sign) or re.escape(sign)
    return re.compile(found + r"\Z", re.DOTALL)


def _escape(context: Context, names: Names, node: exp.Expr) -> Compute:
    inner, sign = node.args["this"], node.args["expression"]
    if inner.__class__ is not exp.Like or sign.__class__ is not exp.Literal:
        raise CannotRun("ESCAPE with other than a text", node)
    return _like(context, names, inner, sign.name)


def _similar(context: Context, names: Names, node: exp.Expr) -> Compute:
    raise CannotRun("SIMILAR TO", node)


def _case(context: Context, names: Names, node: exp.Expr) -> Compute:
    wanted = context.type(node)
    subject = node.args.get("this")
    branches = []
    for branch in node.args["ifs"]:
        condition = branch.args["this"]
        if subject is None:
            test = compute(context, names, condition)
        else:
            test = strict(operator.eq, together(context, names, [subject, condition]))
        branches.append((test, coerced(context, names, branch.args["true"], wanted)))
    default = node.args.get("default")
    return chosen(branches, None if default is None else coerced(context, names, default, wanted))


def chosen(branches: list[tuple[Compute, Compute]], default: Compute | None) -> Compute:
    """The result of the first branch whose condition is true."""

    def choose(row: Row) -> Any:
        for test, result in branches:
            if test(row) is True:
                return result(row)
        return None if default is None else default(row)

    return choose


HANDLERS.update(dict.fromkeys(_COMPARED, _comparison))
HANDLERS.update(
    {
        exp.And: _and,
        exp.Between: _between,
        exp.Case: _case,
        exp.Escape: _escape,
        exp.In: _in,
        exp.Is: _is,
        exp.Like: _like,
        exp.Not: _not,
        exp.NullSafeEQ: _distinct,
        exp.NullSafeNEQ: _distinct,
        exp.Or: _or,
        exp.SimilarTo: _similar,
    }
)
