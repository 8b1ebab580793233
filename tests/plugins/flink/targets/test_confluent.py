"""A job as statements of Confluent Cloud."""

from __future__ import annotations

from typing import Any

import pytest

from cdk_stream.plugin.backend import Compiled, Offer, Refusal
from cdk_stream.resources.project import Project
from cdk_stream.results.artifact import Artifact
from cdk_stream.results.stream import Stream
from cdk_stream_flink.backend import FlinkBackend
from tests.plugins.flink.conftest import make_job, make_project, make_stream
from tests.plugins.flink.targets.forms import Same, assert_valid, document

FLINK = FlinkBackend()
CLOUD = {
    "organization": "9bb441c4-edef-46ac-8a41-c49e44a3fd9a",
    "environment": "env-a1b2c3",
    "compute_pool": "lfcp-d4e5f6",
    "catalog": "production",
    "database": "prod-eu",
    "principal": "sa-g7h8i9",
}
SCORE = {"returns": "DOUBLE", "class": "com.acme.Score", "jar": "confluent-artifact://cfa-abc123"}


def cloud_project(**keys: Any) -> Project:
    flink = {"target": "confluent_cloud", "confluent_cloud": CLOUD, "version": "2.2"}
    cluster = {"region": "EU", "flink": flink}
    return make_project(clusters={"prod": cluster}, **keys)


def compiled(job: Stream, **keys: Any) -> Compiled:
    return FLINK.compile(job, cloud_project(**keys))


def texts(artifacts: tuple[Artifact, ...]) -> dict[str, str]:
    """What each statement is called -> its text."""
    return {one.name: document(one)["spec"]["statement"] for one in artifacts}


@pytest.fixture
def orders() -> Stream:
    return make_stream(
        "source.orders",
        "id STRING!, product STRING, cents BIGINT!, at TIMESTAMP_LTZ(3)!",
        format="avro",
        topic="shop.orders.v1",
        event_time="at",
        key=("id",),
    )


def make_scored(orders: Stream, sql: str = "", **keys: Any) -> Stream:
    sql = sql or "SELECT id, SCORE(cents) AS score, `at` FROM orders WHERE cents > 0"
    columns = "id STRING!, score DOUBLE, at TIMESTAMP_LTZ(3)!"
    defaults = dict(
        format="json_schema", topic="shop.scored", key=("id",), event_time="at", functions=["SCORE"]
    )
    return make_job("scored", columns, [orders], sql, **(defaults | keys))


def test_a_query_is_a_table_and_an_insert(orders: Stream, same_form: Same) -> None:
    job = make_scored(orders, resource={"topic": {"partitions": 6}, "state_ttl": "7d"})
    answer = compiled(job, functions={"SCORE": SCORE})
    assert not answer.remarks
    for artifact in answer.artifacts:
        assert_valid(artifact)
        same_form(artifact)
    assert list(texts(answer.artifacts)) == ["function-SCORE", "scored-table", "scored-insert"]


def test_another_text_is_another_statement(orders: Stream) -> None:
    names = []
    for condition in ("cents > 0", "cents > 1"):
        sql = f"SELECT id, 0.5 AS score, `at` FROM orders WHERE {condition}"
        answer = compiled(make_scored(orders, sql, functions=[]))
        names.append([document(one)["name"] for one in answer.artifacts])
    (one_table, one_insert), (other_table, other_insert) = names
    assert one_table == other_table and one_insert != other_insert


def test_updates_have_a_primary_key(orders: Stream) -> None:
    job = make_job(
        "spend",
        "product STRING!, cents BIGINT",
        [orders],
        "SELECT product, SUM(cents) AS cents FROM orders GROUP BY product",
        key=("product",),
        own_key=("product",),
        changelog="upsert",
        format="avro",
    )
    table = texts(compiled(job).artifacts)["spend-table"]
    assert "PRIMARY KEY (`product`) NOT ENFORCED" in table
    assert "'changelog.mode' = 'upsert'" in table


def test_the_authors_own_with_clause_goes_on(orders: Stream) -> None:
    sql = (
        "-- WITH love\n/* of tables */ WITH big AS (SELECT * FROM orders)\n"
        "SELECT id, 0.5 AS score, `at` FROM big"
    )
    insert = texts(compiled(make_scored(orders, sql, functions=[])).artifacts)["scored-insert"]
    assert insert == (
        "INSERT INTO `shop.scored` (`id`, `score`, `at`)\n"
        "WITH `orders` AS (SELECT `id`, `product`, `cents`, `at` FROM `shop.orders.v1`),"
        " big AS (SELECT * FROM orders)\nSELECT id, 0.5 AS score, `at` FROM big"
    )


def test_a_topic_of_the_same_name_needs_no_other(orders: Stream) -> None:
    orders.topic = "orders"
    insert = texts(compiled(make_scored(orders, functions=[])).artifacts)["scored-insert"]
    assert "WITH" not in insert


def test_a_source_is_told_its_time(orders: Stream, same_form: Same) -> None:
    (artifact,) = compiled(orders).artifacts
    assert_valid(artifact)
    same_form(artifact)


def test_a_source_without_time_is_left_alone(orders: Stream) -> None:
    orders.event_time = ""
    assert compiled(orders).artifacts == ()


def test_a_jar_of_elsewhere_is_refused(orders: Stream) -> None:
    answer = compiled(
        make_scored(orders), functions={"SCORE": SCORE | {"jar": "s3://acme/score.jar"}}
    )
    (remark,) = answer.remarks
    assert remark.code == "CS674" and "confluent-artifact://" in remark.mend
    assert answer.artifacts == ()


def test_parallelism_is_not_ours(orders: Stream) -> None:
    answer = compiled(make_scored(orders, functions=[], resource={"parallelism": 4}))
    assert [remark.code for remark in answer.remarks] == ["CS675"] and answer.artifacts


@pytest.mark.parametrize(
    ("keys", "reason"),
    [
        ({"format": "json"}, "Confluent Cloud has no format for json, that of 'orders'"),
        ({"materialized": "virtual_topic"}, "'orders' exists only in the Gateway"),
    ],
)
def test_what_it_cannot_read_is_refused(orders: Stream, keys: dict[str, Any], reason: str) -> None:
    for key, value in keys.items():
        setattr(orders, key, value)
    answer = FLINK.offer(make_scored(orders, functions=[]), cloud_project())
    assert isinstance(answer, Refusal) and answer.reason.startswith(reason)


def test_what_has_a_schema_is_taken(orders: Stream) -> None:
    assert isinstance(FLINK.offer(make_scored(orders, functions=[]), cloud_project()), Offer)
