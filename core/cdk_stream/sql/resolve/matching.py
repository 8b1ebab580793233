"""MATCH_RECOGNIZE: patterns of rows, and the measures taken of each match."""

from __future__ import annotations

import re

from sqlglot import exp

from cdk_stream.sql.resolve import flow, names
from cdk_stream.sql.resolve.evaluate import combine, evaluate
from cdk_stream.sql.resolve.flow import Flow
from cdk_stream.sql.resolve.scope import Rows, Run, Scope
from cdk_stream.sql.resolve.value import Value

_VARIABLE = re.compile(r"[A-Za-z_]\w*")


def match_recognize(
    run: Run, scope: Scope, node: exp.Expr, before: Flow, spelling: str
) -> tuple[Flow, str]:
    """Put the rows that matches give in the place of the table matched."""
    run.features.add("match_recognize")
    source = scope.rows[-1] if scope.rows else Rows("", run.tag("?"))
    if before.updating:
        message = "MATCH_RECOGNIZE takes no updating input"
        run.tell(names.offset_of(node), "CS437", message, "match on a stream that only appends")
    inner = _inside(run, scope, node, source)
    partition = [evaluate(run, inner, part) for part in node.args.get("partition_by") or ()]
    run.influence("group_by", *partition)
    times = _order(run, inner, node)
    for define in node.args.get("define") or ():
        run.influence("match", evaluate(run, inner, define.args["this"]))
    columns = {value.spelling.rsplit(".", 1)[-1]: value for value in partition}
    if "ALL ROWS" in (node.args["rows"].name if node.args.get("rows") else ""):
        columns.update({n: v for n in source.names() if (v := source.get(n)) is not None})
    for measure in node.args.get("measures") or ():
        alias = measure.args["this"]
        names.check_alias(run, alias.args.get("alias"))
        if alias.__class__ is exp.Alias:
            columns[alias.alias] = _measure(run, inner, alias.args["this"], times)
        else:
            run.tell(names.offset_of(alias), "CS442", "a measure has no name", "... AS name")
    alias = node.args.get("alias")
    name = alias.name if alias is not None else ""
    pattern = node.args["pattern"].name if node.args.get("pattern") else ""
    told = f"{spelling} MATCH ({' '.join(pattern.split())})"
    made = Rows(name, run.tag("q"), definitions=columns, spelling=told)
    scope.rows[-1:] = [made]
    inside = ", ".join(f"{value.spelling} {name}" for name, value in columns.items())
    defines = [d.sql() for d in node.args.get("define") or ()]
    return flow.APPEND, f"{told} {inside} DEFINE {'; '.join(defines)}"


def _inside(run: Run, scope: Scope, node: exp.Expr, source: Rows) -> Scope:
    """What DEFINE and MEASURES see: the input, and its rows under each pattern variable."""
    inner = Scope(None, scope.ctes)
    inner.aggregated = 1
    inner.rows.append(source)
    pattern = node.args["pattern"].name if node.args.get("pattern") else ""
    for variable in dict.fromkeys(_VARIABLE.findall(pattern)):
        inner.variables[variable] = source
    return inner


def _order(run: Run, inner: Scope, node: exp.Expr) -> list[Value]:
    clause = node.args.get("order")
    parts = clause.args["expressions"] if clause is not None else []
    values = [evaluate(run, inner, part.args["this"]) for part in parts]
    run.influence("sort", *values)
    if not values or values[0].time not in ("row", "proc"):
        offset = names.offset_of(parts[0]) if parts else names.offset_of(node)
        message = "MATCH_RECOGNIZE is ordered by a time attribute first"
        run.tell(offset, "CS435", message, "ORDER BY the event time of the table")
    return values


def _measure(run: Run, inner: Scope, node: exp.Expr, times: list[Value]) -> Value:
    value = evaluate(run, inner, node)
    value = value.copy(time="", nullable=value.nullable)
    if node.__class__ is exp.Anonymous and node.name.upper() == "MATCH_ROWTIME":
        type_ = times[0].type if node.args.get("expressions") and times else "TIMESTAMP(3)"
        value = combine(type_, False, value.spelling, times[:1])
        value.time = "row"
    return value
