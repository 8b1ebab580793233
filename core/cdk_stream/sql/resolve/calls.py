"""Resolves calls: Flink's functions, the project's, aggregates and OVER."""

from __future__ import annotations

from sqlglot import exp

from cdk_stream.problems import near
from cdk_stream.sql.analysis import Splice
from cdk_stream.sql.functions import (
    AGGREGATES,
    MATCHING,
    NAMES,
    NOT_ON_STREAMS,
    OVER_ONLY,
    SCALARS,
    WINDOW_PROPERTIES,
    Builtin,
    FunctionSpec,
)
from cdk_stream.sql.grammar.words import RESERVED
from cdk_stream.sql.resolve import fitting, names
from cdk_stream.sql.resolve.evaluate import chosen, combine, evaluate
from cdk_stream.sql.resolve.results import typed
from cdk_stream.sql.resolve.scope import Run, Scope
from cdk_stream.sql.resolve.value import Value, merged
from cdk_stream.sql.spelling import Part
from cdk_stream.sql.spelling import row as row_type
from cdk_stream.sql.template import quoted
from cdk_stream.sql.types import aggregate, normalise, shape, widest


def call(run: Run, scope: Scope, node: exp.Expr) -> Value:
    """The value of `name(...)`."""
    name = name_of(node)
    upper = name.upper()
    declared = declared_function(run, name) if run.functions else None
    if declared is not None:
        return _user(run, scope, node, *declared)
    builtin = MATCHING.get(upper) if scope.variables else None
    builtin = builtin or SCALARS.get(upper)
    special = _SPECIAL.get(upper)
    if special is not None:
        return special(run, scope, node, upper)
    if builtin is not None:
        return _scalar(run, scope, node, upper, builtin)
    if upper in AGGREGATES:
        return aggregated(run, scope, node, upper, AGGREGATES[upper])
    if upper in WINDOW_PROPERTIES:
        return _window_property(run, scope, node, upper)
    if upper in OVER_ONLY:
        run.tell(names.offset_of(node), "CS417", f"{upper} needs an OVER clause")
        return _scalar(run, scope, node, upper, OVER_ONLY[upper])
    return _unknown(run, scope, node, name)


def name_of(node: exp.Expr) -> str:
    return str(node.args["this"])


def declared_function(run: Run, name: str) -> tuple[str, FunctionSpec] | None:
    spec = run.functions.get(name)
    if spec is not None:
        return name, spec
    lower = name.lower()
    for other, spec in run.functions.items():
        if other.lower() == lower:
            return other, spec
    return None


def _unknown(run: Run, scope: Scope, node: exp.Expr, name: str) -> Value:
    mend = near(name.upper(), [*NAMES, *run.functions])
    if not mend:
        mend = "declare it under 'functions:' of the project file"
    run.tell(names.offset_of(node), "CS416", f"unknown function '{name}'", mend)
    values, _ = _arguments(run, scope, node, name)
    value = combine("", True, f"{name.upper()}({spelled(values)})", values)
    value.exact = False
    return value


def spelled(values: list[Value]) -> str:
    return ", ".join([value.spelling for value in values])


def _arguments(run: Run, scope: Scope, node: exp.Expr, name: str) -> tuple[list[Value], bool]:
    """The values of the arguments, `t.*` written out, and whether one is DISTINCT."""
    values: list[Value] = []
    distinct = False
    for argument in node.args.get("expressions") or ():
        if argument.__class__ is exp.Distinct:
            distinct = True
            values += [evaluate(run, scope, part) for part in argument.args["expressions"]]
        else:
            values += argument_values(run, scope, argument, name)
    return values, distinct


