"""The record in a topic of real brokers: written, fenced, taken over, read again."""

from __future__ import annotations

import time
import uuid
from dataclasses import replace

import pytest

from cdk_stream.plugin.store import Held, LeaseLost, State, StoreFailed
from cdk_stream.results.plan import Key
from cdk_stream.results.record import Record, Recorded
from cdk_stream_kafka.store.log import Log
from cdk_stream_kafka.store.store import TopicStore
from tests.real.topics import Topics

KEY = Key("kafka", "main", "topic", "orders")
RECORD = Record(
    "shop", "dev", 1, "", "0" * 64, "done", "2026-01-31T12:00:00Z", "2026-01-31T12:00:01Z",
    "dana", {KEY: Recorded(KEY, "model.orders", "d", "l", {"spec": {}})},
)  # fmt: skip
BEGIN = {"entry": "begin", "serial": 0, "plan": "p", "commit": "", "steps": {}}


@pytest.fixture
def log(kafka: Topics) -> Log:
    return Log(f"deploys.{uuid.uuid4().hex[:8]}", kafka.settings, 1)


def late(seconds: float = 3600) -> float:
    return time.time() + seconds


def test_nothing_is_deployed_in_a_topic_that_is_new(log: Log) -> None:
    assert TopicStore(log).load() == State(None)


def test_the_journal_is_there_until_its_record_is(log: Log) -> None:
    store = TopicStore(log)
    lease = store.acquire("dana", 30)
    lease.append(BEGIN)
    assert store.load() == State(None, ({"token": 1, **BEGIN},))
    lease.finish(RECORD)
    assert store.load() == State(RECORD)
    second = replace(RECORD, serial=2)
    lease.finish(second)
    lease.release()
    assert store.records() == (RECORD, second)
    assert store.acquire("eli", 30).token == 2


def test_a_lease_keeps_others_out_until_it_runs_out(log: Log) -> None:
    lease = TopicStore(log).acquire("dana", 30)
    with pytest.raises(Held, match="dana"):
        TopicStore(log).acquire("eli", 30)
    lease.append(BEGIN)  # it was not disturbed
    taken = TopicStore(log, late).acquire("eli", 30)
    assert taken.token == 2
    with pytest.raises(LeaseLost):
        lease.append(BEGIN)
    taken.append({**BEGIN, "plan": "q"})
    assert [one["plan"] for one in TopicStore(log).load().journal] == ["p", "q"]
    taken.finish(RECORD)
    assert TopicStore(log).load() == State(RECORD)


def test_of_two_that_come_at_once_one_gets_the_lease(log: Log) -> None:
    """Both find it free; whoever shuts the other out last looks again before it takes it."""
    first, second = TopicStore(log), TopicStore(log)
    looked = second._read

    def between() -> object:
        second._read = looked  # type: ignore[method-assign]
        found = looked()
        first.acquire("dana", 30)
        return found

    second._read = between  # type: ignore[method-assign, assignment]
    with pytest.raises(Held, match="dana"):
        second.acquire("eli", 30)


def test_a_record_of_a_thousand_resources_is_one_message(log: Log) -> None:
    keys = [Key("kafka", "main", "topic", f"orders.{number}") for number in range(1000)]
    spec = {"kind": "Topic", "spec": {"configs": {"retention.ms": "1" * 800}}}
    resources = {key: Recorded(key, "model.x", "d" * 64, "l" * 64, spec) for key in keys}
    lease = TopicStore(log).acquire("dana", 30)
    lease.finish(replace(RECORD, resources=resources))
    assert TopicStore(log).load() == State(replace(RECORD, resources=resources))


def test_a_topic_with_several_partitions_is_refused(kafka: Topics) -> None:
    topic = kafka.create("wide", 2)
    with pytest.raises(StoreFailed, match=f"the topic '{topic}' has 2 partitions"):
        TopicStore(Log(topic, kafka.settings, 1)).load()
