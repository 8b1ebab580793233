"""UNION, INTERSECT and EXCEPT."""

from __future__ import annotations

from collections.abc import Callable
from operator import itemgetter

from sqlglot import exp

from cdk_stream.run.casts import cast
from cdk_stream.run.expressions import strict
from cdk_stream.run.groups import Distinct
from cdk_stream.run.names import Column
from cdk_stream.run.plan.flow import Ctes, Flow, Plan
from cdk_stream.run.refusal import CannotRun
from cdk_stream.run.rows import Row
from cdk_stream.run.step import Compute, Gate, Map, Meeting
from cdk_stream.sql.types import widest

Kept = Callable[[int, int], int]
"""How often a row is in the result, from how often it is on either side."""


class Combined(Meeting):
    """A set operation: how often a row comes out follows from how often it is on either side."""

    __slots__ = ("counts", "kept")

    def __init__(self, kept: Kept) -> None:
        super().__init__()
        self.kept = kept
        self.counts: dict[Row, list[int]] = {}

    def take(self, side: int, row: Row, sign: int) -> None:
        counts = self.counts.setdefault(row, [0, 0])
        before = self.kept(*counts)
        counts[side] += sign
        after = self.kept(*counts)
        if counts == [0, 0]:
            del self.counts[row]
        for _ in range(abs(after - before)):
            self.after.receive(row, 1 if after > before else -1)


_KEPT: dict[tuple[type, bool], Kept] = {
    (exp.Intersect, True): lambda left, right: int(left > 0 and right > 0),
    (exp.Intersect, False): min,
    (exp.Except, True): lambda left, right: int(left > 0 and right <= 0),
    (exp.Except, False): lambda left, right: max(left - right, 0),
}


def combined(plan: Plan, node: exp.Expr, ctes: Ctes) -> Flow:
    """The rows of a set operation."""
    sides = [plan.query(plan, node.args[key], ctes) for key in ("this", "expression")]
    columns = [
        Column(left.name, widest((left.type, right.type)))
        for left, right in zip(sides[0].columns, sides[1].columns, strict=True)
    ]
    left, right = (_cast(side, columns, node) for side in sides)
    distinct = node.args.get("distinct") is not False
    updating = left.updating or right.updating
    if isinstance(node, exp.Union):
        gate = Gate()
        left.last.after, right.last.after = gate.ports
        flow = Flow(columns, gate, updating)
        return flow.then(Distinct()) if distinct else flow
    step = Combined(_KEPT[node.__class__, distinct])
    left.last.after, right.last.after = step.ports
    return Flow(columns, step, True)


def _cast(flow: Flow, columns: list[Column], node: exp.Expr) -> Flow:
    """The rows as the types that both sides meet in."""
    if [one.type for one in flow.columns] == [one.type for one in columns]:
        return flow
    parts: list[Compute] = []
    for place, (have, want) in enumerate(zip(flow.columns, columns, strict=True)):
        function = cast(have.type, want.type)
        if function is None:
            raise CannotRun(f"a {have.type} and a {want.type} in one column", node)
        parts.append(strict(function, [itemgetter(place)]))
    return flow.then(Map(parts), columns)