def argument_values(run: Run, scope: Scope, argument: exp.Expr, name: str) -> list[Value]:
    kind = argument.__class__
    if kind is exp.Column and argument.args["this"].__class__ is exp.Star:
        return _star(run, scope, argument, name)
    if kind is exp.Star:
        if name.upper() != "COUNT":
            message = f"'*' cannot be an argument of {name}"
            run.tell(names.offset_of(argument), "CS432", message, "name the table: t.*")
        return []
    if kind is exp.Order:
        order = [evaluate(run, scope, part.args["this"]) for part in argument.expressions]
        run.influence("sort", *order)
        return [evaluate(run, scope, argument.args["this"])]
    if kind is exp.Kwarg:
        return [evaluate(run, scope, argument.args["expression"])]
    return [evaluate(run, scope, argument)]


def _star(run: Run, scope: Scope, argument: exp.Expr, name: str) -> list[Value]:
    """`f(t.*)`, which Flink refuses: written out in what is shipped, and pinned thereby."""
    table = argument.args["table"]
    qualifier: str = table.args["this"]
    rows = next((rows for rows in scope.rows if rows.name == qualifier), None)
    offset = names.offset_of(table)
    if rows is None:
        known = [other.name for other in scope.rows if other.name]
        run.tell(offset, "CS412", f"unknown table '{qualifier}'", near(qualifier, known))
        return [names.nothing("*")]
    columns = [value for column in rows.names() if (value := rows.get(column)) is not None]
    if rows.open_nodes:
        message = f"'{qualifier}.*' cannot be written out: not all columns of its inputs are known"
        run.tell(offset, "CS432", message, "give its schema, or list the columns here")
        return [*columns, names.nothing("*")]
    end = _star_end(run, offset)
    if end:
        prefix = run.sql[offset : table.meta["end"] + 1]
        text = ", ".join(f"{prefix}.{_written(column)}" for column in rows.names())
        run.splices[Splice(offset, end, text)] = None
    count = len(columns)
    message = (
        f"'{qualifier}.*' in {name} is written out as {count} columns: Flink refuses '*' there"
    )
    run.once(offset, "CS431", message, "a new column of the input changes the call", "note")
    return columns


def _star_end(run: Run, offset: int) -> int:
    """The end of `t.*`, whose `t` starts at `offset`."""
    place = run.sql.find("*", offset)
    return place + 1 if run.sql[offset:place].rstrip().endswith(".") else 0


def _written(column: str) -> str:
    plain = column.isidentifier() and column.isascii() and column.upper() not in RESERVED
    return column if plain else quoted(column)


def _user(run: Run, scope: Scope, node: exp.Expr, name: str, spec: FunctionSpec) -> Value:
    run.features.add("udf")
    run.called.add(name)
    if spec.kind == "aggregate":
        scope.aggregates = True
        scope.aggregated += 1
    values, _ = _arguments(run, scope, node, name)
    if spec.kind == "aggregate":
        scope.aggregated -= 1
    if spec.kind == "table":
        message = f"{name} is a table function: it gives rows, not a value"
        run.tell(names.offset_of(node), "CS417", message, f"join it: LATERAL TABLE({name}(...))")
    kind = "mask" if spec.masks else _EDGE_OF[spec.kind]
    type_ = returned_type(run, node, name, spec)
    value = combine(type_, spec.nullable, f"{name.upper()}({spelled(values)})", values, kind)  # type: ignore[arg-type]
    if spec.masks and value.edges:
        value.ceiling = spec.masks
    return value


_EDGE_OF = {"scalar": "transformation", "aggregate": "aggregation", "table": "transformation"}


def returned_type(run: Run, node: exp.Expr, name: str, spec: FunctionSpec) -> str:
    try:
        return normalise(spec.returns)
    except ValueError as error:
        run.tell(names.offset_of(node), "CS445", f"function {name}: {error}")
        return ""


def _counted(run: Run, node: exp.Expr, name: str, builtin: Builtin, count: int) -> None:
    if not builtin.least <= count <= builtin.most:
        wanted = f"{builtin.least}"
        if builtin.most != builtin.least:
            wanted += f" to {builtin.most}" if builtin.most < 99 else " or more"
        noun = "argument" if wanted == "1" else "arguments"
        run.tell(names.offset_of(node), "CS417", f"{name} takes {wanted} {noun}, not {count}")


