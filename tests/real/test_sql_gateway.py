"""The SQL Gateway's client, on a real gateway."""

from __future__ import annotations

import time

import pytest

from cdk_stream_flink.sql_gateway import (
    GatewayError,
    ResultColumn,
    Session,
    StatementError,
    StatementTimeout,
    open_session,
)
from tests.real.topics import Topics

GENERATED = "CREATE TABLE t (id INT, name STRING) WITH ('connector' = 'datagen'{})"


def test_rows_come_with_their_columns(session: Session) -> None:
    result = session.execute("SELECT id, name FROM (VALUES (1, 'a'), (2, 'b')) AS v (id, name)")
    assert result.columns == (
        ResultColumn("id", "INTEGER", False),
        ResultColumn("name", "CHAR", False),
    )
    assert result.rows == [(1, "a"), (2, "b")]


def test_many_pages_are_read_to_the_end(session: Session) -> None:
    session.execute(GENERATED.format(", 'number-of-rows' = '20000'"))
    assert len(session.execute("SELECT id FROM t").rows) == 20000


def test_a_table_lives_in_its_session_only(session: Session, flink: dict[str, str]) -> None:
    session.execute(GENERATED.format(""))
    assert [row[:2] for row in session.execute("DESCRIBE t").rows] == [
        ("id", "INT"),
        ("name", "STRING"),
    ]
    with (
        open_session(flink["url"]) as other,
        pytest.raises(StatementError, match=r"identifier '.*\.t' doesn't exist"),
    ):
        other.execute("DESCRIBE t")


def test_a_session_has_the_settings_it_was_opened_with(flink: dict[str, str]) -> None:
    with open_session(flink["url"], {"table.local-time-zone": "Asia/Tokyo"}) as opened:
        settings = dict(row[:2] for row in opened.execute("SET").rows)
    assert settings["table.local-time-zone"] == "Asia/Tokyo"


@pytest.mark.parametrize(
    ("statement", "message", "place"),
    [
        ("SELECT 1 AS at", 'Encountered "at" at line 1, column 13.', (1, 13)),
        ("SELECT *\nFROM nowhere", "Object 'nowhere' not found", (2, 6)),
        ("EXPLAIN SELECT id,\n  nope FROM t", "Column 'nope' not found in any table", (2, 3)),
        ("EXPLAIN SELECT F(id) FROM t", "No match found for function signature F", (1, 16)),
        ("EXPLAIN SELECT id FROM t ORDER BY id", "Sort on a non-time-attribute field", (0, 0)),
        ("SELECT 1; SELECT 2", "only single statement supported", (0, 0)),
    ],
)
def test_a_refusal_says_what_and_where(
    session: Session, statement: str, message: str, place: tuple[int, int]
) -> None:
    session.execute(GENERATED.format(""))
    with pytest.raises(StatementError) as refused:
        session.execute(statement)
    failure = refused.value.failure
    assert failure.message.startswith(message)
    assert (failure.line, failure.column) == place


def test_a_statement_without_end_is_cancelled(session: Session) -> None:
    session.execute(GENERATED.format(""))
    with pytest.raises(StatementTimeout):
        session.execute("SELECT COUNT(*) FROM t", timeout=0)


def test_a_closed_session_answers_no_more(flink: dict[str, str]) -> None:
    opened = open_session(flink["url"])
    again = open_session(flink["url"])
    again._path = opened._path
    opened.close()
    with again, pytest.raises(GatewayError, match="does not exist"):
        again.execute("SELECT 1")


def test_a_job_reads_a_topic_and_writes_another(kafka: Topics, session: Session) -> None:
    orders, big = kafka.create("orders"), kafka.create("big")
    kafka.write(orders, [(None, {"id": n, "amount": n * 100}) for n in range(5)])
    for name, topic in (("orders", orders), ("big", big)):
        session.execute(
            f"CREATE TABLE {name} (id INT, amount BIGINT) WITH ('connector' = 'kafka',"
            f" 'topic' = '{topic}', 'format' = 'json', 'scan.startup.mode' = 'earliest-offset',"
            f" 'properties.bootstrap.servers' = '{kafka.addresses['bootstrap_servers']}')"
        )
    started = session.execute("INSERT INTO big SELECT id, amount FROM orders WHERE amount > 200")
    assert started.job_id
    try:
        assert kafka.read(big, 2) == [
            (None, {"id": 3, "amount": 300}),
            (None, {"id": 4, "amount": 400}),
        ]
    finally:
        session.execute(f"STOP JOB '{started.job_id}'")
    _await_status(session, started.job_id, {"FINISHED", "CANCELED"})


def _await_status(session: Session, job: str, wanted: set[str]) -> None:
    deadline = time.monotonic() + 30
    status = ""
    while status not in wanted and time.monotonic() < deadline:
        status = session.execute(f"DESCRIBE JOB '{job}'").rows[0][2]
        time.sleep(0.1)
    assert status in wanted
