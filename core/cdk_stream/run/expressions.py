"""An expression of the tree -> what computes it for a row."""

from __future__ import annotations

from collections.abc import Callable
from operator import itemgetter
from typing import Any

from sqlglot import exp

from cdk_stream.run.names import Context, Names, locate
from cdk_stream.run.refusal import CannotRun
from cdk_stream.run.rows import Row
from cdk_stream.run.step import Compute
from cdk_stream.sql.spelling import shape

Handler = Callable[[Context, Names, exp.Expr], Compute]
HANDLERS: dict[type, Handler] = {}
"""Filled by the modules that know the nodes."""


def compute(context: Context, names: Names, node: exp.Expr) -> Compute:
    """What computes `node` for a row of `names`; raises CannotRun."""
    if names.computed:
        known = context.trace.get(id(node))
        place = names.computed.get(known.spelling) if known is not None else None
        if place is not None:
            return itemgetter(place)
    handler = HANDLERS.get(node.__class__)
    if handler is None:
        raise CannotRun(f"'{node.key.upper()}'", node)
    return handler(context, names, node)


def constant(value: Any) -> Compute:
    """The same for every row."""
    return lambda row: value


def strict(function: Callable[..., Any], parts: list[Compute]) -> Compute:
    """`function` of the parts; NULL when one of them is NULL."""
    if len(parts) == 1:
        (one,) = parts

        def unary(row: Row) -> Any:
            value = one(row)
            return None if value is None else function(value)

        return unary
    if len(parts) == 2:
        left, right = parts

        def binary(row: Row) -> Any:
            first = left(row)
            if first is None:
                return None
            second = right(row)
            return None if second is None else function(first, second)

        return binary

    def many(row: Row) -> Any:
        values = [part(row) for part in parts]
        return None if None in values else function(*values)

    return many


def _column(context: Context, names: Names, node: exp.Expr) -> Compute:
    found = locate(names, node)
    if found is None:
        raise CannotRun(f"a sub-query that names '{node.sql()}' of the query around it", node)
    place, fields = found
    if isinstance(place, tuple):
        start = _either(*place)
    else:
        start = itemgetter(place)
        if not fields:
            return start
    type_ = names.columns[place[0] if isinstance(place, tuple) else place].type
    for name in fields:
        start, type_ = field(start, type_, name, node)
    return start


def _either(one: int, other: int) -> Compute:
    def merged(row: Row) -> Any:
        value = row[one]
        return row[other] if value is None else value

    return merged


def field(inner: Compute, type_: str, name: str, node: exp.Expr) -> tuple[Compute, str]:
    """A field of a row, and its type."""
    kind = shape(type_)
    for index, part in enumerate(kind.parts):
        if kind.name == "ROW" and part.name == name:
            return strict(itemgetter(index), [inner]), part.type
    raise CannotRun(f"the field '{name}' of {type_ or 'an unknown type'}", node)


def _dot(context: Context, names: Names, node: exp.Expr) -> Compute:
    inner = node.args["this"]
    name = node.args["expression"].name
    return field(compute(context, names, inner), context.type(inner), name, node)[0]


def _bracket(context: Context, names: Names, node: exp.Expr) -> Compute:
    inner = node.args["this"]
    kind = shape(context.type(inner)).name
    index = compute(context, names, node.args["expressions"][0])
    return strict(_item if kind == "ARRAY" else _entry, [compute(context, names, inner), index])


def _item(items: tuple[Any, ...], index: int) -> Any:
    return items[index - 1] if 0 < index <= len(items) else None


def _entry(entries: dict[Any, Any], key: Any) -> Any:
    return entries.get(key)


def _paren(context: Context, names: Names, node: exp.Expr) -> Compute:
    return compute(context, names, node.args["this"])


def _null(context: Context, names: Names, node: exp.Expr) -> Compute:
    return constant(None)


def _boolean(context: Context, names: Names, node: exp.Expr) -> Compute:
    return constant(bool(node.args["this"]))


def _tuple(context: Context, names: Names, node: exp.Expr) -> Compute:
    parts = [compute(context, names, part) for part in node.args["expressions"]]
    return lambda row: tuple([part(row) for part in parts])


HANDLERS.update(
    {
        exp.Boolean: _boolean,
        exp.Bracket: _bracket,
        exp.Column: _column,
        exp.Dot: _dot,
        exp.Null: _null,
        exp.Paren: _paren,
        exp.Tuple: _tuple,
    }
)
