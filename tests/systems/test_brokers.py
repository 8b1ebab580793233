"""The brokers' system on a double: requests, faults, dangers, and whose rights are whose."""

from __future__ import annotations

from typing import Any

import pytest
from confluent_kafka import KafkaError

from cdk_stream.plugin.kafka.admin import ATTEMPTS, Admin
from cdk_stream.plugin.system import SystemFailed
from cdk_stream_kafka.brokers.system import KafkaSystem
from tests.systems.artifacts import acl, topic
from tests.systems.brokers_double import BrokersDouble, Kept
from tests.systems.driver import Driver


@pytest.fixture
def double() -> BrokersDouble:
    return BrokersDouble()


@pytest.fixture
def driver(double: BrokersDouble) -> Driver:
    admin = Admin("the brokers", lambda _: double, pause=lambda _: None)
    return Driver(KafkaSystem("main", "shop", admin))


def test_a_plan_asks_the_same_for_one_and_for_many(driver: Driver, double: BrokersDouble) -> None:
    many = [driver.wanted("topic", f"t{n}", topic(f"t{n}", 3)) for n in range(200)]
    driver.deploy([*many, driver.wanted("acl", "a@model.a", acl("a", "READ TOPIC t1"))])
    double.asked.clear()
    assert (
        driver.deploy([*many, driver.wanted("acl", "a@model.a", acl("a", "READ TOPIC t1"))]) == {}
    )
    assert double.asked == [
        "list_topics",
        "describe_configs",
        "list_offsets",
        "list_offsets",
        "describe_acls",
    ]


def test_what_the_brokers_fill_in_is_no_difference(driver: Driver, double: BrokersDouble) -> None:
    double.topics["t"] = Kept(1, 1, {})
    wanted = [driver.wanted("topic", "t", topic("t", retention_ms="604800000"))]
    assert driver.actions(wanted) == {}


def test_the_order_of_policies_is_no_difference(driver: Driver, double: BrokersDouble) -> None:
    double.topics["t"] = Kept(1, 1, {"cleanup.policy": "delete,compact"})
    wanted = [driver.wanted("topic", "t", topic("t", cleanup_policy="compact,delete"))]
    assert driver.actions(wanted) == {}


@pytest.mark.parametrize(
    ("now", "configs", "partitions", "dangers"),
    [
        ({"retention.ms": "1000"}, {"retention_ms": "10"}, 1, ["data_loss"]),
        ({"retention.ms": "1000"}, {"retention_ms": "-1"}, 1, []),
        ({"retention.ms": "-1"}, {"retention_ms": "1000"}, 1, ["data_loss"]),
        ({"retention.ms": "10"}, {"retention_ms": "1000"}, 1, []),
        ({}, {"cleanup_policy": "compact"}, 1, ["data_loss"]),
        ({"cleanup.policy": "compact"}, {"cleanup_policy": "delete"}, 1, ["data_loss"]),
        ({"max.message.bytes": "100"}, {"max_message_bytes": "10"}, 1, ["downtime"]),
        ({}, {}, 2, ["state_drift"]),
    ],
)
def test_what_a_change_may_cost(
    driver: Driver,
    double: BrokersDouble,
    now: dict[str, str],
    configs: dict[str, str],
    partitions: int,
    dangers: list[str],
) -> None:
    double.topics["t"] = Kept(1, 1, dict(now), rows=5)
    wanted = [driver.wanted("topic", "t", topic("t", partitions, **configs))]
    assert [danger for danger, _ in driver.compare(wanted)["t"].dangers] == dangers


WRITES = ["create_topics", "create_partitions", "incremental_alter_configs", "delete_topics"]


def steps(driver: Driver) -> None:
    """One deploy for each of `WRITES`."""
    driver.deploy([driver.wanted("topic", "t", topic("t", retention_ms="1000"))])
    driver.deploy([driver.wanted("topic", "t", topic("t", 2, retention_ms="1000"))])
    driver.deploy([driver.wanted("topic", "t", topic("t", 2, retention_ms="2000"))])
    assert driver.actions([driver.wanted("topic", "t", topic("t", 2, retention_ms="2000"))]) == {}
    driver.deploy([])


@pytest.mark.parametrize("method", WRITES)
@pytest.mark.parametrize("is_done", [True, False], ids=["arrived", "lost"])
def test_a_write_without_an_answer_is_looked_at_first(
    driver: Driver, double: BrokersDouble, method: str, is_done: bool
) -> None:
    double.fail[method] = (KafkaError._TIMED_OUT, is_done, 1)
    steps(driver)
    assert double.topics == {}
    assert double.writes.count(method) == (1 if is_done else 2)


