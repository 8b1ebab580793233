"""Resolves a query clause by clause: WITH, FROM, WHERE, GROUP BY, SELECT and the rest."""

from __future__ import annotations

from sqlglot import exp

from cdk_stream.sql.resolve import determinism, joining, names, projection, sets
from cdk_stream.sql.resolve.conditions import conjuncts, evaluated
from cdk_stream.sql.resolve.flow import RETRACT, Flow
from cdk_stream.sql.resolve.grouping import Grouped, group
from cdk_stream.sql.resolve.matching import match_recognize
from cdk_stream.sql.resolve.ranking import ranked
from cdk_stream.sql.resolve.scope import RankFilter, Run, Scope, Selected
from cdk_stream.sql.resolve.tables import Cte, values
from cdk_stream.sql.resolve.value import Value

_CLAUSES = frozenset(
    ("with_", "expressions", "distinct", "from_", "joins", "laterals", "where", "group", "having")
) | {"qualify", "windows", "order", "limit", "offset", "match"}
_NO_QUERY = Selected({}, "retract", (), ("?",), "?")


def resolve(
    run: Run,
    node: exp.Expr,
    parent: Scope | None,
    ctes: dict[str, Cte],
    outermost: bool = False,
) -> Selected:
    """The columns of the query `node` and how its rows change."""
    if node.args.get("with_") is None:
        return _body(run, node, parent, ctes, outermost)
    around = _ctes(run, node.args["with_"], ctes)
    selected = _body(run, node, parent, around, outermost)
    _check_unused(run, around, ctes)
    return selected


def _body(
    run: Run, node: exp.Expr, parent: Scope | None, ctes: dict[str, Cte], outermost: bool
) -> Selected:
    if node.__class__ is exp.Select:
        return _select(run, node, parent, ctes, outermost)
    if isinstance(node, exp.SetOperation):
        return sets.combined(run, node, parent, ctes, resolve, outermost)
    if node.__class__ is exp.Values:
        return values(run, Scope(parent, ctes), node)
    inner = node.args.get("this")
    if node.__class__ in (exp.Subquery, exp.Paren) and isinstance(inner, exp.Expr):
        selected = resolve(run, inner, parent, ctes, outermost)
        return sets.ordered(run, node, selected, outermost)
    run.tell(names.offset_of(node), "CS443", f"'{node.key.upper()}' is no query of Flink SQL")
    return _NO_QUERY


def _ctes(run: Run, with_: exp.Expr, ctes: dict[str, Cte]) -> dict[str, Cte]:
    run.features.add("cte")
    around = dict(ctes)
    for cte in with_.args.get("expressions") or ():
        alias = cte.args["alias"]
        columns = [column.name for column in alias.args.get("columns") or ()]
        names.check_alias(run, alias.args.get("this"))
        name = alias.args["this"].name
        around[name] = made = Cte(cte.args["this"], columns, dict(around))
        made.around[name] = made
    return around


def _check_unused(run: Run, around: dict[str, Cte], ctes: dict[str, Cte]) -> None:
    """A CTE that nothing reads is checked, but decides nothing."""
    for name, cte in around.items():
        if cte.selected is None and name not in ctes:
            influences, run.influences = run.influences, {}
            cte.selected = resolve(run, cte.node, None, cte.around)
            run.influences = influences


def _select(
    run: Run, node: exp.Expr, parent: Scope | None, ctes: dict[str, Cte], outermost: bool
) -> Selected:
    args = node.args
    for clause in args:
        if clause not in _CLAUSES and args[clause]:
            message = f"'{clause.strip('_').upper()}' is not part of Flink SQL here"
            run.tell(names.offset_of(node), "CS443", message)
    scope = Scope(parent, ctes, node)
    for window in args.get("windows") or ():
        scope.windows[window.name] = window
    flow, spelling = joining.from_clause(run, scope, node, resolve)
    read = flow
    if args.get("match") is not None:
        flow, spelling = match_recognize(run, scope, args["match"], flow, spelling)
    filters: list[Value] = []
    if args.get("where") is not None:
        filters, flow = _kept(run, scope, args["where"].args["this"], flow)
    flow = kept = joining.sub_queries(run, scope, flow)
    if outermost:
        run.filters = tuple(sorted([value.spelling for value in filters]))
    grouped = group(run, scope, node)
    if args.get("having") is not None:
        more, flow = _kept(run, scope, args["having"].args["this"], flow)
        filters += more
    columns = projection.columns(run, scope, node, outermost)
    if scope.aggregates and grouped is None:
        grouped = Grouped()
    if grouped is not None:
        projection.check_groups(run, scope, node, grouped)
        flow = grouped.flow(run, flow)
        columns = grouped.seen(columns)
        spelling += f" GROUP BY {grouped.spelling}"
    if args.get("qualify") is not None:
        more, flow = _kept(run, scope, args["qualify"].args["this"], flow)
        filters += more
    if scope.taken_back:
        flow = RETRACT
    flow = joining.sub_queries(run, scope, flow)
    if filters:
        spelling += " WHERE " + " AND ".join(sorted([value.spelling for value in filters]))
    selected = projection.finished(run, scope, node, columns, flow, outermost, spelling)
    if flow.updating or read.updating:
        determinism.check(run, node, read, kept, flow, outermost and not selected.key)
    return selected


def _kept(run: Run, scope: Scope, condition: exp.Expr, flow: Flow) -> tuple[list[Value], Flow]:
    """The conjuncts of a condition that keeps rows, and the flow of those kept."""
    values = evaluated(run, scope, conjuncts(condition))
    run.features.add("filter")
    run.influence("filter", *values)
    for value in values:
        if isinstance(value.rank, RankFilter):
            flow = ranked(run, scope, value.rank, flow)
    return values, flow