def _scalar(run: Run, scope: Scope, node: exp.Expr, name: str, builtin: Builtin) -> Value:
    values, _ = _arguments(run, scope, node, name)
    _counted(run, node, name, builtin, len(values))
    if name not in _TAKE_NULL:
        fitting.no_null(run, node, values)
    if builtin.takes:
        fitting.argument(run, node, name, builtin.takes, values)
    if name in NOT_ON_STREAMS:
        not_on_streams(run, node, name)
    type_ = typed(name, builtin.type, values, node)
    if name in _ALIKE:
        fitting.alike(run, node, name, values, dates=True)
    if name == "NULLIF" and len(values) == 2:
        fitting.comparable(run, node, "=", values[0], values[1])
    if name == "MOD" and any(value.type in _FLOATS for value in values):
        fitting.tell(run, node, "MOD takes whole or decimal numbers", "CAST to DECIMAL")
    if builtin.nulls == "args":
        nullable = any(value.nullable for value in values)
    elif builtin.nulls == "all":
        nullable = all(value.nullable for value in values)
    else:
        nullable = builtin.nulls == "always"
    return combine(type_, nullable, f"{name}({spelled(values)})", values)


_FLOATS = ("DOUBLE", "FLOAT")
_TAKE_NULL = frozenset(("COALESCE", "IFNULL", "NULLIF"))
_ALIKE = frozenset(("COALESCE", "IFNULL", "GREATEST", "LEAST"))
_INSTEAD = {"PREV": "LAST(x, 1)", "LEAD": "LAG with the order turned round, or MATCH_RECOGNIZE"}


def not_on_streams(run: Run, node: exp.Expr, name: str) -> None:
    """Tell a function that Flink refuses on a stream."""
    instead = _INSTEAD.get(name)
    mend = f"use {instead}" if instead else "compute it where the rows are stored"
    run.tell(names.offset_of(node), "CS443", f"{name} is refused on a stream", mend)


def aggregated(
    run: Run, scope: Scope, node: exp.Expr, name: str, builtin: Builtin, over: bool = False
) -> Value:
    if not over:
        if scope.aggregated and not scope.variables:
            mend = "aggregate in a query around this one"
            run.tell(names.offset_of(node), "CS417", f"{name} stands in another aggregate", mend)
        scope.aggregates = True
        scope.aggregated += 1
    values, distinct = _arguments(run, scope, node, name)
    if not over:
        scope.aggregated -= 1
    star = any(part.__class__ is exp.Star for part in node.args.get("expressions") or ())
    _counted(run, node, name, builtin, max(len(values), star))
    fitting.aggregates(run, node, name, values)
    inner = "*" if star else spelled(values)
    spelling = f"{name}({'DISTINCT ' if distinct else ''}{inner})"
    if builtin.nulls == "group":
        nullable = not (scope.grouped or over) or any(value.nullable for value in values)
    elif builtin.nulls == "args" or (name == "LAG" and len(values) == 3):
        nullable = any(value.nullable for value in values)
    else:
        nullable = builtin.nulls == "always"
    if builtin.edge == "none":
        return Value(builtin.type, nullable, {}, spelling)
    if builtin.type == "=0":
        type_ = aggregate(name, values[0].type) if values else ""
    else:
        type_ = typed(name, builtin.type, values, node)
    return combine(type_, nullable, spelling, values, builtin.edge)


def _window_property(run: Run, scope: Scope, node: exp.Expr, name: str) -> Value:
    """TUMBLE_START(ts, size) and its like, of a window that GROUP BY has."""
    window, what = WINDOW_PROPERTIES[name]
    scope.aggregated += 1
    values, _ = _arguments(run, scope, node, name)
    scope.aggregated -= 1
    called_as = f"{window}({spelled(values)})"
    if called_as not in scope.group_windows:
        message = f"{name} belongs to no window of GROUP BY"
        mend = f"group by {window} with the same arguments"
        run.tell(names.offset_of(node), "CS435", message, mend)
    time = {"ROWTIME": "row", "PROCTIME": "proc"}.get(what, "")
    base = values[0].type if values else ""
    type_ = "TIMESTAMP_LTZ(3)" if time == "proc" or (time and "LTZ" in base) else "TIMESTAMP(3)"
    edges = merged("transformation", values[:1])
    return Value(type_, False, edges, f"{what}({called_as})", True, time)


