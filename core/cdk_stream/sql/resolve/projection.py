"""The select list: stars, names, groups, and how a query ends."""

from __future__ import annotations

from collections.abc import Iterable

from sqlglot import exp

from cdk_stream.problems import near
from cdk_stream.sql.functions import AGGREGATES, WINDOW_PROPERTIES
from cdk_stream.sql.resolve import fitting, flow, names, sets
from cdk_stream.sql.resolve.calls import name_of
from cdk_stream.sql.resolve.evaluate import evaluate
from cdk_stream.sql.resolve.flow import Flow, projected
from cdk_stream.sql.resolve.grouping import Grouped
from cdk_stream.sql.resolve.scope import Rows, Run, Scope, Selected
from cdk_stream.sql.resolve.value import Value
from cdk_stream.sql.spelling import shape


def columns(run: Run, scope: Scope, node: exp.Expr, outermost: bool) -> dict[str, Value]:
    """The columns of the select list by name, in order."""
    found: dict[str, Value] = {}
    for item in node.args["expressions"]:
        kind = item.__class__
        if kind is exp.Alias:
            name = item.args["alias"].args["this"]
            names.check_alias(run, item.args["alias"])
            inner = item.args["this"]
        else:
            inner = item
            if kind is exp.Star or _is_star(item):
                _add_star(run, scope, item, found, outermost)
                continue
            name = _name(item, len(found))
        value = evaluate(run, scope, inner)
        if inner.__class__ is not exp.Column:
            run.features.add("computed")
            fitting.no_null(run, inner, (value,))
        if name in found:
            scope.twice.add(name)
            name = _twice(run, item, name, found, outermost)
        found[name] = value
        if outermost and name.startswith("EXPR$"):
            _unnamed(run, inner, len(found))
    if len(node.args["expressions"]) > 1 or node.args["expressions"][0].__class__ is not exp.Star:
        run.features.add("projection")
    return found


def _is_star(item: exp.Expr) -> bool:
    return item.__class__ is exp.Column and item.args["this"].__class__ is exp.Star


def _name(item: exp.Expr, index: int) -> str:
    if item.__class__ is exp.Column:
        return str(item.args["this"].args["this"])
    if item.__class__ is exp.Dot and item.args["expression"].__class__ is exp.Identifier:
        return str(item.args["expression"].name)
    return f"EXPR${index}"


def _unnamed(run: Run, item: exp.Expr, number: int) -> None:
    message = f"column {number} has no name of its own"
    run.tell(names.offset_of(item), "CS442", message, "name it: ... AS name", "warning")


def _twice(run: Run, item: exp.Expr, name: str, found: dict[str, Value], outermost: bool) -> str:
    """Another name for a second column called `name`, as Flink finds one in sub-queries."""
    if outermost:
        message = f"two columns are called '{name}'"
        run.tell(names.offset_of(item), "CS442", message, "give one another name: ... AS other")
    number = 0
    while f"{name}{number}" in found:
        number += 1
    return f"{name}{number}"


def _add_star(
    run: Run, scope: Scope, item: exp.Expr, found: dict[str, Value], outermost: bool
) -> None:
    for name, value in _starred(run, scope, item):
        called = _twice(run, item, name, found, outermost) if name in found else name
        found[called] = value
        scope.columns.append(item)


def _starred(run: Run, scope: Scope, item: exp.Expr) -> Iterable[tuple[str, Value]]:
    if item.__class__ is exp.Star:
        _check_except(run, item)
        yield from scope.merged.items()
        for rows in scope.rows:
            names.check_twice(run, rows, rows.twice, item)
            yield from _all(rows, scope.merged)
        return
    qualifier = item.args["table"].name
    for rows in scope.rows if item.args.get("db") is None else ():
        if qualifier in (rows.name, rows.node):
            names.check_twice(run, rows, rows.twice, item)
            yield from _all(rows, {})
            return
    row = _row(run, scope, item)
    if row is not None and shape(row.type).name == "ROW":
        for part in shape(row.type).parts:
            yield part.name, names.field(run, row, part.name, names.offset_of(item))
        return
    known = [rows.name for rows in scope.rows if rows.name]
    message = f"unknown table '{qualifier}'"
    run.tell(names.offset_of(item), "CS412", message, near(qualifier, known))


def _row(run: Run, scope: Scope, item: exp.Expr) -> Value | None:
    """The row that `row.*` or `t.row.*` takes apart."""
    table, args = item.args["table"], item.args
    if args.get("db") is None:
        return names.bare(run, scope, table.name, table)
    path = exp.Column(this=table, table=args["db"])
    if args.get("catalog") is not None:
        path = exp.Column(this=table, table=args["db"], db=args["catalog"])
    return names.column(run, scope, path)


