"""GROUP BY, with and without windows, and the aggregates of a query."""

from __future__ import annotations

from itertools import combinations
from operator import itemgetter

from sqlglot import exp

from cdk_stream.run.aggregates import Aggregate, aggregate, calls_in
from cdk_stream.run.expressions import compute
from cdk_stream.run.groups import Grouped
from cdk_stream.run.names import Column, Context, Names, Table
from cdk_stream.run.plan.flow import Flow, Plan
from cdk_stream.run.plan.tables import assigner
from cdk_stream.run.refusal import CannotRun
from cdk_stream.run.rows import Row
from cdk_stream.run.step import Compute, Spread, Step
from cdk_stream.run.windows import Sessions, Windowed, bounds, spans_at, spans_of
from cdk_stream.sql.functions import WINDOW_PROPERTIES
from cdk_stream.sql.resolve.calls import name_of
from cdk_stream.sql.resolve.expressions import interval_ms
from cdk_stream.sql.resolve.windows import FUNCTIONS

_SETS = (exp.GroupingSets, exp.Cube, exp.Rollup)


def grouped(plan: Plan, select: exp.Expr, flow: Flow, names: Names) -> tuple[Flow, Names] | None:
    """The rows in groups, and the names of keys and aggregates; None without groups."""
    shown = [*select.args["expressions"]]
    shown += [
        select.args[key].args["this"] for key in ("having", "qualify") if select.args.get(key)
    ]
    calls = list(calls_in(plan.context, shown))
    clause = select.args.get("group")
    if clause is None and not calls:
        return None
    keys, sets, window = _parts(plan.context, clause)
    aggregates = _aggregates(plan, names, calls, flow.updating)
    if sets:
        return _by_sets(plan, flow, names, keys, sets, aggregates)
    if window is not None:
        return _by_window(plan, flow, names, keys, window, aggregates)
    marks = {plan.context.value(key).time: key for key in keys}
    starts = [mark for mark in marks if mark.startswith("start:")]
    if any(f"end:{mark[6:]}" in marks for mark in starts):
        return _by_bounds(plan, flow, names, keys, marks, starts[0][6:], aggregates)
    step = Grouped([compute(plan.context, names, key) for key in keys], list(aggregates.values()))
    columns = [*_key_columns(plan.context, keys), *_columns(aggregates)]
    return flow.then(step, columns, True), _after(plan.context, columns, keys, aggregates)


def _parts(
    context: Context, clause: exp.Expr | None
) -> tuple[list[exp.Expr], list[tuple[exp.Expr, ...]], exp.Expr | None]:
    """The keys, the grouping sets and the group window of GROUP BY."""
    keys: dict[str, exp.Expr] = {}
    sets: list[tuple[exp.Expr, ...]] = []
    window = None
    pending = _listed(clause)
    while pending:
        part = pending.pop(0)
        if isinstance(part, _SETS):
            if sets:
                raise CannotRun("several GROUPING SETS", part)
            sets = _sets(part)
            pending += [key for each in sets for key in each]
        elif part.__class__ is exp.Tuple or part.__class__ is exp.Paren:
            pending = [*(part.args.get("expressions") or [part.args["this"]]), *pending]
        elif part.__class__ is exp.Anonymous and part.name.upper() in FUNCTIONS:
            window = part
        else:
            keys.setdefault(context.value(part).spelling, part)
    return list(keys.values()), sets, window


def _listed(clause: exp.Expr | None) -> list[exp.Expr]:
    if clause is None:
        return []
    found = list(clause.args.get("expressions") or ())
    for key in ("grouping_sets", "cube", "rollup"):
        found += [part for part in clause.args.get(key) or () if isinstance(part, exp.Expr)]
    return found


def _sets(node: exp.Expr) -> list[tuple[exp.Expr, ...]]:
    """The keys of each set of GROUPING SETS, CUBE or ROLLUP."""
    items = [_members(part) for part in node.args.get("expressions") or ()]
    if node.__class__ is exp.GroupingSets:
        return items
    if node.__class__ is exp.Rollup:
        chosen = [items[:length] for length in range(len(items), -1, -1)]
    else:
        chosen = [
            list(some) for size in range(len(items), -1, -1) for some in combinations(items, size)
        ]
    return [tuple(key for item in some for key in item) for some in chosen]


def _members(part: exp.Expr) -> tuple[exp.Expr, ...]:
    if part.__class__ is exp.Tuple:
        return tuple(part.args["expressions"])
    return (part.args["this"],) if part.__class__ is exp.Paren else (part,)


def _aggregates(
    plan: Plan, names: Names, calls: list[exp.Expr], updating: bool
) -> dict[str, Aggregate]:
    """Spelling -> aggregate, each once."""
    found: dict[str, Aggregate] = {}
    for call in calls:
        spelling = plan.context.value(call).spelling
        if spelling not in found:
            found[spelling] = aggregate(plan.context, names, call, updating)
    return found


def _key_columns(context: Context, keys: list[exp.Expr]) -> list[Column]:
    return [
        Column(key.name if key.__class__ is exp.Column else "", context.type(key)) for key in keys
    ]


def _columns(aggregates: dict[str, Aggregate]) -> list[Column]:
    return [Column("", one.type) for one in aggregates.values()]


