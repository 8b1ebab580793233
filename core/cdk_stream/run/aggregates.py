"""Aggregate calls of a query, and the state of one group."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlglot import exp

from cdk_stream.run.accumulators import Accumulator, Distinct, Held, Maker, maker
from cdk_stream.run.calls import without_python
from cdk_stream.run.casts import coerced
from cdk_stream.run.expressions import compute
from cdk_stream.run.names import Context, Names
from cdk_stream.run.refusal import CannotRun
from cdk_stream.run.rows import Row
from cdk_stream.run.step import Compute
from cdk_stream.sql.functions import AGGREGATES
from cdk_stream.sql.resolve.calls import name_of
from cdk_stream.sql.spelling import shape


@dataclass(slots=True)
class Aggregate:
    """One aggregate call: where its value comes from, and what makes its state."""

    name: str
    type: str
    make: Maker
    value: Compute | None
    """None for COUNT(*)."""
    condition: Compute | None
    keeps_null: bool


def calls_in(context: Context, nodes: list[exp.Expr]) -> Iterator[exp.Expr]:
    """The aggregate calls within expressions, with their FILTER, none inside another."""
    for node in nodes:
        if node.__class__ in (exp.Window, exp.Subquery, exp.Select, exp.Exists):
            continue
        inner = node.args["this"] if node.__class__ is exp.Filter else node
        if _is_call(context, inner):
            yield node
        else:
            yield from calls_in(context, list(node.iter_expressions()))


def _is_call(context: Context, node: exp.Expr) -> bool:
    if node.__class__ is not exp.Anonymous:
        return False
    return name_of(node).upper() in AGGREGATES or _own(context, node) is not None


def _own(context: Context, node: exp.Expr) -> str | None:
    """The name of the project's aggregate function that is called, if it is one."""
    called = name_of(node).lower()
    for name, spec in context.specs.items():
        if spec.kind == "aggregate" and name.lower() == called:
            return name
    return None


def aggregate(
    context: Context, names: Names, node: exp.Expr, updating: bool, type_: str = ""
) -> Aggregate:
    """What an aggregate call needs; raises CannotRun.

    `updating` says that rows leave again; `type_` is the type of the result when it is not that of
    the call itself.
    """
    condition = None
    type_ = type_ or context.value(node).type
    call = node
    if node.__class__ is exp.Filter:
        condition = compute(context, names, node.args["expression"].args["this"])
        call = node.args["this"]
    own = _own(context, call)
    if own is not None:
        return _own_aggregate(context, names, call, own, condition)
    name = name_of(call).upper()
    arguments: list[exp.Expr] = list(call.args.get("expressions") or ())
    distinct = name == "APPROX_COUNT_DISTINCT"
    if arguments and arguments[0].__class__ is exp.Distinct:
        distinct = True
        arguments = list(arguments[0].args["expressions"])
    if name == "COUNT" and (not arguments or arguments[0].__class__ is exp.Star):
        return Aggregate(name, type_, maker(name, "", type_, updating), None, condition, False)
    value, given, separator = _value(context, names, name, arguments, type_)
    make = _made(node, name, given, type_, updating, separator)
    if distinct and name not in ("MIN", "MAX"):
        return Aggregate(name, type_, lambda: Distinct(make()), value, condition, False)
    return Aggregate(name, type_, make, value, condition, name == "ARRAY_AGG")


def _own_aggregate(
    context: Context, names: Names, call: exp.Expr, name: str, condition: Compute | None
) -> Aggregate:
    """A function of the project that is given the list of a group's values, NULL among them."""
    function = context.functions.get(name)
    if function is None:
        raise without_python(name, call)
    parts = [compute(context, names, part) for part in call.args.get("expressions") or ()]
    value: Compute = parts[0] if len(parts) == 1 else lambda row: tuple([p(row) for p in parts])
    answer = function.answer
    return Aggregate(
        name,
        function.returns,
        lambda: Held(lambda values: answer((values,))),
        value,
        condition,
        True,
    )


def _made(
    node: exp.Expr, name: str, given: str, wanted: str, updating: bool, separator: str
) -> Maker:
    try:
        return maker(name, given, wanted, updating, separator)
    except CannotRun as refusal:
        raise CannotRun(refusal.feature, node) from None


def _value(
    context: Context, names: Names, name: str, arguments: list[exp.Expr], wanted: str
) -> tuple[Compute, str, str]:
    if any(argument.__class__ in (exp.Order, exp.Kwarg) for argument in arguments):
        raise CannotRun(f"{name} in an order of its own", arguments[0])
    first = arguments[0]
    given = context.type(first)
    if name == "LISTAGG":
        separator = arguments[1].name if len(arguments) > 1 else ","
        return compute(context, names, first), given, separator
    if len(arguments) > 1:
        if name != "COUNT":
            raise CannotRun(f"{name} of several columns", first)
        parts = [compute(context, names, argument) for argument in arguments]
        return _together(parts), given, ""
    if name in ("SUM", "AVG") and shape(wanted).name in ("DECIMAL", "DOUBLE", "FLOAT"):
        kind = shape(wanted).name
        return coerced(context, names, first, given if kind == "DECIMAL" else "DOUBLE"), given, ""
    return compute(context, names, first), given, ""


def _together(parts: list[Compute]) -> Compute:
    """Several columns as one value; NULL when one of them is NULL."""

    def together(row: Row) -> Any:
        values = tuple([part(row) for part in parts])
        return None if None in values else values

    return together


class Group:
    """The state of one group."""

    __slots__ = ("accumulators", "aggregates", "rows", "sent")

    def __init__(self, aggregates: list[Aggregate]) -> None:
        self.aggregates = aggregates
        self.accumulators: list[Accumulator] = [one.make() for one in aggregates]
        self.rows = 0
        self.sent: Row | None = None
        """The row that was sent last, for groups that are updated."""

    def take(self, row: Row, sign: int) -> None:
        """Add a row, or take it back."""
        self.rows += sign
        for one, state in zip(self.aggregates, self.accumulators, strict=True):
            if one.condition is not None and one.condition(row) is not True:
                continue
            value = None if one.value is None else one.value(row)
            if value is None and one.value is not None and not one.keeps_null:
                continue
            if sign > 0:
                state.add(value)
            else:
                state.retract(value)

    def results(self) -> Row:
        """The values of the aggregates."""
        return tuple([state.result() for state in self.accumulators])