def _check_except(run: Run, item: exp.Expr) -> None:
    if any(item.args.values()):
        run.tell(names.offset_of(item), "CS443", "'*' takes no EXCEPT or REPLACE in Flink SQL")


def _all(rows: Rows, without: dict[str, Value]) -> Iterable[tuple[str, Value]]:
    for name in rows.names():
        value = rows.get(name)
        if value is not None and name not in without:
            yield name, value


def check_groups(run: Run, scope: Scope, node: exp.Expr, grouped: Grouped) -> None:
    """Tell columns that are neither grouped nor aggregated."""
    keys = grouped.spellings
    if grouped.unsure or all(_spelled(run, scope, column) in keys for column in scope.columns):
        return
    for item in node.args["expressions"]:
        inner = item.args["this"] if item.__class__ is exp.Alias else item
        _check_item(run, scope, inner, keys)
    having = node.args.get("having")
    if having is not None:
        _check_item(run, scope, having.args["this"], keys)


def _spelled(run: Run, scope: Scope, column: exp.Expr) -> str:
    if column.__class__ is exp.Star or _is_star(column):
        return "*"
    return names.column(run, scope, column).spelling


def _check_item(run: Run, scope: Scope, node: exp.Expr, keys: frozenset[str]) -> None:
    if node.__class__ in (exp.Select, exp.Subquery, exp.Exists, exp.Literal):
        return
    if node.__class__ is exp.Anonymous and _aggregates(run, node):
        return
    if node.__class__ in _SPELLED and evaluate(run, scope, node).spelling in keys:
        return
    if node.__class__ in (exp.Column, exp.Star):
        name = "*" if node.__class__ is exp.Star else node.name
        message = f"'{name}' is neither grouped by nor in an aggregate"
        run.tell(names.offset_of(node), "CS446", message, "add it to GROUP BY, or aggregate it")
        return
    for child in node.iter_expressions():
        _check_item(run, scope, child, keys)


_SPELLED = frozenset((exp.Anonymous, exp.Column, exp.Case, exp.DPipe, exp.Bracket, exp.Dot)) | {
    *(exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Mod, exp.Neg),
    *(exp.Cast, exp.TryCast, exp.Is, exp.Not, exp.And, exp.Or),
    *(exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE, exp.Like, exp.Between, exp.In),
}


def _aggregates(run: Run, node: exp.Expr) -> bool:
    name = name_of(node)
    if name.upper() in AGGREGATES or name.upper() in WINDOW_PROPERTIES:
        return True
    spec = run.functions.get(name)
    return spec is not None and spec.kind == "aggregate"


def finished(
    run: Run,
    scope: Scope,
    node: exp.Expr,
    found: dict[str, Value],
    before: Flow,
    outermost: bool,
    spelling: str,
) -> Selected:
    """The query's result, after DISTINCT, ORDER BY and LIMIT."""
    if node.args.get("distinct") is not None:
        run.features.add("distinct")
        run.influence("group_by", *found.values())
        before = flow.keyed(tuple(value.spelling for value in found.values()))
        found = {n: v.copy(time="", nullable=v.nullable) for n, v in found.items()}
        spelling += " DISTINCT " + ", ".join(value.spelling for value in found.values())
    before, order = sets.order(run, scope, node, found, before, outermost)
    for rank in run.ranks:
        if rank.keys is None:
            rank.keys = _rank_keys(found, rank.partition)
    changelog, key = projected(before, found)
    open_nodes = _open(scope, node)
    inside = ", ".join([f"{value.spelling} {name}" for name, value in found.items()])
    told = f"FROM {spelling}{order}"
    twice = frozenset(scope.twice)
    return Selected(found, changelog, key, open_nodes, f"{inside} {told}", told, twice)


def _rank_keys(found: dict[str, Value], partition: tuple[str, ...]) -> tuple[str, ...] | None:
    names_of = {value.spelling: name for name, value in found.items()}
    if not all(part in names_of for part in partition):
        return None
    return tuple(names_of[part] for part in partition)


def _open(scope: Scope, node: exp.Expr) -> tuple[str, ...]:
    """The inputs whose unlisted columns come through a star."""
    nodes: dict[str, None] = {}
    for item in node.args["expressions"]:
        for rows in scope.rows if item.__class__ is exp.Star else ():
            nodes.update(dict.fromkeys(rows.open_nodes))
        if _is_star(item):
            for rows in scope.rows:
                if rows.name == item.args["table"].name and item.args.get("db") is None:
                    nodes.update(dict.fromkeys(rows.open_nodes))
    return tuple(nodes)