@pytest.mark.parametrize("method", WRITES)
def test_a_write_that_never_arrives_is_never_done(
    driver: Driver, double: BrokersDouble, method: str
) -> None:
    double.fail[method] = (KafkaError._TRANSPORT, False, 1_000)
    with pytest.raises(SystemFailed, match="whether it was done is not known") as told:
        steps(driver)
    assert told.value.unsure
    assert double.writes.count(method) == 3


@pytest.mark.parametrize("method", ["list_topics", "describe_configs", "list_offsets"])
def test_a_read_is_asked_again_and_then_given_up(
    driver: Driver, double: BrokersDouble, method: str
) -> None:
    driver.deploy([driver.wanted("topic", "t", topic("t"))])
    double.fail[method] = (KafkaError._TRANSPORT, False, 2)
    assert driver.actions([driver.wanted("topic", "t", topic("t"))]) == {}
    double.fail[method] = (KafkaError._TRANSPORT, False, 1_000)
    with pytest.raises(SystemFailed, match="the brokers did not"):
        driver.compare([driver.wanted("topic", "t", topic("t"))])
    assert 1_000 - double.fail[method][2] == ATTEMPTS


def test_rows_that_came_after_the_plan_are_not_deleted(
    driver: Driver, double: BrokersDouble
) -> None:
    class ThenRows(KafkaSystem):
        """Somebody writes right after the look."""

        def observe(self, *asked: Any) -> Any:
            seen = super().observe(*asked)
            double.topics["t"].rows = 1
            return seen

    driver.deploy([driver.wanted("topic", "t", topic("t"))])
    driver.system = ThenRows("main", "shop", Admin("the brokers", lambda _: double))
    with pytest.raises(SystemFailed, match="holds rows"):
        driver.deploy([])
    assert "t" in double.topics


def given(double: BrokersDouble) -> set[str]:
    return {f"{one.principal} {one.operation.name} {one.name}" for one in double.acls}


@pytest.mark.parametrize("is_done", [True, False], ids=["arrived", "lost"])
@pytest.mark.parametrize("method", ["create_acls", "delete_acls"])
def test_rights_survive_a_lost_answer(
    driver: Driver, double: BrokersDouble, method: str, is_done: bool
) -> None:
    double.fail[method] = (KafkaError._TIMED_OUT, is_done, 1)
    driver.deploy([driver.wanted("acl", "a@model.a", acl("a", "READ TOPIC x"))])
    driver.deploy([driver.wanted("acl", "a@model.a", acl("a", "READ TOPIC y"))])
    assert given(double) == {"User:a READ y"}
    driver.deploy([])
    assert given(double) == set()


def test_rights_that_an_application_has_already_are_added_to(
    driver: Driver, double: BrokersDouble
) -> None:
    driver.deploy([driver.wanted("acl", "a@exposure.x", acl("a", "READ TOPIC x"))])
    driver.recorded.clear()
    other = Driver(KafkaSystem("main", "other", Admin("the brokers", lambda _: double)))
    wanted = [other.wanted("acl", "a@exposure.y", acl("a", "READ TOPIC x", "READ TOPIC y"))]
    assert other.compare(wanted)["a@exposure.y"].action == "create"
    other.deploy(wanted)
    assert given(double) == {"User:a READ x", "User:a READ y"}


def test_rights_are_given_before_others_are_taken(driver: Driver, double: BrokersDouble) -> None:
    driver.deploy([driver.wanted("acl", "a@model.a", acl("a", "READ TOPIC x"))])
    double.asked.clear()
    driver.deploy([driver.wanted("acl", "a@model.a", acl("a", "READ TOPIC y"))])
    assert double.writes == ["create_acls", "delete_acls"]


def test_a_look_at_one_artefact_forgets_no_other(driver: Driver, double: BrokersDouble) -> None:
    both = [
        driver.wanted("acl", name, acl("cdk-shop-m", f"READ TOPIC {name[-1]}"))
        for name in ("cdk-shop-m@model.a", "cdk-shop-m@model.b")
    ]
    driver.deploy(both)
    for one in both:
        seen = driver.system.observe([one], [one.key])[one.key]
        assert driver.system.compare(one, seen).action == "nothing"
    assert given(double) == {"User:cdk-shop-m READ a", "User:cdk-shop-m READ b"}
