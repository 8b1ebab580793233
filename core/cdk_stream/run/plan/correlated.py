"""UNNEST and table functions: each row with the rows made of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlglot import exp

from cdk_stream.run.calls import own_function
from cdk_stream.run.expressions import compute
from cdk_stream.run.names import Column, Names
from cdk_stream.run.plan.flow import Flow, Plan
from cdk_stream.run.refusal import CannotRun
from cdk_stream.run.rows import Row
from cdk_stream.run.step import Spread, Step
from cdk_stream.sql.spelling import Shape, shape

Made = Callable[[Row], list[Row]]


@dataclass(slots=True)
class Correlated:
    """The rows after it, and the table that came to their right."""

    flow: Flow
    right: Flow


def correlated(
    plan: Plan, this: exp.Expr, left: Flow, names: Names, side: str, on: exp.Expr | None
) -> Correlated:
    """`CROSS JOIN UNNEST(x)`, `LEFT JOIN LATERAL TABLE(f(x)) ON TRUE`."""
    if side not in ("", "LEFT"):
        raise CannotRun(f"{side} JOIN of UNNEST or LATERAL", this)
    if on is not None and on.__class__ is not exp.Boolean:
        raise CannotRun("UNNEST or LATERAL with a condition", on)
    inner = this.args["this"] if this.__class__ is exp.Lateral else this
    if inner.__class__ is exp.Unnest:
        columns, made = _unnest(plan, inner, names)
    elif inner.__class__ is exp.Anonymous:
        columns, made = _function(plan, inner, names)
    else:
        raise CannotRun("LATERAL (SELECT ...)", this)
    nothing: Row = (None,) * len(columns)
    padded = side == "LEFT"

    def spread(row: Row) -> list[Row]:
        found = made(row)
        if not found and padded:
            found = [nothing]
        return [(*row, *one) for one in found]

    right = Flow(columns, Step())
    flow = left.then(Spread(spread), [*left.columns, *columns])
    return Correlated(flow, right)


def _unnest(plan: Plan, node: exp.Expr, names: Names) -> tuple[list[Column], Made]:
    (argument, *more) = node.args["expressions"]
    if more:
        raise CannotRun("UNNEST of several arrays", node)
    numbered = bool(node.args.get("offset") or node.args.get("ordinality"))
    value = compute(plan.context, names, argument)
    columns, items = _items(shape(plan.context.type(argument)), node)

    def made(row: Row) -> list[Row]:
        held = value(row)
        found = [] if held is None else items(held)
        return [(*one, index) for index, one in enumerate(found, 1)] if numbered else found

    if numbered:
        columns.append(Column("ORDINALITY", "INT"))
    return columns, made


def _items(kind: Shape, node: exp.Expr) -> tuple[list[Column], Callable[..., list[Row]]]:
    if kind.name == "MAP":
        key, held = kind.parts
        columns = [Column("KEY", key.type), Column("VALUE", held.type)]
        return columns, lambda entries: list(entries.items())
    if kind.name != "ARRAY":
        raise CannotRun(f"UNNEST of {kind.name}", node)
    inner = shape(kind.parts[0].type)
    if inner.name == "ROW":
        width = len(inner.parts)
        columns = [Column(part.name, part.type) for part in inner.parts]
        return columns, lambda items: [(None,) * width if one is None else one for one in items]
    return [Column("EXPR$0", kind.parts[0].type)], lambda items: [(one,) for one in items]


def _function(plan: Plan, node: exp.Expr, names: Names) -> tuple[list[Column], Made]:
    call, returns = own_function(plan.context, names, node)
    kind = shape(returns)
    single = kind.name != "ROW"
    columns = (
        [Column("EXPR$0", returns)]
        if single
        else [Column(part.name, part.type) for part in kind.parts]
    )

    def made(row: Row) -> list[Row]:
        found = call(row) or ()
        return [(one,) for one in found] if single else list(found)

    return columns, made
