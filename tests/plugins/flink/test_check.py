"""What an author is told before a query becomes a job."""

from __future__ import annotations

from typing import Any

import pytest

from cdk_stream.plugin.backend import NOTHING, Compiled
from cdk_stream.results.stream import Protection, Stream
from cdk_stream_flink.backend import FlinkBackend
from tests.plugins.flink.conftest import CLUSTER, make_columns, make_job, make_project, make_stream

FLINK = FlinkBackend()
ENCRYPTED = Protection("encrypt", ("source.payments", "card_number"), "model.x", key="vault://k")


def compiled(job: Stream, **keys: Any) -> Compiled:
    return FLINK.compile(job, make_project(**keys))


def codes(answer: Compiled) -> list[tuple[str, str, str]]:
    return [(remark.code, str(remark.severity), remark.pointer) for remark in answer.remarks]


def script(answer: Compiled) -> str:
    (artifact,) = answer.artifacts
    assert isinstance(artifact.spec, str)
    return artifact.spec


def make_spend(payments: Stream, **keys: Any) -> Stream:
    """A query whose rows are updated later, by customer_id."""
    defaults = {"key": ("customer_id",), "own_key": ("customer_id",), "changelog": "upsert"}
    sql = "SELECT customer_id, SUM(amount) AS total FROM payments GROUP BY customer_id"
    columns = "customer_id STRING!, total BIGINT"
    return make_job("spend", columns, [payments], sql, **(defaults | keys))


def make_copy(source: Stream, **keys: Any) -> Stream:
    """A query without state: `SELECT payment_id`."""
    sql = keys.pop("sql", f"SELECT payment_id FROM {source.name}")
    return make_job("copy", "payment_id STRING!", [source], sql, **keys)


def test_rows_that_are_only_added_are_keyed_for_kafka(payments: Stream) -> None:
    text = script(compiled(make_copy(payments, key=("payment_id",))))
    assert "'connector' = 'kafka'" in text
    assert "'key.fields' = 'payment_id'" in text
    assert "PRIMARY KEY" not in text


def test_rows_that_are_updated_need_a_key(payments: Stream) -> None:
    answer = compiled(make_spend(payments, key=()))
    assert codes(answer) == [("CS622", "error", "")]
    assert answer.artifacts == ()
    assert "add `key:`" in answer.remarks[0].mend


def test_a_key_that_the_query_does_not_give(payments: Stream) -> None:
    answer = compiled(make_copy(payments, key=("paymentid",)))
    assert codes(answer) == [("CS621", "error", "/key")]
    assert "'payment_id'" in answer.remarks[0].mend


@pytest.mark.parametrize("version", ["1.20", "2.0", "2.1", "2.2", "2.2.1", "2.3"])
def test_a_key_that_is_not_the_querys_own(payments: Stream, version: str) -> None:
    answer = compiled(
        make_spend(payments, own_key=("customer_id", "currency")), flink={"version": version}
    )
    assert codes(answer) == [("CS623", "warning", "/key")]
    assert ("ON CONFLICT DO DEDUPLICATE" in script(answer)) is (version == "2.3")


def test_the_querys_own_key_needs_no_clause(payments: Stream) -> None:
    answer = compiled(make_spend(payments), flink={"version": "2.3"})
    assert answer.remarks == ()
    assert "ON CONFLICT" not in script(answer)


def test_an_updating_input_without_a_key(payments: Stream) -> None:
    payments.changelog = "upsert"
    assert codes(compiled(make_copy(payments))) == [("CS622", "error", "")]


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT payment_id FROM payments -- the last line",
        "SELECT payment_id FROM payments;\n",
        "SELECT payment_id, 'a;b -- c' FROM `payments` /* ; */",
        "\n  SELECT payment_id\n  FROM payments\n\n",
        "WITH q AS (SELECT payment_id FROM payments) SELECT payment_id FROM q",
    ],
)
def test_the_authors_text_is_shipped_as_it_is(payments: Stream, sql: str) -> None:
    text = script(compiled(make_copy(payments, sql=sql)))
    assert text.endswith(f"INSERT INTO `copy` (`payment_id`)\n{sql.rstrip().rstrip(';')}\n;\n")


