"""What kind of join two tables make: by time, by version, by window, or for ever."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlglot import exp

from cdk_stream.sql.resolve import flow, names
from cdk_stream.sql.resolve.expressions import interval_ms
from cdk_stream.sql.resolve.flow import Flow
from cdk_stream.sql.resolve.scope import Rows, Run, Scope
from cdk_stream.sql.resolve.value import Value

_LOWER = {exp.GT, exp.GTE}
_UPPER = {exp.LT, exp.LTE}
_CONSTANT = (exp.Literal, exp.Boolean)
_FOREVER = (
    "bound it by the event times of both sides (a.t BETWEEN b.t - INTERVAL '1' HOUR AND b.t),"
    " join FOR SYSTEM_TIME AS OF, or give the model a 'state_ttl:'"
)


@dataclass(slots=True)
class Condition:
    """What ON, or WHERE for a join without ON, says of two sides."""

    equal: list[tuple[Value, Value]] = field(default_factory=list)
    """Pairs of columns of the left and the right side."""
    computed: list[tuple[str, str]] = field(default_factory=list)
    """The spellings of sides that are equal, one of them more than a column."""
    names: list[str] = field(default_factory=list)
    """The columns of the right side in `equal`."""
    left_names: list[tuple[Rows, str]] = field(default_factory=list)
    lower: int | None = None
    """left time - right time >= lower, in milliseconds."""
    upper: int | None = None
    left_time: exp.Expr | None = None
    right_time: exp.Expr | None = None
    left_rows: Rows | None = None
    attributes: bool = True
    """Whether every time compared is a time attribute."""

    @property
    def bounded(self) -> bool:
        return self.lower is not None and self.upper is not None

    def bound(self, low: int | None, high: int | None) -> None:
        if low is not None:
            self.lower = low if self.lower is None else max(low, self.lower)
        if high is not None:
            self.upper = high if self.upper is None else min(high, self.upper)


def read(run: Run, scope: Scope, right: Rows, parts: list[exp.Expr]) -> Condition:
    """What the conjuncts `parts` say of `right` and the tables before it."""
    condition = Condition()
    for part in parts:
        kind = part.__class__
        if kind is exp.EQ:
            _equality(run, scope, right, part, condition)
        elif kind in _LOWER or kind in _UPPER:
            ends = part.args["this"], part.args["expression"]
            if kind in _UPPER:
                ends = ends[1], ends[0]
            _at_least(run, scope, right, *ends, condition)
        elif kind is exp.Between:
            _at_least(run, scope, right, part.args["this"], part.args["low"], condition)
            _at_least(run, scope, right, part.args["high"], part.args["this"], condition)
    return condition


def _owner(scope: Scope, value: Value, node: exp.Expr) -> Rows | None:
    """The table that the column reference `node` means."""
    table = node.args.get("table")
    name = node.name
    for rows in scope.rows:
        if rows.get(name) is value or (table is not None and rows.name == table.name):
            return rows
    return None


def _equality(run: Run, scope: Scope, right: Rows, part: exp.Expr, condition: Condition) -> None:
    sides = []
    for node in (part.args["this"], part.args["expression"]):
        if node.__class__ is not exp.Column:
            if not any(part.args[key].__class__ in _CONSTANT for key in ("this", "expression")):
                condition.computed.append(("?", "?"))
            return
        value = names.column(run, scope, node)
        owner = _owner(scope, value, node)
        if owner is None:
            return
        sides.append((owner, value, node))
    if sides[0][0] is right:
        sides.reverse()
    (one, left, left_node), (other, value, node) = sides
    if other is right and one is not right:
        condition.equal.append((left, value))
        condition.names.append(node.name)
        condition.left_names.append((one, left_node.name))
        if left.time in ("row", "proc") and value.time in ("row", "proc"):
            _times(condition, one, left_node, node, True)
            condition.bound(0, 0)


def _times(
    condition: Condition, rows: Rows, left: exp.Expr, right: exp.Expr, attributes: bool
) -> None:
    condition.left_rows = rows
    condition.left_time, condition.right_time = left, right
    condition.attributes = condition.attributes and attributes


def _at_least(
    run: Run, scope: Scope, right: Rows, more: exp.Expr, less: exp.Expr, condition: Condition
) -> None:
    """`more >= less`, where both are a time column plus or minus an interval."""
    one, other = _linear(more), _linear(less)
    if one is None or other is None:
        return
    (more_node, plus), (less_node, minus) = one, other
    more_value = names.column(run, scope, more_node)
    less_value = names.column(run, scope, less_node)
    more_rows = _owner(scope, more_value, more_node)
    less_rows = _owner(scope, less_value, less_node)
    attributes = more_value.time in ("row", "proc") and less_value.time in ("row", "proc")
    if less_rows is right and more_rows is not None and more_rows is not right:
        condition.bound(minus - plus, None)
        _times(condition, more_rows, more_node, less_node, attributes)
    elif more_rows is right and less_rows is not None and less_rows is not right:
        condition.bound(None, plus - minus)
        _times(condition, less_rows, less_node, more_node, attributes)


def _linear(node: exp.Expr) -> tuple[exp.Expr, int] | None:
    """A column and the milliseconds added to it."""
    offset = 0
    while True:
        kind = node.__class__
        if kind is exp.Paren:
            node = node.args["this"]
        elif kind is exp.Add or kind is exp.Sub:
            length = interval_ms(node.args["expression"])
            if length is None:
                return None
            offset += length if kind is exp.Add else -length
            node = node.args["this"]
        elif kind is exp.Column:
            return node, offset
        else:
            return None


def interval(run: Run, left: Flow, right: Rows, condition: Condition, offset: int) -> Flow:
    """A join bounded by the event times of both sides: its state is bounded, it only appends."""
    run.features.add("interval_join")
    if left.updating or right.changelog != "append":
        message = "a join bounded by time takes no updating input"
        mend = "join FOR SYSTEM_TIME AS OF the time of the side that only appends"
        run.tell(offset, "CS437", message, mend)
    _check_direction(run, condition, right)
    return flow.APPEND


def _check_direction(run: Run, condition: Condition, right: Rows) -> None:
    """Tell when only those rows of the keyed side match that come after the other side's."""
    left_time, right_time, left_rows = (
        condition.left_time,
        condition.right_time,
        condition.left_rows,
    )
    low, high = condition.lower, condition.upper
    if left_time is None or right_time is None or left_rows is None or low is None or high is None:
        return
    right_keyed = bool(right.key) and set(right.key) <= set(condition.names)
    matched = {name for rows, name in condition.left_names if rows is left_rows}
    left_keyed = bool(left_rows.key) and set(left_rows.key) <= matched
    if right_keyed == left_keyed:
        return
    if right_keyed and high <= 0 and low < 0:
        _reversed(run, left_time, right_time, right.name, -low)
    elif left_keyed and low >= 0 and high > 0:
        _reversed(run, right_time, left_time, left_rows.name, high)


