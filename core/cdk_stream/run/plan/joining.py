"""FROM with several tables: which kind of join each is, and its steps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

from sqlglot import exp

from cdk_stream.run.conditions import together
from cdk_stream.run.expressions import compute
from cdk_stream.run.intervals import Interval
from cdk_stream.run.joins import Regular, WindowJoin
from cdk_stream.run.names import Column, Names, locate
from cdk_stream.run.plan.correlated import correlated
from cdk_stream.run.plan.flow import Ctes, Flow, Plan
from cdk_stream.run.plan.tables import aliased, names_of, table
from cdk_stream.run.refusal import CannotRun
from cdk_stream.run.rows import Row
from cdk_stream.run.step import Compute, Meeting
from cdk_stream.run.versions import Temporal
from cdk_stream.sql.resolve.conditions import conjuncts
from cdk_stream.sql.resolve.expressions import interval_ms

_QUERIES = (exp.Select, exp.Subquery, exp.Exists, exp.Any, exp.All)


@dataclass(slots=True)
class Condition:
    """What ON says."""

    keys: tuple[list[Compute], list[Compute]] = field(default_factory=lambda: ([], []))
    rest: list[exp.Expr] = field(default_factory=list)
    lower: int | None = None
    upper: int | None = None
    times: tuple[int, int] = (-1, -1)
    """The places of the times compared, in the left and in the right row."""
    windows: set[str] = field(default_factory=set)
    """Bounds of windows that are equal: `start`, `end`."""

    @property
    def is_interval(self) -> bool:
        return self.lower is not None and self.upper is not None

    def bound(self, low: int | None, high: int | None) -> None:
        """Narrow the bounds of left time - right time."""
        if low is not None:
            self.lower = low if self.lower is None else max(low, self.lower)
        if high is not None:
            self.upper = high if self.upper is None else min(high, self.upper)


def from_clause(plan: Plan, node: exp.Expr, ctes: Ctes) -> tuple[Flow, Names]:
    """The rows of FROM and the names of their columns."""
    first = node.args["from_"].args["this"]
    flow = table(plan, first, ctes)
    names = names_of(flow)
    others = [*(first.args.get("joins") or ()), *(node.args.get("joins") or ())]
    for item in [*others, *(node.args.get("laterals") or ())]:
        flow = _join(plan, node, item, flow, names, ctes)
    return flow, names


def _join(
    plan: Plan, select: exp.Expr, node: exp.Expr, left: Flow, names: Names, ctes: Ctes
) -> Flow:
    """One more table to the right; `names` grows by it."""
    this = node if node.__class__ is exp.Lateral else node.args["this"]
    side = str(node.args.get("side") or "").upper()
    if _is_correlated(this):
        made = correlated(plan, this, left, names, side, node.args.get("on"))
        alias = this.args.get("alias")
        right = aliased(made.right, alias)
        names.add(_table(right))
        return made.flow
    if this.args.get("joins"):
        raise CannotRun("a join in brackets", this)
    right = table(plan, this, ctes)
    before = Names(list(names.tables), dict(names.merged), names.computed)
    names.add(_table(right))
    parts = conjuncts(node.args.get("on"))
    using = _using(node, before, right)
    if not parts and not using:
        parts = _implicit(plan, select, names, before)
    condition = read(plan, before, names_of(right), names, parts)
    for name, place, other in using:
        condition.keys[0].append(itemgetter(place))
        condition.keys[1].append(itemgetter(other))
        names.merged[name] = (place, before.width + other)
    version = this.args.get("version")
    outer = (side in ("LEFT", "FULL"), side in ("RIGHT", "FULL"))
    return _steps(plan, left, right, before, names, condition, version, outer, this)


def _table(flow: Flow) -> Any:
    return names_of(flow).tables[0]


def _is_correlated(this: exp.Expr) -> bool:
    inner = this.args.get("this")
    if this.__class__ is exp.Table and inner.__class__ is exp.Anonymous:
        return False
    return this.__class__ in (exp.Lateral, exp.Unnest)


def _using(node: exp.Expr, before: Names, right: Flow) -> list[tuple[str, int, int]]:
    if str(node.args.get("method") or "").upper() == "NATURAL":
        raise CannotRun("NATURAL JOIN", node)
    found = []
    others = names_of(right)
    for identifier in node.args.get("using") or ():
        name = identifier.name
        merged = before.merged.get(name)
        place = merged[0] if merged else before.find(name)
        other = others.find(name)
        if place is None or other is None:
            raise CannotRun("USING of a column that is not there", node)
        found.append((name, place, other))
    return found


def _implicit(plan: Plan, select: exp.Expr, names: Names, before: Names) -> list[exp.Expr]:
    """For a join without ON, what WHERE says of the two sides."""
    where = select.args.get("where")
    if where is None:
        return []
    return [
        part
        for part in conjuncts(where.args["this"])
        if not any(isinstance(inner, _QUERIES) for inner in part.walk())
        and all(locate(names, column) is not None for column in part.find_all(exp.Column))
        and not all(locate(before, column) is not None for column in part.find_all(exp.Column))
    ]


def read(plan: Plan, left: Names, right: Names, both: Names, parts: list[exp.Expr]) -> Condition:
    """What the conjuncts say of two sides."""
    condition = Condition()
    for part in parts:
        kind = part.__class__
        if kind is exp.EQ and _equality(plan, left, right, part, condition):
            continue
        if kind in (exp.GT, exp.GTE):
            _ordered(plan, both, left.width, part.this, part.expression, kind, condition)
        elif kind in (exp.LT, exp.LTE):
            _ordered(plan, both, left.width, part.expression, part.this, kind, condition)
        elif kind is exp.Between:
            value, low, high = (part.args[key] for key in ("this", "low", "high"))
            _ordered(plan, both, left.width, value, low, kind, condition)
            _ordered(plan, both, left.width, high, value, kind, condition)
        condition.rest.append(part)
    return condition


def _equality(plan: Plan, left: Names, right: Names, part: exp.Expr, condition: Condition) -> bool:
    """Whether the conjunct says that something of the left is something of the right."""
    one, other = part.args["this"], part.args["expression"]
    if _belongs(one, right) and _belongs(other, left):
        one, other = other, one
    if not (_belongs(one, left) and _belongs(other, right)):
        return False
    both = Names()
    for names in (left, right):
        for item in names.tables:
            both.add(type(item)(item.name, item.node, item.columns))
    both.merged = dict(left.merged)
    first, second = together(plan.context, both, [one, other])
    padding = (None,) * left.width
    condition.keys[0].append(first)
    condition.keys[1].append(lambda row: second((*padding, *row)))
    marks = [plan.context.value(side).time for side in (one, other)]
    if all(mark == "row" for mark in marks):
        place, right_place = _place(left, one), _place(right, other)
        condition.times = (place, right_place)
        condition.bound(0, 0)
    kinds = {mark.partition(":")[0] for mark in marks if ":" in mark}
    if len(kinds) == 1 and all(":" in mark for mark in marks):
        condition.windows |= kinds
    return True


def _place(names: Names, column: exp.Expr) -> int:
    found = locate(names, column)
    if found is None or not isinstance(found[0], int):
        raise CannotRun("a join by a time that USING has merged", column)
    return found[0]


def _belongs(node: exp.Expr, names: Names) -> bool:
    """Whether an expression names columns, all of them of these tables."""
    columns = list(node.find_all(exp.Column))
    return bool(columns) and all(locate(names, column) is not None for column in columns)


def _ordered(
    plan: Plan,
    both: Names,
    width: int,
    more: exp.Expr,
    less: exp.Expr,
    kind: type,
    condition: Condition,
) -> None:
    """`more >= less` (or `>`), both of them times plus or minus an interval."""
    one, other = _linear(plan, both, more), _linear(plan, both, less)
    if one is None or other is None:
        return
    (place, plus), (other_place, minus) = one, other
    strictly = 1 if kind in (exp.GT, exp.LT) else 0
    if place < width <= other_place:
        condition.bound(minus - plus + strictly, None)
        condition.times = (place, other_place - width)
    elif other_place < width <= place:
        condition.bound(None, plus - minus - strictly)
        condition.times = (other_place, place - width)


def _linear(plan: Plan, both: Names, node: exp.Expr) -> tuple[int, int] | None:
    """The place of an event time, and the milliseconds added to it."""
    offset = 0
    while node.__class__ in (exp.Paren, exp.Add, exp.Sub):
        if node.__class__ is not exp.Paren:
            length = interval_ms(node.args["expression"])
            if length is None:
                return None
            offset += length if node.__class__ is exp.Add else -length
        node = node.args["this"]
    if node.__class__ is not exp.Column or plan.context.value(node).time != "row":
        return None
    found = locate(both, node)
    return None if found is None or not isinstance(found[0], int) else (found[0], offset)


def _steps(
    plan: Plan,
    left: Flow,
    right: Flow,
    before: Names,
    names: Names,
    condition: Condition,
    version: exp.Expr | None,
    outer: tuple[bool, bool],
    node: exp.Expr,
) -> Flow:
    widths = (len(left.columns), len(right.columns))
    test = _test(plan, names, condition.rest)
    if version is not None:
        return _temporal(plan, left, right, before, condition, version, outer, test, node)
    if condition.is_interval:
        assert condition.lower is not None and condition.upper is not None
        place, other = condition.times
        step: Meeting = Interval(
            condition.keys,
            (itemgetter(place), itemgetter(other)),
            (condition.lower, condition.upper),
            test,
            outer,
            widths,
        )
        return met(left, right, step, updating=False)
    if condition.windows == {"start", "end"}:
        ends = _window_ends(names_of(left), names_of(right), node)
        windows = WindowJoin(condition.keys, ends, test, outer, widths, plan.context.tally)
        return met(left, right, windows, updating=False)
    step = Regular(condition.keys, test, outer, widths)
    updating = left.updating or right.updating or any(outer)
    return met(left, right, step, updating=updating)


def _window_ends(left: Names, right: Names, node: exp.Expr) -> tuple[Compute, Compute]:
    places = left.find("window_end"), right.find("window_end")
    if places[0] is None or places[1] is None:
        raise CannotRun("a join of windows under other names", node)
    return itemgetter(places[0]), itemgetter(places[1])


def _test(plan: Plan, names: Names, parts: list[exp.Expr]) -> Callable[[Row], Any] | None:
    tests = [compute(plan.context, names, part) for part in parts]
    if not tests:
        return None
    if len(tests) == 1:
        return tests[0]
    return lambda row: all(test(row) is True for test in tests)


def met(left: Flow, right: Flow, step: Meeting, *, updating: bool) -> Flow:
    """The rows after two flows meet in a step."""
    left.last.after, right.last.after = step.ports
    columns = [Column(column.name, column.type) for column in (*left.columns, *right.columns)]
    return Flow(columns, step, updating)


def _temporal(
    plan: Plan,
    left: Flow,
    right: Flow,
    before: Names,
    condition: Condition,
    version: exp.Expr,
    outer: tuple[bool, bool],
    test: Callable[[Row], Any] | None,
    node: exp.Expr,
) -> Flow:
    expression = version.args["expression"]
    if plan.context.value(expression).time != "row":
        raise CannotRun("FOR SYSTEM_TIME AS OF other than an event time", node)
    place = _place(before, expression)
    event_time = plan.relations[right.node].event_time if right.node else ""
    other = names_of(right).find(event_time) if event_time else None
    if other is None:
        raise CannotRun("FOR SYSTEM_TIME AS OF a query", node)
    times = (itemgetter(place), itemgetter(other))
    step = Temporal(condition.keys, times, test, outer=outer[0], width=len(right.columns))
    return met(left, right, step, updating=left.updating)
