"""The scripts, whole: each is a plain file under golden/."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cdk_stream.results.stream import Stream
from cdk_stream_flink.backend import FlinkBackend
from tests.plugins.flink.conftest import CLUSTER, make_job, make_project, make_stream

Compare = Callable[[str, str], None]
FLINK = FlinkBackend()
SCORE = {"returns": "DOUBLE", "class": "com.acme.FraudScore", "jar": "s3://acme/fraud-udf-1.4.jar"}


def script(job: Stream, **keys: Any) -> str:
    compiled = FLINK.compile(job, make_project(**keys))
    assert not compiled.remarks
    (artifact,) = compiled.artifacts
    assert (artifact.kind, artifact.name, artifact.cluster) == ("flink_job", job.name, "prod")
    assert isinstance(artifact.spec, str)
    return artifact.spec


def test_a_join_of_a_view_and_an_avro_topic(same_as_golden: Compare) -> None:
    view = make_stream(
        "model.card_payments_clean",
        "payment_id STRING!, customer_id STRING!, amount_cents BIGINT!, currency STRING,"
        " event_time TIMESTAMP_LTZ(3)!",
        materialized="virtual_topic",
        event_time="event_time",
        key=("payment_id",),
        topic="card_payments_clean",
    )
    customers = make_stream(
        "source.customers_cdc",
        "customer_id STRING!, national_id STRING!, risk_band STRING!, updated_at TIMESTAMP_LTZ(3)!",
        format="avro",
        event_time="updated_at",
        idle_timeout_ms=60_000,
        key=("customer_id",),
    )
    customers.columns["risk_band"].enum = ("crm.RiskBand", "LOW", "MEDIUM", "HIGH")
    job = make_job(
        "fraud_events",
        "payment_id STRING!, amount_cents BIGINT!, risk_score DOUBLE, event_time TIMESTAMP_LTZ(3)!",
        [view, customers],
        "SELECT\n  p.payment_id,\n  p.amount_cents,\n"
        "  FRAUD_SCORE(p.amount_cents, c.risk_band) AS risk_score,\n  p.event_time\n"
        "FROM card_payments_clean p\nJOIN customers_cdc c\n  ON p.customer_id = c.customer_id\n"
        "  AND p.event_time BETWEEN c.updated_at - INTERVAL '30' DAY AND c.updated_at\n",
        key=("payment_id",),
        functions=["FRAUD_SCORE"],
        features=["interval_join", "udf"],
    )
    same_as_golden("join", script(job, functions={"FRAUD_SCORE": SCORE}))


def test_an_updating_query_with_state_of_its_own(payments: Stream, same_as_golden: Compare) -> None:
    job = make_job(
        "spend",
        "customer_id STRING!, currency STRING, total BIGINT",
        [payments],
        "SELECT customer_id, 'EUR' AS currency, SUM(amount) AS total\n"
        "FROM payments GROUP BY customer_id",
        key=("customer_id", "currency"),
        own_key=("currency", "customer_id"),
        changelog="upsert",
        features=["group_by"],
        resource={"state_ttl": "30d", "parallelism": 4},
    )
    flink = {"version": "2.3", "properties": {"execution.checkpointing.interval": "10 s"}}
    same_as_golden("updating", script(job, flink=flink))


def test_updating_inputs(same_as_golden: Compare) -> None:
    orders = make_stream(
        "source.orders",
        "id BIGINT!, user STRING, value DECIMAL(10, 2), at TIMESTAMP(3)",
        format="debezium_json",
        changelog="retract",
        key=("id",),
    )
    rates = make_stream(
        "model.rates",
        "currency STRING, day DATE, rate DOUBLE, event_time TIMESTAMP_LTZ(6)",
        changelog="upsert",
        key=("currency", "day"),
        event_time="event_time",
        watermark_ms=3_600_250,
    )
    job = make_job(
        "orders_now",
        "id BIGINT!, amount DOUBLE",
        [orders, rates],
        "SELECT id, CAST(`value` AS DOUBLE) / r.rate AS amount\nFROM orders, rates r -- all of it;",
        key=("id",),
        changelog="retract",
        features=["cross_join"],
    )
    compiled = FLINK.compile(job, make_project(flink={"version": "2.3"}))
    assert [remark.code for remark in compiled.remarks] == ["CS623"]
    same_as_golden("updating_inputs", str(compiled.artifacts[0].spec))


def test_formats_that_must_list_every_column(same_as_golden: Compare) -> None:
    clusters = {
        "lab": {
            "kafka": {
                "bootstrap_servers": "lab:9092",
                "properties": {"sasl.password": "${env:P}", "security.protocol": "SASL_SSL"},
            }
        },
        "prod": {
            "kafka": {"bootstrap_servers": "kafka:9092"},
            "flink": {"sql_gateway": "http://flink:8083", "version": "1.20.1"},
        },
    }
    avro = make_stream("source.readings", "a INT!, b STRING, at TIMESTAMP_LTZ(6)", format="avro")
    avro.cluster = "lab"
    proto = make_stream(
        "source.devices",
        "id STRING!, label STRING",
        format="protobuf",
        resource={"message_class": "com.acme.Device"},
    )
    lines = make_stream("source.lines", "line STRING", format="raw")
    sql = "SELECT a FROM readings UNION ALL SELECT 1 FROM devices UNION ALL SELECT 2 FROM lines;"
    job = make_job("mixed", "a INT!", [avro, proto, lines], sql, features=["union"])
    same_as_golden("formats", script(job, clusters=clusters))


def test_rows_written_exactly_once_and_read_when_they_are_final(same_as_golden: Compare) -> None:
    exactly = {"delivery": "exactly_once"}
    orders = make_stream("model.orders", "id STRING!, amount BIGINT", resource=exactly)
    job = make_job(
        "big_orders",
        "id STRING!, amount BIGINT",
        [orders],
        "SELECT id, amount FROM orders WHERE amount > 100",
        key=("id",),
        resource=exactly,
    )
    same_as_golden("exactly_once", script(job))


LOGIN = (
    "org.apache.kafka.common.security.plain.PlainLoginModule required"
    ' username="{account}" password="${env:PASSWORD_OF_{ACCOUNT}}";'
)
SASL = {"security.protocol": "SASL_SSL", "sasl.mechanism": "PLAIN", "sasl.jaas.config": LOGIN}


def test_a_view_is_read_through_the_gateway_as_the_jobs_own_account(
    same_as_golden: Compare,
) -> None:
    view = make_stream(
        "model.payments_clean",
        "payment_id STRING!, customer_id STRING!, cents BIGINT!, event_time TIMESTAMP_LTZ(3)!",
        materialized="virtual_topic",
        topic="payments_clean",
        event_time="event_time",
        idle_timeout_ms=30_000,
        key=("payment_id",),
    )
    job = make_job(
        "spend_5m",
        "customer_id STRING!, window_end TIMESTAMP(3)!, cents BIGINT",
        [view],
        "SELECT customer_id, window_end, SUM(cents) AS cents\n"
        "FROM TABLE(TUMBLE(TABLE `payments_clean`, DESCRIPTOR(event_time), INTERVAL '5' MINUTE))\n"
        "GROUP BY customer_id, window_start, window_end",
        key=("customer_id",),
        features=["window"],
    )
    cluster = CLUSTER | {
        "kafka": {"bootstrap_servers": "kafka:9092", "properties": SASL},
        "gateway": CLUSTER["gateway"] | {"properties": SASL},
    }
    same_as_golden("view", script(job, clusters={"prod": cluster}))


def test_one_event_time_is_written_and_reserved_words_are_quoted(same_as_golden: Compare) -> None:
    orders = make_stream(
        "source.orders",
        "id STRING!, ordered_at TIMESTAMP_LTZ(3)!, lines ARRAY<ROW<value INT>>",
        event_time="ordered_at",
        key=("id",),
    )
    parcels = make_stream(
        "source.parcels", "id STRING!, sent_at TIMESTAMP_LTZ(3)!", event_time="sent_at"
    )
    job = make_job(
        "sent",
        "id STRING!, ordered_at TIMESTAMP_LTZ(3)!, sent_at TIMESTAMP_LTZ(3)!,"
        " lines ARRAY<ROW<value INT>>",
        [orders, parcels],
        "SELECT o.id, o.ordered_at, p.sent_at, o.lines\nFROM orders o JOIN parcels p\n"
        "  ON o.id = p.id\n  AND p.sent_at BETWEEN o.ordered_at"
        " AND o.ordered_at + INTERVAL '1' DAY -- at once",
        event_time="sent_at",
        key=("id",),
        features=["interval_join"],
    )
    job.analysis.times = ("ordered_at", "sent_at")
    same_as_golden("two_times", script(job, flink={"version": "2.3"}))
