"""Topics on real brokers: made, changed, left alone, deleted."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from functools import partial

import pytest
from confluent_kafka.admin import (
    AlterConfigOpType,
    ConfigEntry,
    ConfigResource,
    ResourceType,
)

from cdk_stream.plugin.kafka.admin import Admin, connect
from cdk_stream.plugin.system import SystemFailed
from cdk_stream_kafka.brokers.system import KafkaSystem
from tests.real.topics import Topics
from tests.systems.artifacts import topic
from tests.systems.driver import Driver, live_of


@pytest.fixture
def system(kafka: Topics) -> Iterator[KafkaSystem]:
    made = KafkaSystem("main", "live", Admin("the brokers", partial(connect, kafka.settings)))
    yield made
    made.close()


@pytest.fixture
def name() -> str:
    return f"live.{uuid.uuid4().hex[:8]}"


def set_by_hand(kafka: Topics, name: str, key: str, value: str) -> None:
    entry = ConfigEntry(key, value, incremental_operation=AlterConfigOpType.SET)
    resource = ConfigResource(ResourceType.TOPIC, name, incremental_configs=[entry])
    for done in kafka.admin.incremental_alter_configs([resource]).values():
        done.result(10)


def test_a_topic_is_made_then_left_alone(system: KafkaSystem, name: str) -> None:
    driver = Driver(system)
    wanted = [driver.wanted("topic", name, topic(name, 2, retention_ms="3600000"))]
    assert driver.compare(wanted)[name].action == "create"
    action, outcome = driver.deploy(wanted)[name]
    assert (action, outcome.changed) == ("create", True)
    assert driver.deploy(wanted) == {}
    assert driver.compare(wanted)[name].differences == ()


def test_everything_that_can_be_changed_is_changed(system: KafkaSystem, name: str) -> None:
    driver = Driver(system)
    driver.deploy([driver.wanted("topic", name, topic(name, 1, retention_ms="3600000"))])
    more = topic(name, 3, retention_ms="7200000", cleanup_policy="compact")
    wanted = [driver.wanted("topic", name, more)]
    found = driver.compare(wanted)[name]
    assert [(one.field, one.live, one.wanted) for one in found.differences] == [
        ("partitions", 1, 3),
        ("configs.cleanup.policy", "delete", "compact"),
        ("configs.retention.ms", "3600000", "7200000"),
    ]
    assert driver.deploy(wanted)[name][0] == "update"
    assert driver.deploy(wanted) == {}
    assert live_of(system, wanted[0]).spec["partitions"] == 3


def test_what_somebody_changed_by_hand_is_seen_and_put_back(
    system: KafkaSystem, kafka: Topics, name: str
) -> None:
    driver = Driver(system)
    wanted = [driver.wanted("topic", name, topic(name, retention_ms="3600000"))]
    driver.deploy(wanted)
    before = live_of(system, wanted[0]).digest
    set_by_hand(kafka, name, "retention.ms", "1000")
    set_by_hand(kafka, name, "segment.ms", "60000")
    assert live_of(system, wanted[0]).digest != before
    found = driver.compare(wanted)[name]
    assert [one.field for one in found.differences] == ["configs.retention.ms"]
    assert "segment.ms set by somebody else" in found.why
    driver.deploy(wanted)
    now = live_of(system, wanted[0]).spec["configs"]
    assert now == {"retention.ms": "3600000", "segment.ms": "60000"}


def test_settings_that_lose_rows_say_so_when_there_are_any(
    system: KafkaSystem, kafka: Topics, name: str
) -> None:
    driver = Driver(system)
    driver.deploy([driver.wanted("topic", name, topic(name, retention_ms="3600000"))])
    less = [driver.wanted("topic", name, topic(name, retention_ms="60000"))]
    assert driver.compare(less)[name].dangers == ()
    kafka.write(name, [("k", 1)])
    assert [danger for danger, _ in driver.compare(less)[name].dangers] == ["data_loss"]


def test_partitions_are_never_taken_away(system: KafkaSystem, name: str) -> None:
    driver = Driver(system)
    driver.deploy([driver.wanted("topic", name, topic(name, 3))])
    with pytest.raises(SystemFailed, match="cannot take partitions away"):
        driver.compare([driver.wanted("topic", name, topic(name, 2))])


def test_other_replicas_are_told_and_left(system: KafkaSystem, name: str) -> None:
    driver = Driver(system)
    driver.deploy([driver.wanted("topic", name, topic(name))])
    document = topic(name)
    document["spec"]["replicationFactor"] = 3
    found = driver.compare([driver.wanted("topic", name, document)])[name]
    assert found.action == "nothing"
    assert "kafka-reassign-partitions" in found.why


def test_an_empty_topic_goes_and_rows_only_when_approved(
    system: KafkaSystem, kafka: Topics, name: str
) -> None:
    driver = Driver(system)
    empty, full = f"{name}.empty", f"{name}.full"
    driver.deploy([driver.wanted("topic", one, topic(one)) for one in (empty, full)])
    kafka.write(full, [("k", 1)])
    kept = [driver.wanted("topic", full, topic(full))]
    assert driver.deploy(kept)[empty][0] == "delete"
    with pytest.raises(SystemFailed, match="holds rows, and nobody approved"):
        driver.deploy([], approved=False)
    assert kafka.read(full, 1) == [("k", 1)]
    assert driver.deploy([])[full][1].changed
    assert driver.compare([]) == {}


def test_what_the_brokers_refuse_is_told(system: KafkaSystem, name: str) -> None:
    driver = Driver(system)
    document = topic(name)
    document["spec"]["replicationFactor"] = 3
    with pytest.raises(SystemFailed) as told:
        driver.deploy([driver.wanted("topic", name, document)])
    assert "did not create the topic" in str(told.value)
    assert "fewer brokers" in told.value.mend
    with pytest.raises(SystemFailed, match="did not create the topic"):
        driver.deploy([driver.wanted("topic", name, topic(name, retention_ms="soon"))])
    assert driver.actions([driver.wanted("topic", name, topic(name))]) == {name: "create"}
