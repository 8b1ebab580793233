"""Every text of the planner that has a mend of ours, as the real planner says it."""

from __future__ import annotations

from pathlib import Path

import pytest

from cdk_stream_flink.planner.gateway import GatewayPlanner
from cdk_stream_flink.planner.mends import mend_of, place_of
from cdk_stream_flink.planner.planner import Desk, PlannerRefusal
from cdk_stream_flink.statement import split_statements

KAFKA = "'properties.bootstrap.servers' = 'localhost:1', 'topic' = 'x', 'value.format' = 'json'"
TABLES = f"""
CREATE TABLE pay (id STRING NOT NULL, customer STRING, amount BIGINT, at TIMESTAMP(3), told STRING,
  WATERMARK FOR `at` AS `at` - INTERVAL '5' SECOND) WITH ('connector' = 'kafka',
  'scan.startup.mode' = 'earliest-offset', {KAFKA});
CREATE TABLE plain (id STRING NOT NULL, at TIMESTAMP(3)) WITH ('connector' = 'kafka',
  'scan.startup.mode' = 'earliest-offset', {KAFKA});
CREATE TABLE customer (id STRING NOT NULL, risk STRING, at TIMESTAMP(3),
  WATERMARK FOR `at` AS `at` - INTERVAL '5' SECOND, PRIMARY KEY (id) NOT ENFORCED) WITH (
  'connector' = 'upsert-kafka', 'key.format' = 'raw', {KAFKA});
CREATE TABLE appended (id STRING, amount BIGINT) WITH ('connector' = 'kafka', {KAFKA});
CREATE TABLE updated (id STRING NOT NULL, amount BIGINT, PRIMARY KEY (id) NOT ENFORCED) WITH (
  'connector' = 'upsert-kafka', 'key.format' = 'raw', {KAFKA});
""".replace(" at ", " `at` ")
APPEND, UPDATE = "INSERT INTO appended (id, amount)\n", "INSERT INTO updated (id, amount)\n"
REFUSED = {
    "Unknown field '*'": f"{APPEND}SELECT id, ABS(p.*) FROM pay p",
    "over a time attribute column": f"{APPEND}SELECT id, COUNT(*) FROM plain\n"
    "GROUP BY id, TUMBLE(`at`, INTERVAL '1' MINUTE)",
    "timecol is a time attribute": f"{APPEND}SELECT id, COUNT(*) FROM TABLE(\n"
    "TUMBLE(TABLE plain, DESCRIPTOR(`at`), INTERVAL '1' MINUTE))\n"
    "GROUP BY id, window_start, window_end",
    "timecol to be TIMESTAMP": f"{APPEND}SELECT id, COUNT(*) FROM TABLE(\n"
    "TUMBLE(TABLE pay, DESCRIPTOR(told), INTERVAL '1' MINUTE))\n"
    "GROUP BY id, window_start, window_end",
    "Sort on a non-time-attribute": f"{APPEND}SELECT id, amount FROM pay ORDER BY amount",
    "No match found for function": f"{APPEND}SELECT id, NOPE(amount) FROM pay",
    "Cannot apply '": f"{APPEND}SELECT id, told - INTERVAL '1' DAY FROM pay",
    "Column 'nope' not found": f"{APPEND}SELECT id, nope FROM pay",
    "Object 'nope' not found": f"{APPEND}SELECT id, amount FROM nope",
    'Encountered "at"': f"{APPEND}SELECT id, at FROM pay",
    "IntervalJoin doesn't support": f"{APPEND}SELECT p.id, amount FROM pay p\nJOIN customer c"
    " ON p.customer = c.id AND p.`at` BETWEEN c.`at` AND c.`at` + INTERVAL '1' HOUR",
    "OverAggregate doesn't support": f"{APPEND}SELECT id, COUNT(*)\nOVER (ORDER BY `at`)"
    " FROM customer",
    "Match Recognize doesn't support": f"{APPEND}SELECT id, n FROM customer\n"
    "MATCH_RECOGNIZE (PARTITION BY id ORDER BY `at` MEASURES COUNT(a.risk) AS n"
    " PATTERN (a+ b) DEFINE b AS b.risk = 'x')",
    "doesn't support consuming update changes": f"{APPEND}SELECT id, COUNT(*) FROM pay GROUP BY id",
    "requires primary key": f"{APPEND}SELECT p.id, p.amount FROM pay p JOIN pay\n"
    "FOR SYSTEM_TIME AS OF p.`at` AS c ON p.customer = c.id",
    "following hints cannot match": f"{APPEND}SELECT\n/*+ STATE_TTL('nope' = '1d') */ p.id, amount"
    " FROM pay p JOIN plain q ON p.id = q.id",
    "Number of columns must match": f"{APPEND}SELECT id, amount, told FROM pay",
    "Incompatible types for sink column": f"{APPEND}SELECT id, told FROM pay",
    "upsert key that differs": f"{UPDATE}SELECT customer, COUNT(*) FROM pay GROUP BY customer,told",
    "Could not find any factory for identifier 'nope'": f"{APPEND}SELECT id, amount FROM pay"
    " /*+ OPTIONS('value.format' = 'nope') */",
    "Unsupported options found": f"{APPEND}SELECT id, amount FROM pay"
    " /*+ OPTIONS('nope' = 'nope') */",
}


