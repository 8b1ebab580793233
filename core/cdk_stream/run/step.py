"""The steps that rows and watermarks go through, one calling the next."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cdk_stream.run.rows import Row

Compute = Callable[[Row], Any]
"""An expression: the value for a row."""


class Step:
    """Takes rows and the watermark, and sends its own on to `after`."""

    __slots__ = ("after",)

    def __init__(self) -> None:
        self.after: Step = NOWHERE

    def receive(self, row: Row, sign: int) -> None:
        """A row is added (1) or taken back (-1)."""
        self.after.receive(row, sign)

    def advance(self, watermark: int) -> None:
        """No row before `watermark` (ms) comes in time any more."""
        self.after.advance(watermark)


class _Nowhere(Step):
    __slots__ = ()

    def __init__(self) -> None:
        pass

    def receive(self, row: Row, sign: int) -> None:
        pass

    def advance(self, watermark: int) -> None:
        pass


NOWHERE: Step = _Nowhere()


class Tally:
    """What is counted while a model runs."""

    __slots__ = ("filtered", "late")

    def __init__(self) -> None:
        self.filtered = 0
        self.late = 0


class Map(Step):
    """Each row becomes another one."""

    __slots__ = ("parts",)

    def __init__(self, parts: list[Compute]) -> None:
        super().__init__()
        self.parts = parts

    def receive(self, row: Row, sign: int) -> None:
        self.after.receive(tuple([part(row) for part in self.parts]), sign)


class Spread(Step):
    """Each row becomes several."""

    __slots__ = ("rows",)

    def __init__(self, rows: Callable[[Row], list[Row]]) -> None:
        super().__init__()
        self.rows = rows

    def receive(self, row: Row, sign: int) -> None:
        for made in self.rows(row):
            self.after.receive(made, sign)


class Keep(Step):
    """Only rows for which a condition is true go on."""

    __slots__ = ("condition", "tally")

    def __init__(self, condition: Compute, tally: Tally) -> None:
        super().__init__()
        self.condition = condition
        self.tally = tally

    def receive(self, row: Row, sign: int) -> None:
        if self.condition(row) is True:
            self.after.receive(row, sign)
        else:
            self.tally.filtered += 1


class Port(Step):
    """One of the inputs of a step with several."""

    __slots__ = ("behind", "side", "watermark")

    def __init__(self, behind: Meeting, side: int) -> None:
        self.behind = behind
        self.side = side
        self.watermark = -(2**63)

    def receive(self, row: Row, sign: int) -> None:
        self.behind.take(self.side, row, sign)

    def advance(self, watermark: int) -> None:
        if watermark > self.watermark:
            self.watermark = watermark
            self.behind.reach(min(port.watermark for port in self.behind.ports))


class Meeting(Step):
    """A step with several inputs; its watermark is that of the slowest."""

    __slots__ = ("ports", "watermark")

    def __init__(self, inputs: int = 2) -> None:
        super().__init__()
        self.ports = [Port(self, side) for side in range(inputs)]
        self.watermark = -(2**63)

    def take(self, side: int, row: Row, sign: int) -> None:
        """A row of the input `side`."""
        self.after.receive(row, sign)

    def reach(self, watermark: int) -> None:
        """The watermark of the slowest input, when that moved."""
        if watermark > self.watermark:
            self.watermark = watermark
            self.passed(watermark)

    def passed(self, watermark: int) -> None:
        """What to do when the watermark moves."""
        self.after.advance(watermark)


class Gate(Meeting):
    """UNION ALL."""

    __slots__ = ()
