"""How far consumer groups are behind on a real broker, in rows and in time."""

from __future__ import annotations

import time
import uuid

from confluent_kafka import Consumer, TopicPartition

from cdk_stream.plugin.kafka.admin import Admin, connect
from cdk_stream.results.health import GroupLag
from cdk_stream_kafka.brokers.lag import lags
from tests.real.topics import Topics


def test_a_group_is_behind_by_the_rows_it_has_not_committed_and_by_the_oldest_of_them(
    kafka: Topics,
) -> None:
    topic, group = kafka.create("lag", 2), f"reader-{uuid.uuid4().hex[:8]}"
    kafka.write(topic, [(str(number), {"n": number}) for number in range(20)])
    read(kafka, topic, group, 12)
    (before,) = seen(kafka, group)
    assert (before.topic, before.records) == (topic, 8)
    assert before.age_ms is not None
    time.sleep(0.3)
    (after,) = seen(kafka, group)
    assert after.age_ms is not None
    assert after.age_ms >= before.age_ms + 300
    read(kafka, topic, group, 8)
    (done,) = seen(kafka, group)
    assert (done.records, done.age_ms) == (0, 0)


def test_a_partition_that_nobody_has_read_counts_from_its_first_row(kafka: Topics) -> None:
    topic, group = kafka.create("lag", 2), f"reader-{uuid.uuid4().hex[:8]}"
    kafka.write(topic, [(str(number), {"n": number}) for number in range(20)])
    consumer = Consumer(kafka.settings | {"group.id": group, "enable.auto.commit": False})
    consumer.commit(offsets=[TopicPartition(topic, 0, 2)], asynchronous=False)
    consumer.close()
    (found,) = seen(kafka, group)
    assert found.records == 18


def test_a_group_that_nobody_knows_has_no_lag(kafka: Topics) -> None:
    assert seen(kafka, "nobody") == []


def read(kafka: Topics, topic: str, group: str, count: int) -> None:
    consumer = Consumer(
        kafka.settings
        | {"group.id": group, "auto.offset.reset": "earliest", "enable.auto.commit": False}
    )
    consumer.subscribe([topic])
    rows = consumer.consume(count, timeout=30)
    assert len(rows) == count
    for row in rows:
        consumer.commit(row, asynchronous=False)
    consumer.close()


def seen(kafka: Topics, group: str) -> list[GroupLag]:
    settings = kafka.settings
    admin = Admin("the brokers", lambda told: connect(settings, told))
    return lags(admin, [group], settings)
