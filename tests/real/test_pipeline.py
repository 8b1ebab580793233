"""A compiled project at work: rows in, right rows out, each part with its own rights."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from confluent_kafka import KafkaException, Producer

from cdk_stream_flink.sql_gateway import StatementError
from tests.real import postgres
from tests.real.pipeline import Pipeline, until
from tests.real.rest import send
from tests.real.topics import Topics

ORDERS = [
    ("o1", "ann", 100, "PAID", "10:00:10"),
    ("o2", "bob", 250, "OPEN", "10:00:20"),
    ("o3", "ann", 50, "SHIPPED", "10:00:50"),
    ("o4", "bob", 70, "PAID", "10:01:05"),
    ("o5", "eve", 5, "PAID", "10:03:00"),
]
LATER = ("o6", "ann", 1000, "PAID", "10:04:00")
Order = tuple[str, str, int, str, str]


def _row(order: Order) -> tuple[str, dict[str, Any]]:
    identity, customer, cents, status, time = order
    return identity, {
        "order_id": identity,
        "customer_id": customer,
        "amount_cents": cents,
        "status": status,
        "ordered_at": f"2026-01-01T{time}Z",
    }


@pytest.fixture(scope="module")
def database() -> Iterator[postgres.Database]:
    if not postgres.is_installed():
        pytest.skip("there is no PostgreSQL on this machine")
    with postgres.running() as started:
        yield started


@pytest.fixture(scope="module")
def shop(
    tmp_path_factory: pytest.TempPathFactory,
    kafka: Topics,
    flink: dict[str, str],
    connect: str,
    registry: str,
    database: postgres.Database,
) -> Iterator[Pipeline]:
    addresses = {
        "kafka.test:9092": kafka.addresses["sasl_bootstrap_servers"],
        "http://flink.test:8083": flink["url"],
        "http://connect.test:8083": connect,
        "http://registry.test": registry,
        "database.test": database.address,
    }
    pipeline = Pipeline(tmp_path_factory.mktemp("shop"), kafka, addresses)
    pipeline.prepare(registry)
    for model in ("paid_orders", "minutes", "spend"):
        pipeline.start(model)
    connector = pipeline.sink(connect, registry, "spend_table")
    kafka.write(pipeline.topic("orders"), map(_row, ORDERS))
    yield pipeline
    send("DELETE", f"{connect}/connectors/{connector}")
    for model in list(pipeline.jobs):
        with suppress(StatementError):
            pipeline.stop(model)


def test_a_filter_passes_what_it_must(shop: Pipeline, kafka: Topics) -> None:
    rows = kafka.read(shop.topic("paid_orders"), 4)
    assert [key for key, _ in rows] == ["o1", "o3", "o4", "o5"]
    assert rows[0][1] == {
        "order_id": "o1",
        "customer_id": "ann",
        "amount_cents": 100,
        "ordered_at": "2026-01-01T10:00:10Z",
    }


def test_windows_close_with_the_right_sums(shop: Pipeline, kafka: Topics) -> None:
    rows = [value for _, value in kafka.read(shop.topic("minutes"), 2)]
    assert rows == [
        {"window_start": "2026-01-01T10:00:00", "total": 150, "orders": 2},
        {"window_start": "2026-01-01T10:01:00", "total": 70, "orders": 1},
    ]


def test_a_table_holds_the_newest_row_of_each_key(
    shop: Pipeline, database: postgres.Database
) -> None:
    wanted = [["ann", "150", "2"], ["bob", "70", "1"], ["eve", "5", "1"]]
    query = "SELECT customer_id, total, orders FROM spend ORDER BY 1"
    until(lambda: database.rows(query) == wanted)


def test_a_row_that_cannot_be_read_goes_to_the_dead_letters(shop: Pipeline, kafka: Topics) -> None:
    producer = Producer(kafka.settings)
    producer.produce(shop.topic("spend"), key="mad", value=b"no Avro at all")
    assert producer.flush(30) == 0
    assert kafka.read_bytes(shop.topic("failed"), 1) == [(b"mad", b"no Avro at all")]


def test_an_upgrade_goes_on_from_its_savepoint(
    shop: Pipeline, kafka: Topics, database: postgres.Database
) -> None:
    savepoint = shop.stop("spend")
    shop.start("spend", f"SET 'execution.state-recovery.path' = '{savepoint}'")
    kafka.write(shop.topic("orders"), [_row(LATER)])
    query = "SELECT total, orders FROM spend WHERE customer_id = 'ann'"
    until(lambda: database.rows(query) == [["1150", "3"]])


@pytest.mark.parametrize(
    ("model", "topic", "may_read"),
    [
        ("spend", "paid_orders", True),
        ("spend", "orders", False),
        ("minutes", "orders", False),
        ("minutes", "spend", False),
        ("paid_orders", "spend", False),
    ],
)
def test_a_job_may_read_its_inputs_and_nothing_else(
    model: str, topic: str, may_read: bool, shop: Pipeline, kafka: Topics
) -> None:
    name, password = shop.login(model)
    its_own = kafka.log_in(name, password)
    if may_read:
        assert its_own.read_bytes(shop.topic(topic), 1, group=name)
        return
    with pytest.raises(KafkaException, match="TOPIC_AUTHORIZATION_FAILED"):
        its_own.read_bytes(shop.topic(topic), 1, group=name)
