"""Resolves aggregates over windows of rows: OVER and FILTER."""

from __future__ import annotations

from sqlglot import exp

from cdk_stream.problems import near
from cdk_stream.sql.functions import AGGREGATES, NOT_ON_STREAMS, OVER_ONLY
from cdk_stream.sql.resolve import names
from cdk_stream.sql.resolve.calls import aggregated, name_of, not_on_streams, spelled
from cdk_stream.sql.resolve.evaluate import evaluate
from cdk_stream.sql.resolve.scope import Rank, Run, Scope
from cdk_stream.sql.resolve.value import Value


def filtered(run: Run, scope: Scope, node: exp.Expr) -> Value:
    """`SUM(x) FILTER (WHERE c)`."""
    value = evaluate(run, scope, node.args["this"])
    scope.aggregated += 1
    condition = evaluate(run, scope, node.args["expression"].args["this"])
    scope.aggregated -= 1
    run.influence("filter", condition)
    value.spelling += f" FILTER ({condition.spelling})"
    value.nullable = value.nullable or value.type != "BIGINT" or "COUNT" not in value.spelling
    value.exact = value.exact and condition.exact
    return value


_RANKS = frozenset(("ROW_NUMBER", "RANK", "DENSE_RANK"))
_TIMES = ("row", "proc")


def over(run: Run, scope: Scope, node: exp.Expr) -> Value:
    """`f(x) OVER (PARTITION BY ... ORDER BY ...)`."""
    spec = _window_spec(run, scope, node)
    partition = [evaluate(run, scope, part) for part in spec.args.get("partition_by") or ()]
    order_node = spec.args.get("order")
    ordered = order_node.args["expressions"] if order_node is not None else []
    order = [evaluate(run, scope, part.args["this"]) for part in ordered]
    run.influence("window", *partition, *order)
    value, name = _windowed(run, scope, node.args["this"])
    directions = [
        one.spelling + (" DESC" if part.args.get("desc") else "")
        for one, part in zip(order, ordered, strict=True)
    ]
    frame = spec.args.get("spec")
    if name in AGGREGATES and _bounded(frame):
        value.nullable = AGGREGATES[name].nulls != "never"
    if name in NOT_ON_STREAMS:
        not_on_streams(run, node.args["this"], name)
    value.spelling += f" OVER ({spelled(partition)}; {', '.join(directions)}; {_frame(frame)})"
    value.exact = value.exact and all(one.exact for one in (*partition, *order))
    if name in _RANKS:
        _rank(run, node, name, value, partition, order)
        value.rank.refusal = _refused(ordered, order, None)
    else:
        _window(run, scope, node, value, order, _refused(ordered, order, frame))
    return value


def _bounded(frame: exp.Expr | None) -> bool:
    """Whether rows leave the frame, so that it may be empty, as the planner sees it."""
    return frame is not None and frame.args.get("start") != "UNBOUNDED"


_WHOLE = "RANGE UNBOUNDED PRECEDING CURRENT ROW"
"""The frame that a window has when none is written."""
_ONE_COLUMN = "an OVER window on a stream is ordered by one column"
_UPWARDS = "an OVER window on a stream is ordered upwards"
_AHEAD = "an OVER window on a stream ends with the current row"
_BY_TIME = "an OVER window over some rows only is ordered by a time attribute"
_APART = "all OVER windows of one SELECT are the same on a stream"
_MENDS = {
    _ONE_COLUMN: "ORDER BY the event time",
    _UPWARDS: "take DESC away",
    _AHEAD: "write ROWS BETWEEN ... PRECEDING AND CURRENT ROW",
    _BY_TIME: "ORDER BY the event time, or begin with UNBOUNDED PRECEDING",
    _APART: "put one of them into a query around this one",
}


def _refused(ordered: list[exp.Expr], order: list[Value], frame: exp.Expr | None) -> str:
    """What Flink refuses of a window; '' for nothing."""
    if len(ordered) != 1:
        return _ONE_COLUMN
    if ordered[0].args.get("desc"):
        return _UPWARDS
    if frame is not None and frame.args.get("end_side") == "FOLLOWING":
        return _AHEAD
    if _bounded(frame) and order[0].exact and order[0].time not in _TIMES:
        return _BY_TIME
    return ""


def _window(
    run: Run, scope: Scope, node: exp.Expr, value: Value, order: list[Value], refusal: str
) -> None:
    """An OVER aggregate: ordered by time it appends, else it sends rows again."""
    run.features.add("over")
    offset = names.offset_of(node)
    scope.overs.add(value.spelling.rpartition(" OVER ")[2].replace(_WHOLE, ""))
    refusal = refusal or (_APART if len(scope.overs) > 1 else "")
    if refusal:
        run.tell(offset, "CS436", refusal, _MENDS[refusal])
    elif order[0].time not in _TIMES:
        scope.taken_back = True
    elif any(rows.changelog != "append" for rows in scope.rows):
        message = "OVER by time takes no updating input"
        run.tell(offset, "CS437", message, "read a stream that only appends")


def _windowed(run: Run, scope: Scope, function: exp.Expr) -> tuple[Value, str]:
    if function.__class__ in (exp.IgnoreNulls, exp.RespectNulls):
        return _windowed(run, scope, function.args["this"])
    if function.__class__ is exp.Filter:
        value, name = _windowed(run, scope, function.args["this"])
        condition = evaluate(run, scope, function.args["expression"].args["this"])
        run.influence("filter", condition)
        value.spelling += f" FILTER ({condition.spelling})"
        return value, name
    if function.__class__ is exp.Anonymous:
        name = name_of(function).upper()
        builtin = OVER_ONLY.get(name) or AGGREGATES.get(name)
        if builtin is not None:
            return aggregated(run, scope, function, name, builtin, over=True), name
    return evaluate(run, scope, function), ""


def _window_spec(run: Run, scope: Scope, node: exp.Expr) -> exp.Expr:
    alias = node.args.get("alias")
    if alias is None:
        return node
    named = scope.windows.get(alias.name)
    if named is None:
        message = f"unknown window '{alias.name}'"
        run.tell(names.offset_of(alias), "CS412", message, near(alias.name, scope.windows))
        return node
    return named


def _frame(frame: exp.Expr | None) -> str:
    if frame is None:
        return ""
    parts = []
    for key in ("kind", "start", "start_side", "end", "end_side"):
        part = frame.args.get(key)
        if part is not None:
            parts.append(part if isinstance(part, str) else part.sql())
    return " ".join(parts).upper()


def _rank(
    run: Run, node: exp.Expr, name: str, value: Value, partition: list[Value], order: list[Value]
) -> None:
    """A rank waits for a filter that makes a top-N of it."""
    times = {one.time.split(":")[0] for one in partition}
    on_time = order[0].time if order and order[0].time in _TIMES else ""
    partition_spellings = tuple(one.spelling for one in partition)
    windowed = {"start", "end"} <= times
    rank = Rank(name, partition_spellings, on_time, windowed, names.offset_of(node))
    run.ranks.append(rank)
    value.rank = rank