def cast(run: Run, scope: Scope, node: exp.Expr) -> Value:
    """CAST and TRY_CAST; the type is the text that the author wrote."""
    name = "CAST" if node.__class__ is exp.Cast else "TRY_CAST"
    value = evaluate(run, scope, node.args["this"])
    try:
        type_ = normalise(node.args["to"].args["kind"])
    except ValueError as error:
        run.tell(names.offset_of(node), "CS445", str(error))
        type_ = ""
    nullable = value.nullable or name == "TRY_CAST"
    result = combine(type_, nullable, f"{name}({value.spelling} AS {type_})", (value,))
    if value.fields and shape(type_).name == "ROW":
        parts = shape(type_).parts
        result.fields = {
            part.name: Value(part.type, True, field.edges, field.spelling, field.exact)
            for part, field in zip(parts, value.fields.values(), strict=False)
        }
    return result


def _if(run: Run, scope: Scope, node: exp.Expr, name: str) -> Value:
    values, _ = _arguments(run, scope, node, name)
    _counted(run, node, name, Builtin("widest", 3, 3), len(values))
    fitting.no_null(run, node, values[1:])
    fitting.truths(run, node, "IF", values[:1])
    fitting.alike(run, node, "IF", values[1:])
    unsure = any(value.nullable for value in values[:1])
    return chosen(values[:1], values[1:], f"IF({spelled(values)})", unsure)


def _row(run: Run, scope: Scope, node: exp.Expr, name: str) -> Value:
    return row(run, scope, _arguments(run, scope, node, name)[0])


def row(run: Run, scope: Scope, values: list[Value]) -> Value:
    """ROW(a, b): its parts stay known one by one."""
    fields = {f"EXPR${index}": value for index, value in enumerate(values)}
    known = all(value.type for value in values)
    parts = [Part(name, value.type, value.nullable) for name, value in fields.items()]
    result = combine(row_type(parts) if known else "", False, f"ROW({spelled(values)})", values)
    result.fields = fields
    return result


def _array(run: Run, scope: Scope, node: exp.Expr, name: str) -> Value:
    values, _ = _arguments(run, scope, node, name)
    inner = widest(tuple([value.type for value in values]))
    if inner == "NULL":
        fitting.no_null(run, node, values[:1])
    return combine(f"ARRAY<{inner}>" if inner else "", False, f"ARRAY[{spelled(values)}]", values)


def _map(run: Run, scope: Scope, node: exp.Expr, name: str) -> Value:
    values, _ = _arguments(run, scope, node, name)
    key = widest(tuple([value.type for value in values[::2]]))
    inner = widest(tuple([value.type for value in values[1::2]]))
    told = key and inner and "NULL" not in (key, inner)
    type_ = f"MAP<{key}, {inner}>" if told else ""
    return combine(type_, False, f"MAP[{spelled(values)}]", values)


def _json_value(run: Run, scope: Scope, node: exp.Expr, name: str) -> Value:
    value = _scalar(run, scope, node, name, SCALARS[name])
    for argument in node.args.get("expressions") or ():
        if argument.__class__ is exp.Literal and argument.name.startswith("RETURNING "):
            try:
                value.type = normalise(argument.name.removeprefix("RETURNING "))
            except ValueError as error:
                run.tell(names.offset_of(node), "CS445", str(error))
    return value


def _proctime(run: Run, scope: Scope, node: exp.Expr, name: str) -> Value:
    return Value("TIMESTAMP_LTZ(3)", False, {}, "PROCTIME()", True, "proc")


_SPECIAL = {
    "ARRAY": _array,
    "IF": _if,
    "JSON_VALUE": _json_value,
    "MAP": _map,
    "PROCTIME": _proctime,
    "ROW": _row,
}
