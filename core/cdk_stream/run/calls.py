"""Calls of Flink's scalar functions and of the project's own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlglot import exp

from cdk_stream.run.arithmetic import as_text, remainder
from cdk_stream.run.casts import cast, coerced
from cdk_stream.run.conditions import chosen, together
from cdk_stream.run.expressions import HANDLERS, compute, constant, strict
from cdk_stream.run.functions import STRICT
from cdk_stream.run.functions.json import find, scalar
from cdk_stream.run.functions.numbers import ceil, floor
from cdk_stream.run.functions.times import down, up
from cdk_stream.run.names import Context, Names
from cdk_stream.run.refusal import CannotRun
from cdk_stream.run.rows import Row
from cdk_stream.run.step import Compute
from cdk_stream.run.udf import PythonFunction
from cdk_stream.run.values import WIDTHS, Entries, reader
from cdk_stream.sql.functions import AGGREGATES, OVER_ONLY, SCALARS
from cdk_stream.sql.resolve.calls import name_of
from cdk_stream.sql.spelling import shape

Special = Callable[[Context, Names, exp.Expr, list[exp.Expr]], Compute]


def _call(context: Context, names: Names, node: exp.Expr) -> Compute:
    written = name_of(node)
    name = written.upper()
    arguments: list[exp.Expr] = list(node.args.get("expressions") or ())
    if written in context.specs or (name not in SCALARS and name in _upper(context)):
        return _own(context, names, node, written, arguments)
    special = _SPECIAL.get(name)
    if special is not None:
        return special(context, names, node, arguments)
    function = STRICT.get(name)
    if function is None:
        kind = "the aggregate" if name in AGGREGATES or name in OVER_ONLY else "the function"
        raise CannotRun(f"{kind} {name} here" if "agg" in kind else f"{kind} {name}", node)
    parts = [_argument(context, names, argument) for argument in arguments]
    if not parts:
        return constant(function())
    return _typed(context, node, strict(function, parts))


def _upper(context: Context) -> dict[str, str]:
    return {name.upper(): name for name in context.specs}


def _argument(context: Context, names: Names, node: exp.Expr) -> Compute:
    if node.__class__ in (exp.Kwarg, exp.Star, exp.Distinct, exp.Order):
        raise CannotRun(f"'{node.key.upper()}' as an argument", node)
    if node.__class__ is exp.Literal and node.args.get("is_string"):
        return constant(node.args["this"])
    return compute(context, names, node)


def _typed(context: Context, node: exp.Expr, value: Compute) -> Compute:
    """Numbers cut to the type that the call has."""
    type_ = context.value(node).type
    if shape(type_).name in WIDTHS or shape(type_).name == "DECIMAL":
        function = cast("BIGINT" if shape(type_).name in WIDTHS else "DECIMAL(38, 18)", type_)
        if function is not None and shape(type_).name == "DECIMAL":
            return strict(function, [value])
    return value


def _own(
    context: Context, names: Names, node: exp.Expr, written: str, arguments: list[exp.Expr]
) -> Compute:
    """A scalar function of the project."""
    function, parts = _declared(context, names, node, written, arguments)
    if function.kind != "scalar":
        raise CannotRun(f"the {function.kind} function '{function.name}' here", node)
    return lambda row: function.answer(tuple([part(row) for part in parts]))


def own_function(
    context: Context, names: Names, node: exp.Expr
) -> tuple[Callable[[Row], Any], str]:
    """A table function of the project: what gives its rows, and the type of one."""
    arguments: list[exp.Expr] = list(node.args.get("expressions") or ())
    function, parts = _declared(context, names, node, name_of(node), arguments)
    if function.kind != "table":
        raise CannotRun(f"the {function.kind} function '{function.name}' as a table", node)
    return lambda row: function.answers(tuple([part(row) for part in parts])), function.returns


def without_python(name: str, node: exp.Expr) -> CannotRun:
    """What to raise for a function of the project that only Flink can call."""
    mend = f"write functions/{name.lower()}.py with def {name.lower()}(...)"
    return CannotRun(f"the function '{name}', which has no Python,", node, mend)


def _declared(
    context: Context, names: Names, node: exp.Expr, written: str, arguments: list[exp.Expr]
) -> tuple[PythonFunction, list[Compute]]:
    name = written if written in context.specs else _upper(context).get(written.upper(), written)
    function = context.functions.get(name)
    if function is None:
        raise without_python(name, node)
    parts: list[Compute] = []
    for argument in arguments:
        parts += _own_argument(context, names, argument)
    return function, parts


def _own_argument(context: Context, names: Names, node: exp.Expr) -> list[Compute]:
    """An argument; `t.*` is every column of the table."""
    if node.__class__ is exp.Column and node.args["this"].__class__ is exp.Star:
        called = node.args["table"].name
        for table in names.tables:
            if called in (table.name, table.node):
                width = range(table.start, table.start + len(table.columns))
                return [_at(place) for place in width]
    return [_argument(context, names, node)]


def _at(place: int) -> Compute:
    return lambda row: row[place]


def _coalesce(context: Context, names: Names, node: exp.Expr, arguments: list[exp.Expr]) -> Compute:
    wanted = context.type(node)
    parts = [coerced(context, names, argument, wanted) for argument in arguments]

    def first(row: Row) -> Any:
        for part in parts:
            value = part(row)
            if value is not None:
                return value
        return None

    return first


def _if(context: Context, names: Names, node: exp.Expr, arguments: list[exp.Expr]) -> Compute:
    wanted = context.type(node)
    test = compute(context, names, arguments[0])
    yes, no = (coerced(context, names, one, wanted) for one in arguments[1:])
    return chosen([(test, yes)], no)


def _nullif(context: Context, names: Names, node: exp.Expr, arguments: list[exp.Expr]) -> Compute:
    one, other = together(context, names, arguments)
    value = compute(context, names, arguments[0])

    def unless(row: Row) -> Any:
        compared = one(row)
        return None if compared is not None and compared == other(row) else value(row)

    return unless


def _extreme(pick: Callable[..., Any]) -> Special:
    def most(context: Context, names: Names, node: exp.Expr, arguments: list[exp.Expr]) -> Compute:
        wanted = context.type(node)
        parts = [coerced(context, names, argument, wanted) for argument in arguments]
        return strict(pick, parts) if len(parts) > 1 else parts[0]

    return most


def _concat(context: Context, names: Names, node: exp.Expr, arguments: list[exp.Expr]) -> Compute:
    parts = [as_text(context, names, argument) for argument in arguments]
    return strict(lambda *texts: "".join(texts), parts)


def _concat_ws(
    context: Context, names: Names, node: exp.Expr, arguments: list[exp.Expr]
) -> Compute:
    sign, *parts = [as_text(context, names, argument) for argument in arguments]

    def joined(row: Row) -> Any:
        between = sign(row)
        if between is None:
            return None
        return between.join([text for part in parts if (text := part(row)) is not None])

    return joined


def _literal(context: Context, names: Names, node: exp.Expr, arguments: list[exp.Expr]) -> Compute:
    """`TIMESTAMP '2026-01-01 00:00:00'`, and DATE(x) as a call."""
    type_ = context.type(node)
    (argument,) = arguments
    if argument.__class__ is not exp.Literal:
        raise CannotRun(f"{name_of(node).upper()} of other than a text", node)
    return constant(reader(type_)(argument.name))


def _floor(context: Context, names: Names, node: exp.Expr, arguments: list[exp.Expr]) -> Compute:
    first = name_of(node).upper() == "FLOOR"
    parts = [_argument(context, names, argument) for argument in arguments]
    if len(parts) == 1:
        return strict(floor if first else ceil, parts)
    return strict(down if first else up, parts)


def _mod(context: Context, names: Names, node: exp.Expr, arguments: list[exp.Expr]) -> Compute:
    kinds = {shape(context.type(argument)).name for argument in arguments}
    if not kinds <= WIDTHS.keys():
        raise CannotRun("MOD of other than integers", node)
    return strict(remainder, [compute(context, names, argument) for argument in arguments])


def _row(context: Context, names: Names, node: exp.Expr, arguments: list[exp.Expr]) -> Compute:
    parts = [compute(context, names, argument) for argument in arguments]
    return lambda row: tuple([part(row) for part in parts])


def _array(context: Context, names: Names, node: exp.Expr, arguments: list[exp.Expr]) -> Compute:
    inner = shape(context.type(node)).parts[0].type
    parts = [coerced(context, names, argument, inner) for argument in arguments]
    return lambda row: tuple([part(row) for part in parts])


def _map(context: Context, names: Names, node: exp.Expr, arguments: list[exp.Expr]) -> Compute:
    kinds = shape(context.type(node)).parts
    parts = [
        coerced(context, names, argument, kinds[index % 2].type)
        for index, argument in enumerate(arguments)
    ]
    pairs = list(zip(parts[::2], parts[1::2], strict=True))
    return lambda row: Entries((key(row), value(row)) for key, value in pairs)


def _json_value(
    context: Context, names: Names, node: exp.Expr, arguments: list[exp.Expr]
) -> Compute:
    if len(arguments) > 3 or (len(arguments) == 3 and not arguments[2].name.startswith("RETURN")):
        raise CannotRun("JSON_VALUE with ON EMPTY or ON ERROR", node)
    type_ = context.type(node)
    function = cast("STRING", type_)
    if function is None:
        raise CannotRun(f"JSON_VALUE RETURNING {type_}", node)
    parts = [_argument(context, names, argument) for argument in arguments[:2]]

    def value(text: str, path: str) -> Any:
        found = scalar(find(text, path))
        return None if found is None else function(found)

    return strict(value, parts)


def _json_plain(name: str) -> Special:
    def plain(context: Context, names: Names, node: exp.Expr, arguments: list[exp.Expr]) -> Compute:
        if len(arguments) > 2:
            raise CannotRun(f"{name} with ON ERROR or a wrapper", node)
        parts = [_argument(context, names, argument) for argument in arguments]
        return strict(STRICT[name], parts)

    return plain


_SPECIAL: dict[str, Special] = {
    "ARRAY": _array,
    "CEIL": _floor,
    "CEILING": _floor,
    "COALESCE": _coalesce,
    "CONCAT": _concat,
    "CONCAT_WS": _concat_ws,
    "DATE": _literal,
    "FLOOR": _floor,
    "GREATEST": _extreme(max),
    "IF": _if,
    "IFNULL": _coalesce,
    "JSON_EXISTS": _json_plain("JSON_EXISTS"),
    "JSON_QUERY": _json_plain("JSON_QUERY"),
    "JSON_VALUE": _json_value,
    "LEAST": _extreme(min),
    "MAP": _map,
    "MOD": _mod,
    "NULLIF": _nullif,
    "ROW": _row,
    "TIME": _literal,
    "TIMESTAMP": _literal,
    "TIMESTAMP_LTZ": _literal,
}

HANDLERS[exp.Anonymous] = _call