def _reversed(run: Run, fact: exp.Expr, keyed: exp.Expr, table: str, length: int) -> None:
    amount, unit = duration(length).split(" ")
    span = f"{amount} {unit.lower()}{'' if amount == '1' else 's'}"
    one, other = written(run, fact), written(run, keyed)
    message = f"only rows of '{table}' that come at or after '{one}', up to {span} later, match"
    mend = (
        f"for those that came before, write {other} BETWEEN"
        f" {one} - INTERVAL '{amount}' {unit} AND {one}"
    )
    run.tell(names.offset_of(fact), "CS433", message, mend, "warning")


def written(run: Run, column: exp.Expr) -> str:
    """A column reference as the author wrote it."""
    parts = [column.args.get("table"), column.args["this"]]
    return ".".join(part.name for part in parts if part is not None)


def duration(milliseconds: int) -> str:
    """`2592000000` as `30 DAY`: the amount and unit of an interval."""
    for unit, size in (("DAY", 86_400_000), ("HOUR", 3_600_000), ("MINUTE", 60_000)):
        if milliseconds % size == 0:
            return f"{milliseconds // size} {unit}"
    return f"{milliseconds / 1000:g} SECOND"


def temporal(
    run: Run, left: Flow, right: Rows, condition: Condition, time: Value, offset: int
) -> Flow:
    """FOR SYSTEM_TIME AS OF: the version of `right` at the time of the left row."""
    if time.time == "proc":
        run.features.add("lookup_join")
    else:
        run.features.add("temporal_join")
        if time.time != "row":
            message = "FOR SYSTEM_TIME AS OF needs the event time of the left side"
            run.tell(offset, "CS435", message, "name its time attribute")
        if not right.key and not right.open_nodes:
            message = f"'{right.name}' has no key, so it has no versions to join"
            run.tell(offset, "CS438", message, "give its source or model a 'key:'")
    if not condition.equal or not set(right.key) <= set(condition.names):
        message = f"a join FOR SYSTEM_TIME AS OF compares the whole key of '{right.name}'"
        keys = " AND ".join(f"... = {right.name}.{name}" for name in right.key)
        run.tell(offset, "CS438", message, f"write ON {keys}" if keys else "compare its key in ON")
    return left


def regular(
    run: Run, left: Flow, right: Rows, condition: Condition, side: str, offset: int, ttl: bool
) -> Flow:
    """A join that must remember both sides."""
    run.features.add("regular_join" if condition.equal else "cross_join")
    if not ttl:
        message = (
            f"the join with '{right.name or 'a sub-query'}' keeps all rows of both sides for ever"
        )
        if condition.bounded:
            message += ": its time bounds are not on time attributes"
        run.tell(offset, "CS434", message, _FOREVER, "warning")
    right_flow = flow.of(right)
    equal = [(one.spelling, other.spelling) for one, other in condition.equal]
    return flow.joined(left, right_flow, side, [*equal, *condition.computed])


def windowed(condition: Condition) -> bool:
    """Whether both sides are windows of the same kind, compared by start and end."""
    marks = {
        (left.time.split(":")[0], right.time.split(":")[0])
        for left, right in condition.equal
        if ":" in left.time and ":" in right.time
    }
    return {("start", "start"), ("end", "end")} <= marks
