"""FROM: its tables, their joins, and the sub-queries that act like joins."""

from __future__ import annotations

from sqlglot import exp

from cdk_stream.sql.resolve import flow, joins, names
from cdk_stream.sql.resolve.conditions import conjuncts, evaluated
from cdk_stream.sql.resolve.evaluate import evaluate
from cdk_stream.sql.resolve.flow import Flow
from cdk_stream.sql.resolve.scope import Rows, Run, Scope
from cdk_stream.sql.resolve.tables import Resolve, table
from cdk_stream.sql.resolve.value import Value, merged

_CORRELATED = (exp.Lateral, exp.Unnest)
_KINDS = frozenset(("", "INNER", "OUTER", "CROSS"))


def from_clause(run: Run, scope: Scope, node: exp.Expr, resolve: Resolve) -> tuple[Flow, str]:
    """Fill `scope` with the tables of FROM; the flow of their rows, and one spelling."""
    clause = node.args.get("from_")
    if clause is None:
        return flow.APPEND, ""
    first = clause.args["this"]
    rows = table(run, scope, first, resolve)
    scope.rows.append(rows)
    result, spelling = flow.of(rows), rows.spelling
    others = [*(first.args.get("joins") or ()), *(node.args.get("joins") or ())]
    for item in [*others, *(node.args.get("laterals") or ())]:
        result, more = _join(run, scope, item, result, resolve)
        spelling += more
    return result, spelling


def _join(run: Run, scope: Scope, node: exp.Expr, left: Flow, resolve: Resolve) -> tuple[Flow, str]:
    args = node.args
    this = node if node.__class__ is exp.Lateral else args["this"]
    side = str(args.get("side") or "").upper()
    if str(args.get("kind") or "").upper() not in _KINDS:
        run.tell(names.offset_of(node), "CS443", f"{args['kind']} JOIN is not part of Flink SQL")
    before = list(scope.rows)
    right = table(run, scope, this, resolve)
    scope.rows.append(right)
    nested = ""
    for inner in this.args.get("joins") or ():
        left, more = _join(run, scope, inner, left, resolve)
        nested += more
    version = this.args.get("version")
    time = _version(run, scope, version) if version is not None else None
    on = args.get("on")
    parts = conjuncts(on)
    conditions = evaluated(run, scope, parts)
    run.influence("join", *conditions)
    merge = _merge(run, scope, before, right, node)
    implicit = on is None and not merge
    if implicit:
        where = scope.node.args.get("where") if scope.node is not None else None
        parts = conjuncts(where.args["this"]) if where is not None else []
    condition = joins.read(run, scope, right, parts)
    _using(condition, merge)
    offset = names.offset_of(this)
    result = _kind(run, scope, this, left, right, condition, side, time, offset)
    _mark(before, right, side)
    spelled = " AND ".join(sorted([value.spelling for value in conditions]))
    using = ",".join(sorted(merge))
    as_of = f" AS OF {time.spelling}" if time is not None else ""
    return result, f" {side} JOIN {right.spelling}{as_of}{nested} ON {spelled}{using}"


def _version(run: Run, scope: Scope, version: exp.Expr) -> Value:
    expression = version.args.get("expression")
    if version.args.get("kind") != "AS OF" or expression is None:
        run.tell(names.offset_of(version), "CS443", "only FOR SYSTEM_TIME AS OF is part of Flink")
        return names.nothing("?")
    value = evaluate(run, scope, expression)
    run.influence("join", value)
    return value


def _merge(
    run: Run, scope: Scope, before: list[Rows], right: Rows, node: exp.Expr
) -> dict[str, tuple[Value, Value]]:
    """The columns of USING or NATURAL: one each, made of both sides."""
    if node.args.get("using"):
        wanted = {identifier.name: identifier for identifier in node.args["using"]}
    elif str(node.args.get("method") or "").upper() == "NATURAL":
        left_names = {name for rows in before for name in rows.names()}
        wanted = {name: node for name in right.names() if name in left_names}
    else:
        return {}
    found: dict[str, tuple[Value, Value]] = {}
    for name, place in wanted.items():
        left = _left_column(scope, before, name)
        value = right.get(name)
        if left is None or value is None:
            if not any(rows.open_nodes for rows in scope.rows):
                message = f"'{name}' of USING is not a column of both sides"
                run.tell(names.offset_of(place), "CS411", message, "join ON the names they have")
            left = left or names.assumed(before, name)
            value = value or names.assumed([right], name)
        run.influence("join", left, value)
        nullable = left.nullable and value.nullable
        spelling, exact = left.spelling, left.exact and value.exact
        edges = merged("identity", (left, value))
        scope.merged[name] = Value(left.type or value.type, nullable, edges, spelling, exact)
        found[name] = (left, value)
    return found


def _left_column(scope: Scope, before: list[Rows], name: str) -> Value | None:
    if name in scope.merged:
        return scope.merged[name]
    for rows in before:
        value = rows.get(name)
        if value is not None:
            return value
    return None


def _using(condition: joins.Condition, merge: dict[str, tuple[Value, Value]]) -> None:
    for name, pair in merge.items():
        condition.equal.append(pair)
        condition.names.append(name)


def _kind(
    run: Run,
    scope: Scope,
    this: exp.Expr,
    left: Flow,
    right: Rows,
    condition: joins.Condition,
    side: str,
    time: Value | None,
    offset: int,
) -> Flow:
    """The kind of join, and what it does to time attributes."""
    if isinstance(this, _CORRELATED) or this.args.get("this").__class__ is exp.Anonymous:
        return _correlated(run, this, left, right)
    if time is not None:
        right.joined(timeless=True)
        return joins.temporal(run, left, right, condition, time, offset)
    if condition.bounded and condition.attributes:
        return joins.interval(run, left, right, condition, offset)
    if joins.windowed(condition):
        run.features.add("window")
        if not left.updating and right.changelog == "append":
            return flow.APPEND
    for rows in scope.rows:
        rows.joined(timeless=True)
    ttl = run.state_ttl or any("STATE_TTL" in hint.upper() for hint in run.hints)
    ttl = ttl or joins.windowed(condition)
    return joins.regular(run, left, right, condition, side, offset, ttl)


def _correlated(run: Run, this: exp.Expr, left: Flow, right: Rows) -> Flow:
    """UNNEST and LATERAL: each left row may give several, so its key identifies none of them."""
    if right.changelog != "append":
        return flow.RETRACT
    return flow.RETRACT if left.updating else flow.APPEND


def _mark(before: list[Rows], right: Rows, side: str) -> None:
    """An outer join fills the other side with NULL."""
    if side in ("LEFT", "FULL"):
        right.joined(nullable=True)
    if side in ("RIGHT", "FULL"):
        for rows in before:
            rows.joined(nullable=True)


def sub_queries(run: Run, scope: Scope, before: Flow) -> Flow:
    """What the sub-queries met so far make of the rows: each is a join of its own."""
    met, scope.subqueries = scope.subqueries, set()
    compared, scope.compared = scope.compared, set()
    if not met:
        return before
    key = before.key if compared <= set(before.key) else ()
    for rows in scope.rows:
        rows.joined(timeless=True)
    if met == {"semi"} and not before.updating:
        return before
    return flow.keyed(key)
