"""Consumer groups as a real broker tells them: reading now, stopped, and never begun."""

from __future__ import annotations

from functools import partial

import pytest
from confluent_kafka import Consumer, TopicPartition

from cdk_stream.plugin.kafka.admin import Admin, connect
from cdk_stream.plugin.system import SystemFailed
from cdk_stream.results.consumer import LiveGroup
from cdk_stream_kafka.brokers.groups import groups
from tests.real.topics import Topics


def consumer(kafka: Topics, group: str) -> Consumer:
    settings = {"group.id": group, "auto.offset.reset": "earliest", "enable.auto.commit": False}
    return Consumer(dict(kafka.settings) | settings)


def test_groups_are_told_with_topics_and_members(kafka: Topics) -> None:
    name = kafka.create("live-groups", partitions=2)
    reads, stopped = consumer(kafka, f"{name}-reads"), consumer(kafka, f"{name}-stopped")
    stopped.commit(offsets=[TopicPartition(name, 0, 0)], asynchronous=False)
    stopped.close()
    reads.subscribe([name])
    while not reads.assignment():
        reads.poll(0.2)

    admin = Admin("the brokers", partial(connect, kafka.settings))
    found = [one for one in groups(admin) if one.topic == name]
    reads.close()

    assert found == [
        LiveGroup(f"{name}-reads", name, 1),
        LiveGroup(f"{name}-stopped", name, 0),
    ]


def test_no_answer_is_not_taken_for_nobody() -> None:
    nowhere = {"bootstrap.servers": "127.0.0.1:1", "socket.timeout.ms": "500"}
    admin = Admin("the brokers", partial(connect, nowhere), pause=lambda seconds: None)
    with pytest.raises(SystemFailed, match="cannot be reached"):
        groups(admin)
