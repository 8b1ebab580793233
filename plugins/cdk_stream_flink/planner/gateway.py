"""The planner behind an SQL Gateway."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit
from urllib.request import url2pathname

from cdk_stream_flink.planner.planner import Desk, PlannerRefusal, Unreachable
from cdk_stream_flink.quote import literal
from cdk_stream_flink.sql_gateway import GatewayError, Session, StatementError, open_session

T = TypeVar("T")
_OF_FILES = ("java.io.", "java.nio.file.", "org.apache.flink.core.fs.")
_SETTINGS = {
    # Without the tables' options, which may hold passwords, and over the file of the last time.
    "table.plan.compile.catalog-objects": "IDENTIFIER",
    "table.plan.force-recompile": "true",
}


class GatewayPlanner:
    """Asks the gateway at `url`, which needs neither a JobManager nor Kafka to plan.

    Compiled plans are written by the gateway itself, into `folder` as it sees it.
    """

    desks = 4

    def __init__(self, url: str, folder: str) -> None:
        self._url = url
        self._folder = folder.rstrip("/")
        with _told(lambda: open_session(url)) as session:
            self.place = f"at {session.address}"
            self.version = _told(lambda: session.version)

    @contextmanager
    def desk(self) -> Iterator[Desk]:
        with _told(lambda: open_session(self._url, _SETTINGS)) as session:
            yield GatewayDesk(session, self._folder)


class GatewayDesk:
    """A session of the gateway."""

    def __init__(self, session: Session, folder: str) -> None:
        self._session = session
        self._folder = folder

    def execute(self, statement: str) -> None:
        self._rows(statement)

    def explain(self, insert: str) -> str:
        rows = self._rows(f"EXPLAIN CHANGELOG_MODE, PLAN_ADVICE {insert}")
        return "\n".join(str(row[0]) for row in rows)

    def compile_plan(self, insert: str, name: str) -> str:
        file = f"{self._folder}/{name}"
        try:
            self._rows(f"COMPILE PLAN {literal(file)} FOR {insert}")
        except PlannerRefusal as refusal:
            failure = refusal.failure
            if failure.exception.startswith(_OF_FILES):
                message = f"no plan can be written to '{file}': {failure.message}"
                raise PlannerRefusal(
                    refusal.statement, failure._replace(message=message)
                ) from refusal
            raise
        return _content(file)

    def _rows(self, statement: str) -> list[tuple[Any, ...]]:
        return _told(lambda: self._session.execute(statement).rows)


def _content(file: str) -> str:
    """The text of a file that the gateway wrote, where both see the same folder; else nothing."""
    address = urlsplit(file)
    if address.scheme not in ("", "file"):
        return ""
    try:
        return Path(url2pathname(address.path)).read_text(encoding="utf-8")
    except OSError:
        return ""


def _told(ask: Callable[[], T]) -> T:
    try:
        return ask()
    except StatementError as refused:
        raise PlannerRefusal(refused.statement, refused.failure) from refused
    except GatewayError as error:
        raise Unreachable(str(error)) from error
