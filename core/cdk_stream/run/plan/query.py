"""A query, clause by clause, in the order in which Flink runs them."""

from __future__ import annotations

from operator import itemgetter

from sqlglot import exp

from cdk_stream.run import arithmetic, calls, casts, conditions
from cdk_stream.run.expressions import compute, field
from cdk_stream.run.groups import Distinct
from cdk_stream.run.names import Column, Names
from cdk_stream.run.order import ordering, sorter
from cdk_stream.run.plan.analytic import analytic
from cdk_stream.run.plan.flow import Cte, Ctes, Flow, Plan
from cdk_stream.run.plan.grouping import grouped
from cdk_stream.run.plan.joining import from_clause
from cdk_stream.run.plan.sets import combined
from cdk_stream.run.plan.subqueries import is_semi, scalars, semi
from cdk_stream.run.plan.tables import names_of, values
from cdk_stream.run.ranks import Ranked
from cdk_stream.run.refusal import CannotRun
from cdk_stream.run.step import Compute, Keep, Map
from cdk_stream.sql.resolve.conditions import conjuncts
from cdk_stream.sql.spelling import shape

NODES = (arithmetic, calls, casts, conditions)
"""The modules that know the nodes of expressions."""


def query(plan: Plan, node: exp.Expr, ctes: Ctes) -> Flow:
    """The rows of a query; raises CannotRun."""
    if node.args.get("with_") is not None:
        ctes = dict(ctes)
        for cte in node.args["with_"].args["expressions"]:
            alias = cte.args["alias"]
            listed = [column.name for column in alias.args.get("columns") or ()]
            ctes[alias.args["this"].name] = Cte(cte.args["this"], listed, dict(ctes))
    if node.__class__ is exp.Select:
        return _select(plan, node, ctes)
    if isinstance(node, exp.SetOperation):
        return _ended(plan, node, combined(plan, node, ctes), Names())
    if node.__class__ is exp.Values:
        return values(plan, node)
    if node.__class__ in (exp.Subquery, exp.Paren):
        return _ended(plan, node, query(plan, node.args["this"], ctes), Names())
    raise CannotRun(f"'{node.key.upper()}' as a query", node)


def _select(plan: Plan, node: exp.Expr, ctes: Ctes) -> Flow:
    if node.args.get("match") is not None:
        raise CannotRun("MATCH_RECOGNIZE", node)
    if node.args.get("from_") is None:
        raise CannotRun("SELECT without FROM", node)
    flow, names = from_clause(plan, node, ctes)
    if node.args.get("where") is not None:
        flow = _where(plan, node.args["where"].args["this"], flow, names, ctes)
    flow = scalars(plan, node.args["expressions"], flow, names, ctes)
    made = grouped(plan, node, flow, names)
    if made is not None:
        flow, names = made
        if node.args.get("having") is not None:
            flow = _where(plan, node.args["having"].args["this"], flow, names, ctes)
    flow = analytic(plan, node, flow, names)
    if node.args.get("qualify") is not None:
        flow = _where(plan, node.args["qualify"].args["this"], flow, names, ctes)
    flow = _projected(plan, node, flow, names)
    if node.args.get("distinct") is not None:
        flow = flow.then(Distinct(), updating=flow.updating)
    return _ended(plan, node, flow, names)


def _where(plan: Plan, condition: exp.Expr, flow: Flow, names: Names, ctes: Ctes) -> Flow:
    """Rows for which every conjunct is true."""
    kept: list[exp.Expr] = []
    for part in conjuncts(condition):
        if is_semi(part):
            flow = semi(plan, part, flow, names, ctes)
        else:
            kept.append(part)
    flow = scalars(plan, kept, flow, names, ctes)
    for part in kept:
        test = compute(plan.context, names, part)
        flow = flow.then(Keep(test, plan.context.tally))
    return flow


def _projected(plan: Plan, node: exp.Expr, flow: Flow, names: Names) -> Flow:
    parts: list[Compute] = []
    columns: list[Column] = []
    for item in node.args["expressions"]:
        for name, type_, part in _items(plan, item, names, len(columns)):
            columns.append(Column(_free(name, columns), type_))
            parts.append(part)
    return flow.then(Map(parts), columns)


