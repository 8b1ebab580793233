"""What a planner is: it plans a script's INSERT and starts nothing."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Protocol

from cdk_stream_flink.stack_trace import Failure


class Unreachable(Exception):
    """No planner answers; the text says why."""

    def __init__(
        self, why: str, mend: str = "start it, or name another with --sql-gateway"
    ) -> None:
        super().__init__(why)
        self.mend = mend


class PlannerRefusal(Exception):
    """The planner does not take a statement."""

    def __init__(self, statement: str, failure: Failure) -> None:
        super().__init__(failure.message)
        self.statement = statement
        self.failure = failure


class Desk(Protocol):
    """A place with tables, functions and settings of its own."""

    def execute(self, statement: str) -> None:
        """Run a SET or CREATE; raises `PlannerRefusal` or `Unreachable`."""
        ...

    def explain(self, insert: str) -> str:
        """The plan of an INSERT in Flink's words; raises as `execute` does."""
        ...

    def compile_plan(self, insert: str, name: str) -> str:
        """Make the plan that can be stored, under a file's `name` where there must be a file.

        Its JSON; "" when it lies in a file that cannot be read from here.
        """
        ...


class Planner(Protocol):
    """Somebody to ask."""

    version: str
    """Flink's: `2.3.0`."""
    place: str
    """Where it is: "at http://flink:8083", without a password, or "in this process"."""
    desks: int
    """How many may be open at once."""

    def desk(self) -> AbstractContextManager[Desk]:
        """A fresh desk; raises `Unreachable`."""
        ...