@pytest.fixture(scope="module")
def planner(flink: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> GatewayPlanner:
    return GatewayPlanner(flink["url"], tmp_path_factory.mktemp("plans").as_uri())


@pytest.mark.parametrize("says", REFUSED)
def test_the_planner_says_so_and_there_is_a_mend(planner: GatewayPlanner, says: str) -> None:
    insert = REFUSED[says]
    refusal = refused(planner, insert)
    message = refusal.failure.message
    assert says in message
    mend = mend_of(message)
    assert mend.words
    if mend.about:
        assert place_of(mend, insert.partition("\n")[2]) != (0, 0)


def test_determinism_is_asked_for(planner: GatewayPlanner) -> None:
    strict = "SET 'table.optimizer.non-deterministic-update.strategy' = 'TRY_RESOLVE'"
    insert = (
        f"{UPDATE}SELECT c.id, RAND_INTEGER(9) FROM customer c LEFT JOIN pay a ON c.risk = a.id"
        " ON CONFLICT DO DEDUPLICATE"
    )
    message = refused(planner, insert, strict).failure.message
    assert "determinism requirement" in message and "UUID" in mend_of(message).words


def refused(planner: GatewayPlanner, insert: str, *setup: str) -> PlannerRefusal:
    with planner.desk() as desk:
        for statement in [*split_statements(TABLES), *setup]:
            desk.execute(statement)
        return refusal_of(desk, insert)


def refusal_of(desk: Desk, insert: str) -> PlannerRefusal:
    with pytest.raises(PlannerRefusal) as found:
        desk.explain(insert)
    return found.value


def test_a_folder_that_cannot_be_written_is_told(flink: dict[str, str]) -> None:
    with GatewayPlanner(flink["url"], "file:///proc/nowhere").desk() as desk:
        for statement in split_statements(TABLES):
            desk.execute(statement)
        with pytest.raises(PlannerRefusal) as found:
            desk.compile_plan(f"{APPEND}SELECT id, amount FROM pay", "x.json")
    assert "plan_folder" in mend_of(found.value.failure.message).words


def test_a_planner_that_writes_plans_does(planner: GatewayPlanner, tmp_path: Path) -> None:
    with GatewayPlanner(planner._url, tmp_path.as_uri()).desk() as desk:
        for statement in split_statements(TABLES):
            desk.execute(statement)
        desk.compile_plan(f"{APPEND}SELECT id, amount FROM pay", "x.json")
    assert (tmp_path / "x.json").read_text().startswith("{")