def _free(name: str, columns: list[Column]) -> str:
    """The name, or what Flink makes of one that is taken."""
    taken = {column.name for column in columns}
    if name not in taken:
        return name
    number = 0
    while f"{name}{number}" in taken:
        number += 1
    return f"{name}{number}"


def _items(plan: Plan, item: exp.Expr, names: Names, index: int) -> list[tuple[str, str, Compute]]:
    """The columns that an item of the select list gives."""
    inner = item.args["this"] if item.__class__ is exp.Alias else item
    star = inner.__class__ is exp.Star
    if star or (inner.__class__ is exp.Column and inner.args["this"].__class__ is exp.Star):
        return _starred(plan, inner, names)
    name = f"EXPR${index}"
    if item.__class__ is exp.Alias:
        name = item.args["alias"].name
    elif inner.__class__ in (exp.Column, exp.Dot):
        name = inner.args["this"].name if inner.__class__ is exp.Column else inner.expression.name
    return [(name, plan.context.value(inner).type, compute(plan.context, names, inner))]


def _starred(plan: Plan, item: exp.Expr, names: Names) -> list[tuple[str, str, Compute]]:
    if names.grouped:
        raise CannotRun("'*' of groups", item)
    if item.__class__ is not exp.Star:
        return _qualified(plan, item, names)
    found: list[tuple[str, str, Compute]] = []
    for name, (place, _) in names.merged.items():
        node = exp.Column(this=exp.to_identifier(name))
        found.append((name, names.columns[place].type, compute(plan.context, names, node)))
    for table in names.tables:
        for place, column in enumerate(table.columns, table.start):
            if column.name and column.name not in names.merged:
                found.append((column.name, column.type, itemgetter(place)))
    return found


def _qualified(plan: Plan, item: exp.Expr, names: Names) -> list[tuple[str, str, Compute]]:
    """`t.*`, and `t.row.*`."""
    called = item.args["table"].name
    for table in names.tables:
        if item.args.get("db") is None and called in (table.name, table.node):
            return [
                (column.name, column.type, itemgetter(place))
                for place, column in enumerate(table.columns, table.start)
            ]
    path = [item.args[key] for key in ("catalog", "db", "table") if item.args.get(key) is not None]
    first, *rest = [part.name for part in path]
    place = names.find(rest[0], first) if rest else names.find(first)
    if place is None or len(rest) > 1:
        raise CannotRun("'*' of a row inside a row", item)
    type_ = names.columns[place].type
    parts = shape(type_).parts
    inner: Compute = itemgetter(place)
    return [(part.name, part.type, field(inner, type_, part.name, item)[0]) for part in parts]


def _ended(plan: Plan, node: exp.Expr, flow: Flow, names: Names) -> Flow:
    """ORDER BY with LIMIT keeps the first rows; alone, it changes nothing of what comes out."""
    limit, offset = node.args.get("limit"), node.args.get("offset")
    if limit is None and offset is None:
        return flow
    if limit is None:
        raise CannotRun("OFFSET without LIMIT", node)
    first = _number(offset.args["expression"]) if offset is not None else 0
    clause = node.args.get("order")
    inside = names_of(flow)
    for part in clause.args["expressions"] if clause is not None else ():
        if part.args["this"].__class__ is not exp.Column or part.args["this"].args.get("table"):
            raise CannotRun("ORDER BY of other than a column of the result, with LIMIT", node)
    sort = sorter(ordering(plan.context, inside, clause)) if clause is not None else _alike
    step = Ranked([], sort, first + _number(limit.args["expression"]), newest=False)
    step.offset = first
    ranked = flow.then(step, updating=True)
    return ranked.then(Map([itemgetter(place) for place in range(len(flow.columns))]))


def _alike(row: object) -> int:
    return 0


def _number(node: exp.Expr) -> int:
    if node.__class__ is not exp.Literal or not node.name.isdigit():
        raise CannotRun("LIMIT of other than a number", node)
    return int(node.name)
