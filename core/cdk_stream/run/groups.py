"""Groups without windows: each change of a group takes its old row back and sends a new one."""

from __future__ import annotations

from cdk_stream.run.aggregates import Aggregate, Group
from cdk_stream.run.rows import Row
from cdk_stream.run.step import Compute, Step


class Grouped(Step):
    """GROUP BY: keys, then the values of the aggregates."""

    __slots__ = ("aggregates", "groups", "keys")

    def __init__(self, keys: list[Compute], aggregates: list[Aggregate]) -> None:
        super().__init__()
        self.keys = keys
        self.aggregates = aggregates
        self.groups: dict[Row, Group] = {}

    def receive(self, row: Row, sign: int) -> None:
        key = tuple([part(row) for part in self.keys])
        group = self.groups.get(key)
        if group is None:
            if sign < 0:
                return
            group = self.groups[key] = Group(self.aggregates)
        group.take(row, sign)
        sent = group.sent
        if group.rows <= 0:
            del self.groups[key]
            made = None
        else:
            made = (*key, *group.results())
        if made == sent:
            return
        group.sent = made
        if sent is not None:
            self.after.receive(sent, -1)
        if made is not None:
            self.after.receive(made, 1)


class Distinct(Step):
    """Each row once, while there is at least one of it."""

    __slots__ = ("counts",)

    def __init__(self) -> None:
        super().__init__()
        self.counts: dict[Row, int] = {}

    def receive(self, row: Row, sign: int) -> None:
        count = self.counts.get(row, 0) + sign
        if count > 0:
            self.counts[row] = count
        else:
            self.counts.pop(row, None)
        if (count == 1 and sign > 0) or (count == 0 and sign < 0):
            self.after.receive(row, sign)