def test_only_the_columns_that_the_text_names_are_read(payments: Stream) -> None:
    before = script(compiled(make_copy(payments)))
    assert "card_number" not in before
    payments.columns |= make_columns("added_upstream INT")
    assert script(compiled(make_copy(payments))) == before


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT p.* FROM payments p",
        "SELECT payment_id FROM payments NATURAL JOIN payments",
    ],
)
def test_all_columns_are_read_when_any_may_be_meant(payments: Stream, sql: str) -> None:
    assert "`card_number`" in script(compiled(make_copy(payments, sql=sql)))


def test_a_type_that_nobody_knows_is_an_error_where_it_is_read(payments: Stream) -> None:
    payments.columns |= make_columns("extra, payment_note")
    assert compiled(make_copy(payments)).remarks == ()
    answer = compiled(make_copy(payments, sql="SELECT payment_note FROM payments"))
    assert codes(answer) == [("CS624", "error", "")]
    assert "'payment_note' of 'payments'" in answer.remarks[0].message


def test_a_type_that_nobody_knows_is_an_error_where_it_is_written(payments: Stream) -> None:
    job = make_copy(payments)
    job.columns |= make_columns("score")
    assert codes(compiled(job)) == [("CS624", "error", "")]


def test_columns_that_nobody_knows(payments: Stream) -> None:
    assert codes(compiled(make_copy(payments, open=True))) == [("CS624", "error", "/sql")]


@pytest.mark.parametrize("features", [["window"], ["interval_join"], ["temporal_join"], ["over"]])
def test_an_event_time_that_is_no_time(payments: Stream, features: list[str]) -> None:
    payments.columns |= make_columns("event_time BIGINT")
    assert codes(compiled(make_copy(payments, features=features))) == [("CS626", "error", "")]


def test_an_event_time_that_is_no_time_where_none_is_needed(payments: Stream) -> None:
    payments.columns |= make_columns("event_time BIGINT")
    answer = compiled(make_copy(payments, features=["filter"]))
    assert answer.remarks == ()
    assert "WATERMARK" not in script(answer)


def test_times_finer_than_avro_holds(payments: Stream) -> None:
    payments.format = "avro"
    payments.columns |= make_columns("event_time TIMESTAMP_LTZ(6)")
    assert codes(compiled(make_copy(payments))) == [("CS625", "error", "")]


def test_avro_instants_need_a_job_in_utc(payments: Stream) -> None:
    payments.format = "avro"
    paris = {"properties": {"table.local-time-zone": "Europe/Paris"}}
    assert compiled(make_copy(payments)).remarks == ()
    assert codes(compiled(make_copy(payments), flink=paris)) == [("CS627", "error", "")]


def test_names_that_need_quotes() -> None:
    odd = make_stream("source.odd-topic.v1", "payment_id STRING, o`clock INT, timestamp INT")
    job = make_job("out", "payment_id STRING", [odd], "SELECT * FROM `odd-topic.v1`")
    text = script(compiled(job))
    assert "CREATE TEMPORARY TABLE `odd-topic.v1` (" in text
    assert "`o``clock` INT" in text
    assert "`timestamp` INT" in text


def test_a_view_is_read_through_the_gateway(payments: Stream) -> None:
    payments.materialized = "virtual_topic"
    text = script(compiled(make_copy(payments)))
    assert text.count("'gateway:6969'") == 1
    assert text.count("'kafka:9092'") == 1


def test_encrypted_columns_are_read_and_written_through_the_gateway(payments: Stream) -> None:
    payments.columns["card_number"].protections = (ENCRYPTED,)
    job = make_job("out", "card_number STRING", [payments], "SELECT card_number FROM payments")
    job.columns["card_number"].protections = (ENCRYPTED,)
    text = script(compiled(job))
    assert text.count("'gateway:6969'") == 2
    assert "kafka:9092" not in text