def _after(
    context: Context,
    columns: list[Column],
    keys: list[exp.Expr],
    aggregates: dict[str, Aggregate],
    more: dict[str, int] | None = None,
) -> Names:
    """The names once rows are grouped: everything goes by its spelling."""
    names = Names(grouped=True)
    names.add(Table("", "", columns))
    for place, key in enumerate(keys):
        names.computed[context.value(key).spelling] = place
    for place, spelling in enumerate(aggregates, len(keys)):
        names.computed[spelling] = place
    names.computed.update(more or {})
    return names


def _by_bounds(
    plan: Plan,
    flow: Flow,
    names: Names,
    keys: list[exp.Expr],
    marks: dict[str, exp.Expr],
    number: str,
    aggregates: dict[str, Aggregate],
) -> tuple[Flow, Names]:
    """Groups by the bounds of a window that a table function gave."""
    context = plan.context
    first, last = (compute(context, names, marks[f"{end}:{number}"]) for end in ("start", "end"))
    step = Windowed(
        spans_at(first, last),
        [compute(context, names, key) for key in keys],
        list(aggregates.values()),
        context.tally,
    )
    columns = [
        *_key_columns(context, keys),
        *_columns(aggregates),
        *([Column("", "TIMESTAMP(3)")] * 3),
    ]
    return flow.then(step, columns, False), _after(context, columns, keys, aggregates)


def _by_window(
    plan: Plan,
    flow: Flow,
    names: Names,
    keys: list[exp.Expr],
    window: exp.Expr,
    aggregates: dict[str, Aggregate],
) -> tuple[Flow, Names]:
    """Groups by TUMBLE(...), HOP(...) or SESSION(...)."""
    context = plan.context
    name = name_of(window).upper()
    time, *sizes = window.args["expressions"]
    if context.value(time).time != "row":
        raise CannotRun(f"{name} by processing time", window)
    lengths = [interval_ms(size) for size in sizes]
    if None in lengths:
        raise CannotRun("a window whose size is no plain interval", window)
    told = [length for length in lengths if length is not None]
    parts = [compute(context, names, key) for key in keys]
    made: Step
    if name == "SESSION":
        flow = _sessions(plan, flow, compute(context, names, time), told[0], parts)
        width = len(flow.columns)
        spans = spans_at(itemgetter(width - 3), itemgetter(width - 2))
    else:
        spans = spans_of(
            compute(context, names, time),
            assigner(name, {str(index): length for index, length in enumerate(told)}),
        )
    made = Windowed(spans, parts, list(aggregates.values()), context.tally)
    columns = [*_key_columns(context, keys), *_columns(aggregates)]
    start = len(columns)
    columns += [Column("", "TIMESTAMP(3)")] * 3
    called = f"{name}({', '.join(context.value(part).spelling for part in (time, *sizes))})"
    more = {f"{what}({called})": start + place for what, place in _PROPERTIES.items()}
    return flow.then(made, columns, False), _after(context, columns, keys, aggregates, more)


_PROPERTIES = {"START": 0, "END": 1, "ROWTIME": 2}
assert set(_PROPERTIES) <= {what for _, what in WINDOW_PROPERTIES.values()}


def _sessions(plan: Plan, flow: Flow, time: Compute, gap: int, keys: list[Compute]) -> Flow:
    """The rows with the bounds of their sessions to their right."""
    if flow.updating:
        raise CannotRun("SESSION over rows that are taken back")
    step = Sessions(time, gap, keys, plan.context.tally)
    return flow.then(step, [*flow.columns, *([Column("", "TIMESTAMP(3)")] * len(bounds((0, 0))))])


def _by_sets(
    plan: Plan,
    flow: Flow,
    names: Names,
    keys: list[exp.Expr],
    sets: list[tuple[exp.Expr, ...]],
    aggregates: dict[str, Aggregate],
) -> tuple[Flow, Names]:
    """GROUPING SETS: each row once for every set, the keys that it lacks NULL."""
    context = plan.context
    if any(":" in context.value(key).time for key in keys):
        raise CannotRun("GROUPING SETS of windows", keys[0])
    spellings = [context.value(key).spelling for key in keys]
    of_some = {context.value(key).spelling for each in sets for key in each}
    always = {spelling for spelling in spellings if spelling not in of_some}
    masks = [
        tuple(
            spelling in always | {context.value(key).spelling for key in each}
            for spelling in spellings
        )
        for each in sets
    ]
    parts = [compute(context, names, key) for key in keys]
    width = len(flow.columns)

    def spread(row: Row) -> list[Row]:
        values = [part(row) for part in parts]
        return [
            (*row, *(v if kept else None for v, kept in zip(values, mask, strict=True)), index)
            for index, mask in enumerate(masks)
        ]

    columns = [*flow.columns, *_key_columns(context, keys), Column("", "INT")]
    spread_flow = flow.then(Spread(spread), columns)
    places: list[Compute] = [itemgetter(width + index) for index in range(len(keys))]
    step = Grouped([*places, itemgetter(width + len(keys))], list(aggregates.values()))
    made = [*_key_columns(context, keys), Column("", "INT"), *_columns(aggregates)]
    after = Names(grouped=True)
    after.add(Table("", "", made))
    after.computed = {spelling: place for place, spelling in enumerate(spellings)}
    after.computed |= {spelling: place for place, spelling in enumerate(aggregates, len(keys) + 1)}
    return spread_flow.then(step, made, True), after
