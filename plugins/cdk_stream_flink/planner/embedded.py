"""The planner of PyFlink, in this process: no server, but a Java of its own."""

from __future__ import annotations

import importlib
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from cdk_stream_flink.planner.planner import Desk, PlannerRefusal, Unreachable
from cdk_stream_flink.stack_trace import read_failure

T = TypeVar("T")
_SET = re.compile(r"SET '((?:[^']|'')*)' = '((?:[^']|'')*)'", re.DOTALL)


class EmbeddedPlanner:
    """Plans with the jars of PyFlink's own `lib` folder; connectors and formats belong there."""

    place = "in this process"
    desks = 1

    def __init__(self) -> None:
        if not os.environ.get("FLINK_HOME", "set"):
            del os.environ["FLINK_HOME"]  # PyFlink takes an empty one for a folder
        try:
            self._table: Any = importlib.import_module("pyflink.table")
            self.version: str = importlib.import_module("pyflink.version").__version__
        except ImportError as error:
            mend = 'install it: pip install "cdk-stream[pyflink]"'
            raise Unreachable(f"PyFlink cannot be imported: {error}", mend) from error

    @contextmanager
    def desk(self) -> Iterator[Desk]:
        settings = self._table.EnvironmentSettings.in_streaming_mode()
        yield EmbeddedDesk(self._table.TableEnvironment.create(settings), self._table.ExplainDetail)


class EmbeddedDesk:
    """A table environment."""

    def __init__(self, environment: Any, detail: Any) -> None:
        self._environment = environment
        self._details = (detail.CHANGELOG_MODE, detail.PLAN_ADVICE)

    def execute(self, statement: str) -> None:
        setting = _SET.fullmatch(statement)
        if setting is not None:
            key, value = (text.replace("''", "'") for text in setting.groups())
            self._environment.get_config().set(key, value)
        else:
            _told(statement, lambda: self._environment.execute_sql(statement))

    def explain(self, insert: str) -> str:
        text: str = _told(insert, lambda: self._environment.explain_sql(insert, *self._details))
        return text

    def compile_plan(self, insert: str, name: str) -> str:
        java = self._environment._j_tenv  # the Python API has no COMPILE PLAN
        text: str = _told(insert, lambda: java.compilePlanSql(insert).asJsonString())
        return text


def _told(statement: str, ask: Callable[[], T]) -> T:
    try:
        return ask()
    except Exception as error:  # PyFlink turns some of what Java throws into classes of its own
        raise PlannerRefusal(statement, read_failure(_trace(error))) from error


def _trace(error: Exception) -> str:
    """All causes, as Java prints them; PyFlink's own exceptions only know the outermost."""
    thrown: Any = getattr(error, "java_exception", None)
    if thrown is None:
        thrown = getattr(error.__context__, "java_exception", None)
    causes = []
    while thrown is not None:
        causes.append(str(thrown.toString()))
        thrown = thrown.getCause()
    return "\nCaused by: ".join(causes) or str(error)
