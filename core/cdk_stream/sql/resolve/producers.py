"""Table functions: what each row they give is made of."""

from __future__ import annotations

from collections.abc import Callable

from sqlglot import exp

from cdk_stream.problems import near
from cdk_stream.sql.resolve import names
from cdk_stream.sql.resolve.calls import (
    argument_values,
    declared_function,
    name_of,
    returned_type,
    spelled,
)
from cdk_stream.sql.resolve.evaluate import combine
from cdk_stream.sql.resolve.scope import Rows, Run, Scope
from cdk_stream.sql.resolve.value import Value

_DESCRIBING = frozenset(("DESCRIPTOR", "PARTITION_KEYS"))


def table_call(run: Run, scope: Scope, node: exp.Expr, data: Callable[[exp.Expr], Rows]) -> Value:
    """What each row of a table function is made of; tables it takes count with every column."""
    name = name_of(node)
    declared = declared_function(run, name) if run.functions else None
    values: list[Value] = []
    for argument in node.args.get("expressions") or ():
        inner = argument.args["expression"] if argument.__class__ is exp.Kwarg else argument
        values += _table_argument(run, scope, inner, name, data)
    spelling = f"{name.upper()}({spelled(values)})"
    if declared is None:
        mend = near(name, run.functions) or "declare it under 'functions:' of the project file"
        run.tell(names.offset_of(node), "CS416", f"unknown table function '{name}'", mend)
        return combine("", True, spelling, values)
    name, spec = declared
    run.features.add("udf")
    run.called.add(name)
    return combine(returned_type(run, node, name, spec), True, spelling, values)


def _table_argument(
    run: Run, scope: Scope, node: exp.Expr, name: str, data: Callable[[exp.Expr], Rows]
) -> list[Value]:
    if node.__class__ is exp.Column and node.args.get("table") is None:
        identifier = node.args["this"]
        if identifier.__class__ is exp.Star:
            return []
        if identifier.meta.get("start") in run.references or identifier.name in scope.ctes:
            rows = data(node)
            return [value for column in rows.names() if (value := rows.get(column)) is not None]
    if node.__class__ is exp.Anonymous and node.name.upper() in _DESCRIBING:
        return []
    return argument_values(run, scope, node, name)
