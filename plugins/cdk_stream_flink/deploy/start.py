"""A script -> a job that runs: in a session of its own, from nothing or from a savepoint."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

from cdk_stream.plugin.system import Secrets, SystemFailed
from cdk_stream_flink.deploy.naming import JobName
from cdk_stream_flink.quote import literal
from cdk_stream_flink.sql_gateway import GatewayError, Session, StatementError, StatementTimeout
from cdk_stream_flink.statement import split_statements
from cdk_stream_flink.version import NEWEST, release

_PLACEHOLDER = re.compile(r"\$\{[a-z]+:[^}]*\}")
_EARLIEST = "'scan.startup.mode' = 'earliest-offset'"
_WHERE_IT_STOPPED = (
    "'scan.startup.mode' = 'group-offsets',\n  'properties.auto.offset.reset' = 'earliest'"
)

OpenSession = Callable[[], Session]


class Start(NamedTuple):
    """How a job begins."""

    name: JobName
    script: str
    savepoint: str = ""
    """Where its state comes from; empty for an empty start."""
    where_it_stopped: bool = False
    """Without state, and on the rows that its consumer group has not read yet."""


class Refused(Exception):
    """Flink does not take the job; `str()` is its own last word."""


def explain(start: Start, gateway: OpenSession, secrets: Secrets) -> None:
    """Ask the live planner whether it takes the script; raises `Refused` and starts nothing."""
    *before, insert = _statements(start, secrets)
    with _session(gateway) as session:
        for statement in [*before, f"EXPLAIN {insert}"]:
            _execute(session, statement)


def submit(start: Start, gateway: OpenSession, secrets: Secrets) -> str:
    """Start the job; its id. Raises `Refused` when Flink does not take it.

    `SystemFailed.unsure` when the answer got lost: then the job may run, under the name of `start`.
    """
    *before, insert = _statements(start, secrets)
    with _session(gateway) as session:
        settings = [f"SET 'pipeline.name' = {literal(str(start.name))}"]
        if start.savepoint:
            key = _recovery(session)
            settings.append(f"SET '{key}' = {literal(start.savepoint)}")
        for statement in [*before, *settings]:
            _execute(session, statement)
        job_id = _execute(session, insert, writes=True)
    if not job_id:
        raise SystemFailed("the SQL Gateway started a job and did not say which", unsure=True)
    return job_id


def _statements(start: Start, secrets: Secrets) -> list[str]:
    script = start.script
    if start.where_it_stopped:
        script = script.replace(_EARLIEST, _WHERE_IT_STOPPED)
    # placeholders stand inside of literals only
    return [
        resolved(statement, lambda name: secrets(name).replace("'", "''"))
        for statement in split_statements(script)
    ]


def resolved(text: str, secrets: Secrets) -> str:
    """A text with what its placeholders stand for; never to be shown or kept."""
    return _PLACEHOLDER.sub(lambda found: secrets(found[0]), text)


def _recovery(session: Session) -> str:
    try:
        return (release(session.version) or NEWEST).restores_by
    except GatewayError as error:
        raise SystemFailed(str(error), again=True) from error


@contextmanager
def _session(gateway: OpenSession) -> Iterator[Session]:
    try:
        session = gateway()
    except GatewayError as error:
        mend = "check `flink: sql_gateway:` of the cluster, and that it runs"
        raise SystemFailed(str(error), mend, again=True) from error
    with session:
        yield session


def _execute(session: Session, statement: str, *, writes: bool = False) -> str:
    try:
        return session.execute(statement).job_id or ""
    except StatementError as error:
        raise Refused(str(error)) from error
    except (StatementTimeout, GatewayError) as error:
        raise SystemFailed(str(error), unsure=writes, again=not writes) from error
