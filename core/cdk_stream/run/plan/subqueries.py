"""IN, EXISTS and scalar sub-queries: each is a join of its own."""

from __future__ import annotations

from collections.abc import Iterator
from operator import itemgetter

from sqlglot import exp

from cdk_stream.run.casts import cast
from cdk_stream.run.expressions import compute, strict
from cdk_stream.run.joins import Regular, Semi
from cdk_stream.run.names import Column, Names, Table, locate
from cdk_stream.run.plan.flow import Ctes, Flow, Plan
from cdk_stream.run.plan.joining import from_clause, met, read
from cdk_stream.run.refusal import CannotRun
from cdk_stream.run.step import Compute, Keep
from cdk_stream.sql.resolve.conditions import conjuncts
from cdk_stream.sql.types import widest


def is_semi(node: exp.Expr) -> bool:
    """Whether a conjunct is `[NOT] x IN (SELECT ...)` or `[NOT] EXISTS (...)`."""
    inner = node.args["this"] if node.__class__ is exp.Not else node
    while inner.__class__ is exp.Paren:
        inner = inner.args["this"]
    return inner.__class__ is exp.Exists or (
        inner.__class__ is exp.In and inner.args.get("query") is not None
    )


def semi(plan: Plan, node: exp.Expr, flow: Flow, names: Names, ctes: Ctes) -> Flow:
    """The rows that such a conjunct keeps."""
    anti = node.__class__ is exp.Not
    inner = node.args["this"] if anti else node
    while inner.__class__ is exp.Paren:
        inner = inner.args["this"]
    if inner.__class__ is exp.In:
        step, right = _in(plan, inner, flow, names, ctes, anti)
    else:
        step, right = _exists(plan, inner, flow, names, ctes, anti)
    flow.last.after, right.last.after = step.ports
    updating = flow.updating or right.updating or anti
    return Flow(flow.columns, step, updating, flow.name, flow.node)


def _in(
    plan: Plan, node: exp.Expr, flow: Flow, names: Names, ctes: Ctes, anti: bool
) -> tuple[Semi, Flow]:
    value = node.args["this"]
    right = plan.query(plan, node.args["query"], ctes)
    left_type, right_type = plan.context.type(value), right.columns[0].type
    wanted = widest((left_type, right_type))
    functions = cast(left_type, wanted), cast(right_type, wanted)
    if not wanted or functions[0] is None or functions[1] is None:
        raise CannotRun(f"{left_type} IN a query of {right_type}", node)
    keys: tuple[list[Compute], list[Compute]] = (
        [strict(functions[0], [compute(plan.context, names, value)])],
        [strict(functions[1], [itemgetter(0)])],
    )
    return Semi(keys, None, anti=anti, null_aware=anti), right


def _exists(
    plan: Plan, node: exp.Expr, flow: Flow, names: Names, ctes: Ctes, anti: bool
) -> tuple[Semi, Flow]:
    """EXISTS; what its WHERE says of the query around it joins the two."""
    select = node.args["this"]
    while select.__class__ in (exp.Subquery, exp.Paren):
        select = select.args["this"]
    clauses = ("group", "having", "limit", "distinct", "qualify", "match", "with_")
    if select.__class__ is not exp.Select or any(select.args.get(key) for key in clauses):
        raise CannotRun("EXISTS of other than SELECT ... FROM ... WHERE", node)
    right, inside = from_clause(plan, select, ctes)
    where = select.args.get("where")
    parts = conjuncts(where.args["this"]) if where is not None else []
    own = [part for part in parts if _names_only(part, inside)]
    for part in own:
        right = right.then(Keep(compute(plan.context, inside, part), plan.context.tally))
    both = Names()
    for table in (*names.tables, *inside.tables):
        both.add(Table(table.name, table.node, table.columns))
    condition = read(plan, names, inside, both, [part for part in parts if part not in own])
    tests = [compute(plan.context, both, part) for part in condition.rest]
    test = (lambda row: all(one(row) is True for one in tests)) if tests else None
    return Semi(condition.keys, test, anti=anti, null_aware=False), right


def _names_only(part: exp.Expr, names: Names) -> bool:
    return all(locate(names, column) is not None for column in part.find_all(exp.Column))


def _queries(nodes: list[exp.Expr]) -> Iterator[exp.Expr]:
    """The scalar sub-queries in expressions."""
    for node in nodes:
        if node.__class__ in (exp.Subquery, exp.Select):
            yield node
        elif node.__class__ in (exp.Exists, exp.In) and (
            node.__class__ is exp.Exists or node.args.get("query") is not None
        ):
            raise CannotRun("IN (SELECT ...) or EXISTS inside an expression", node)
        else:
            yield from _queries(list(node.iter_expressions()))


def scalars(plan: Plan, nodes: list[exp.Expr], flow: Flow, names: Names, ctes: Ctes) -> Flow:
    """The rows with the value of each scalar sub-query to their right."""
    for node in _queries(nodes):
        spelling = plan.context.value(node).spelling
        if spelling in names.computed:
            continue
        right = plan.query(plan, node, ctes)
        step = Regular(([], []), None, (True, False), (len(flow.columns), 1))
        place = len(flow.columns)
        flow = met(flow, right, step, updating=True)
        names.add(Table("\0", "", [Column("", right.columns[0].type)]))
        names.computed[spelling] = place
    return flow