def test_a_gateway_without_an_address(payments: Stream) -> None:
    payments.materialized = "virtual_topic"
    clusters = {"prod": CLUSTER | {"gateway": {"url": "http://gateway:8888"}}}
    answer = compiled(make_copy(payments), clusters=clusters)
    assert codes(answer) == [("CS620", "error", "")]
    assert "`clusters.prod.gateway`" in answer.remarks[0].mend


def test_brokers_without_an_address(payments: Stream) -> None:
    clusters = {"prod": {"flink": CLUSTER["flink"]}}
    answer = compiled(make_copy(payments), clusters=clusters)
    assert codes(answer) == [("CS620", "error", ""), ("CS620", "error", "")]


@pytest.mark.parametrize(
    ("key", "value", "refused"),
    [
        ("sasl.password", "hunter2", True),
        ("sasl.password", "${env:P}", False),
        ("sasl.jaas.config", 'X required username="${env:U}" password="hunter2";', True),
        ("sasl.jaas.config", 'X required username="{account}" password="${env:P}";', False),
        ("security.protocol", "SASL_SSL", False),
    ],
)
def test_secrets_never_reach_a_script(
    payments: Stream, key: str, value: str, refused: bool
) -> None:
    kafka = {"bootstrap_servers": "kafka:9092", "properties": {key: value}}
    answer = compiled(make_copy(payments), clusters={"prod": CLUSTER | {"kafka": kafka}})
    assert codes(answer) == ([("CS628", "error", "")] if refused else [])
    assert "hunter2" not in str(answer)


def test_models_of_other_backends_are_left_alone(payments: Stream) -> None:
    job = make_copy(payments)
    job.backend = "proxy"
    assert compiled(job) is NOTHING
    assert compiled(payments) is NOTHING
    assert FLINK.grant(None, {}, make_project()) is NOTHING


def test_the_same_job_gives_the_same_script(payments: Stream) -> None:
    assert script(compiled(make_copy(payments))) == script(compiled(make_copy(payments)))


@pytest.mark.parametrize(
    ("feature", "says"),
    [
        ("window", "a window closes once every partition of 'payments' has later rows"),
        ("temporal_join", "FOR SYSTEM_TIME AS OF finds a version once"),
        ("match_recognize", "MATCH_RECOGNIZE looks at a row once"),
        ("over", "OVER gives a row once"),
    ],
)
def test_what_waits_for_a_partition_without_rows(payments: Stream, feature: str, says: str) -> None:
    answer = compiled(make_copy(payments, features=[feature]))
    assert codes(answer) == [("CS631", "warning", "/sql")]
    assert answer.remarks[0].message.startswith(says)
    assert "idle_timeout: 1 minute" in answer.remarks[0].mend and answer.artifacts


def test_what_does_not_wait(payments: Stream) -> None:
    assert codes(compiled(make_copy(payments, features=["interval_join", "group_by"]))) == []
    payments.idle_timeout_ms = 60_000
    assert codes(compiled(make_copy(payments, features=["window"]))) == []
    alone = make_stream(
        "model.alone",
        "payment_id STRING!, event_time TIMESTAMP_LTZ(3)!",
        event_time="event_time",
        resource={"topic": {"partitions": 1}},
    )
    assert codes(compiled(make_copy(alone, features=["window"]))) == []


@pytest.mark.parametrize(
    ("login", "told"),
    [
        ('M required username="flink" password="${env:P}";', ["CS633"]),
        ('M required username="{account}" password="${env:P}";', []),
        ('M required username="cdk-shop-copy" password="${env:P}";', []),
        ('M required username="${env:USER}" password="${env:P}";', []),
        ("${env:LOGIN}", []),
    ],
)
def test_who_the_job_connects_as(payments: Stream, login: str, told: list[str]) -> None:
    kafka = {"bootstrap_servers": "kafka:9092", "properties": {"sasl.jaas.config": login}}
    answer = compiled(make_copy(payments), clusters={"prod": CLUSTER | {"kafka": kafka}})
    assert [remark.code for remark in answer.remarks] == told
    assert all("'cdk-shop-copy'" in remark.message for remark in answer.remarks)
