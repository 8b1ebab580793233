"""Ask Flink's planner about a query."""

from __future__ import annotations

import re
from pathlib import Path

from cdk_stream_flink.sql_gateway import Session, StatementError
from cdk_stream_flink.statement import split_statements
from tests.planner.answer import Answer
from tests.planner.corpus import FUNCTIONS, TABLES, Case, table_statements

_MODE = re.compile(r"changelogMode=\[([^\]]*)\]")
_KEY = re.compile(r"upsert key: (.*?)\. This can lead")
_LISTED = re.compile(r"\[([^\]]+)\]")
_ROWTIME = " *ROWTIME*"
_PROCTIME = " *PROCTIME*"
_CONNECTOR = (
    "'connector' = 'upsert-kafka', 'topic' = 'x', 'properties.bootstrap.servers' = 'localhost:1',"
    " 'key.format' = 'csv', 'value.format' = 'json'"
)


def ask(session: Session, case: Case) -> Answer:
    """Everything that the planner tells of the result, without starting anything."""
    try:
        session.execute(f"CREATE TEMPORARY VIEW asked AS {case.query}")
    except StatementError as refused:
        return _refusal(refused)
    try:
        described = describe(session, "asked")
        changelog = _changelog(session, case.query)
        keys = () if changelog == "I" else _upsert_keys(session, described)
        times = tuple(name for name in described.times if _opens_windows(session, name))
    except StatementError as refused:
        return _refusal(refused)
    finally:
        session.execute("DROP TEMPORARY VIEW asked")
    return Answer(described.columns, times, changelog, keys)


def prepare(session: Session, jar: Path) -> None:
    """The tables and functions of the corpus; `jar` holds a class for each function."""
    for statement in split_statements(table_statements()):
        session.execute(statement)
    for name in FUNCTIONS:
        session.execute(
            f"CREATE TEMPORARY SYSTEM FUNCTION {name} AS '{class_of(name)}' USING JAR '{jar}'"
        )


def class_of(function: str) -> str:
    return f"com.acme.corpus.{function.title().replace('_', '')}"


def describe_tables(session: Session) -> dict[str, Answer]:
    """`table: NAME` -> its columns, times, primary key and changelog mode."""
    found = {}
    for name in TABLES:
        table = describe(session, name)
        changelog = _changelog(session, f"SELECT * FROM `{name}`")
        found[f"table: {name}"] = Answer(table.columns, table.times, changelog, table.keys)
    return found


def describe(session: Session, name: str) -> Answer:
    rows = session.execute(f"DESCRIBE `{name}`").rows
    columns = tuple((row[0], _plain(row[1]), bool(row[2])) for row in rows)
    times = tuple(row[0] for row in rows if row[1].endswith(_ROWTIME))
    keys = [row[3] for row in rows if row[3]]
    key = tuple(keys[0].removeprefix("PRI(").rstrip(")").split(", ")) if keys else ()
    return Answer(columns, times, keys=(key,) if key else ())


def _plain(type_: str) -> str:
    return type_.removesuffix(_ROWTIME).removesuffix(_PROCTIME)


def _changelog(session: Session, query: str) -> str:
    (row,) = session.execute(f"EXPLAIN CHANGELOG_MODE {query}").rows
    physical = row[0].split("== Optimized Physical Plan ==", 1)[1]
    found = _MODE.search(physical)
    assert found is not None
    return found[1]


def _opens_windows(session: Session, column: str) -> bool:
    # DESCRIBE calls a column a time attribute even where the plan has made it a plain time.
    window = "TUMBLE(TABLE probe, DESCRIPTOR(probed), INTERVAL '1' MINUTE)"
    try:
        session.execute(
            f"EXPLAIN WITH probe AS (SELECT `{column}` AS probed FROM asked)"
            f" SELECT COUNT(*) FROM TABLE({window}) GROUP BY window_start, window_end"
        )
    except StatementError as refused:
        # A window right upon a window makes the planner of 2.3 fail, not refuse.
        return refused.failure.exception == "java.lang.NullPointerException"
    return True


def _upsert_keys(session: Session, asked: Answer) -> tuple[tuple[str, ...], ...]:
    # The planner names a query's keys only when it refuses to write the query by another one.
    columns = ", ".join(f"`{name}` {type_}" for name, type_, _ in asked.columns)
    session.execute(
        f"CREATE TEMPORARY TABLE written ({columns}, `own key` STRING NOT NULL,"
        f" PRIMARY KEY (`own key`) NOT ENFORCED) WITH ({_CONNECTOR})"
    )
    try:
        session.execute("EXPLAIN INSERT INTO written SELECT *, UUID() FROM asked")
    except StatementError as refused:
        found = _KEY.search(str(refused))
        if found is None:
            raise
        return tuple(tuple(key.split(", ")) for key in _LISTED.findall(found[1]))
    finally:
        session.execute("DROP TEMPORARY TABLE written")
    return ((),)


def _refusal(refused: StatementError) -> Answer:
    return Answer(refusal=str(refused).splitlines()[0])
