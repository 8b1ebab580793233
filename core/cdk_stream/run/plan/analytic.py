"""OVER and ROW_NUMBER: what is put to the right of the rows of a SELECT."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

from cdk_stream.run.accumulators import Count
from cdk_stream.run.aggregates import Aggregate, aggregate
from cdk_stream.run.expressions import compute
from cdk_stream.run.names import Column, Names, Table
from cdk_stream.run.order import ordering, sorter
from cdk_stream.run.overs import Frame, Lag, Over
from cdk_stream.run.plan.flow import Flow, Plan
from cdk_stream.run.ranks import Earliest, Ranked, WindowRanked
from cdk_stream.run.refusal import CannotRun
from cdk_stream.run.step import Compute, Step
from cdk_stream.sql.resolve.calls import name_of
from cdk_stream.sql.resolve.expressions import interval_ms
from cdk_stream.sql.resolve.scope import Rank


def analytic(plan: Plan, select: exp.Expr, flow: Flow, names: Names) -> Flow:
    """The rows with the value of each OVER of the select list to their right."""
    shown = list(select.args["expressions"])
    if select.args.get("qualify") is not None:
        shown.append(select.args["qualify"])
    windows = list(dict.fromkeys(_windows(shown)))
    if not windows:
        return flow
    ranks = [node for node in windows if _rank(plan, node) is not None]
    for node in ranks:
        flow = _ranked(plan, select, node, flow, names)
    others = [node for node in windows if node not in ranks]
    return _over(plan, select, others, flow, names) if others else flow


def _windows(nodes: list[exp.Expr]) -> Iterator[exp.Expr]:
    for node in nodes:
        if node.__class__ in (exp.Select, exp.Subquery):
            continue
        if node.__class__ is exp.Window:
            yield node
        else:
            yield from _windows(list(node.iter_expressions()))


def _rank(plan: Plan, node: exp.Expr) -> Rank | None:
    """The rank that a filter made a top-N of; None for an OVER window."""
    rank = plan.context.value(node).rank
    return rank if isinstance(rank, Rank) and rank.used else None


def _spec(select: exp.Expr, node: exp.Expr) -> exp.Expr:
    alias = node.args.get("alias")
    if alias is None:
        return node
    for window in select.args.get("windows") or ():
        if window.name == alias.name:
            found: exp.Expr = window
            return found
    raise CannotRun(f"the window '{alias.name}'", node)


def _ranked(plan: Plan, select: exp.Expr, node: exp.Expr, flow: Flow, names: Names) -> Flow:
    context = plan.context
    rank = _rank(plan, node)
    assert rank is not None
    if rank.function != "ROW_NUMBER":
        raise CannotRun(rank.function, node)
    spec = _spec(select, node)
    parts = list(spec.args.get("partition_by") or ())
    keys = [compute(context, names, part) for part in parts]
    order = ordering(context, names, spec.args.get("order"))
    if rank.on_time == "proc":
        raise CannotRun("ROW_NUMBER by processing time", node)
    limit = plan.limits[id(rank)]
    step: Ranked | WindowRanked
    if rank.windowed:
        end = next(part for part in parts if context.value(part).time.startswith("end:"))
        step = WindowRanked(keys, sorter(order), limit, compute(context, names, end), context.tally)
    elif _is_first(plan, rank, flow, order):
        return _wider(
            flow, Earliest(keys, order[0][0], context.tally), names, [node], plan, updating=False
        )
    else:
        newest = rank.on_time == "row" and order[0][1] and not flow.updating
        step = Ranked(keys, sorter(order), limit, newest=newest)
    return _wider(flow, step, names, [node], plan, updating=not rank.windowed)


def _is_first(plan: Plan, rank: Rank, flow: Flow, order: list[tuple[Compute, bool]]) -> bool:
    """Whether only the first row by event time is kept, which Flink sends once and for good."""
    upwards = rank.on_time == "row" and len(order) == 1 and not order[0][1]
    return upwards and not flow.updating and plan.limits.get(id(rank)) == 1


def _wider(
    flow: Flow,
    step: Step,
    names: Names,
    nodes: list[exp.Expr],
    plan: Plan,
    *,
    updating: bool,
) -> Flow:
    """The rows with the values of `nodes` to their right, known by their spellings."""
    added = [Column("", plan.context.value(node).type) for node in nodes]
    start = len(flow.columns)
    for place, node in enumerate(nodes, start):
        names.computed[plan.context.value(node).spelling] = place
    names.add(Table("\0", "", added))
    return flow.then(step, [*flow.columns, *added], updating)


def _over(plan: Plan, select: exp.Expr, nodes: list[exp.Expr], flow: Flow, names: Names) -> Flow:
    context = plan.context
    spec = _spec(select, nodes[0])
    if flow.updating:
        raise CannotRun("OVER of rows that are taken back", nodes[0])
    clause = spec.args.get("order")
    ordered = clause.args["expressions"] if clause is not None else []
    if len(ordered) != 1 or context.value(ordered[0].args["this"]).time != "row":
        raise CannotRun("OVER in another order than that of the event time", nodes[0])
    time = compute(context, names, ordered[0].args["this"])
    keys = [compute(context, names, part) for part in spec.args.get("partition_by") or ()]
    aggregates: list[Aggregate] = []
    lags: list[Lag] = []
    for node in nodes:
        _function(plan, names, node, aggregates, lags)
    nodes = sorted(nodes, key=_is_lag)
    frame = _frame(spec.args.get("spec"), nodes)
    step = Over(keys, time, frame, aggregates, lags, context.tally)
    return _wider(flow, step, names, nodes, plan, updating=False)


def _called(node: exp.Expr) -> exp.Expr:
    inner: exp.Expr = node.args["this"]
    return inner


def _is_lag(node: exp.Expr) -> bool:
    call = _called(node)
    return call.__class__ is exp.Anonymous and name_of(call).upper() == "LAG"


def _function(
    plan: Plan, names: Names, node: exp.Expr, aggregates: list[Aggregate], lags: list[Lag]
) -> None:
    call = _called(node)
    name = name_of(call).upper() if call.__class__ is exp.Anonymous else call.key.upper()
    if name == "LAG":
        value, *more = call.args["expressions"]
        offset = int(more[0].name) if more else 1
        otherwise = compute(plan.context, names, more[1]) if len(more) > 1 else None
        lags.append(Lag(compute(plan.context, names, value), offset, otherwise))
        return
    if name == "ROW_NUMBER":
        aggregates.append(Aggregate("COUNT", "BIGINT", Count, None, None, False))
        return
    if call.__class__ not in (exp.Anonymous, exp.Filter) or name in ("RANK", "DENSE_RANK"):
        raise CannotRun(f"{name} OVER", node)
    aggregates.append(aggregate(plan.context, names, call, True, plan.context.value(node).type))


def _frame(spec: exp.Expr | None, nodes: list[exp.Expr]) -> Frame:
    lagging = all(_is_lag(node) or _is_number(node) for node in nodes)
    if spec is None:
        return Frame(lagging, None)
    by_rows = spec.args["kind"] == "ROWS"
    start = spec.args["start"]
    if spec.args.get("end") != "CURRENT ROW":
        raise CannotRun("OVER that ends elsewhere than with the current row", nodes[0])
    if start == "UNBOUNDED":
        return Frame(by_rows, None)
    if start == "CURRENT ROW":
        return Frame(by_rows, 0)
    before = int(start.name) if by_rows and start.__class__ is exp.Literal else interval_ms(start)
    if before is None:
        raise CannotRun("OVER whose frame is no plain number or interval", nodes[0])
    return Frame(by_rows, before)


def _is_number(node: exp.Expr) -> bool:
    call = _called(node)
    return call.__class__ is exp.Anonymous and name_of(call).upper() == "ROW_NUMBER"
