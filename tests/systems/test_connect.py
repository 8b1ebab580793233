"""Kafka Connect's system on a double: order, secrets, and what counts as running."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from cdk_stream.plugin.rest import ATTEMPTS, Rest
from cdk_stream.plugin.system import SystemFailed
from cdk_stream_connect.workers.client import Workers, is_rebalancing
from cdk_stream_connect.workers.system import ConnectSystem
from tests.systems.artifacts import connector
from tests.systems.connect_double import CLASS, ConnectDouble
from tests.systems.driver import Driver


class Clock:
    """Time that passes only in pauses."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now

    def pause(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def double() -> ConnectDouble:
    return ConnectDouble()


@pytest.fixture
def driver(double: ConnectDouble) -> Iterator[Driver]:
    clock = Clock()
    rest = Rest(
        "Kafka Connect",
        "http://connect",
        busy=is_rebalancing,
        transport=httpx.MockTransport(double),
        pause=clock.pause,
    )
    system = ConnectSystem("main", "shop", Workers(rest), clock=clock, pause=clock.pause)
    yield Driver(system)
    system.close()


def sink(**more: str) -> dict[str, object]:
    return connector("shop.out", connector_class=CLASS, topics="orders", **more)


def test_a_connector_is_validated_made_stopped_and_then_resumed(
    driver: Driver, double: ConnectDouble
) -> None:
    wanted = [driver.wanted("connector", "out", sink())]
    driver.deploy(wanted)
    asked = [path for method, path in double.asked if method != "GET"]
    assert asked == [
        f"/connector-plugins/{CLASS}/config/validate",
        "/connectors",
        "/connectors/shop.out/resume",
    ]
    double.asked.clear()
    assert driver.deploy(wanted) == {}
    assert double.asked == [("GET", "/connectors")]


def test_a_plan_asks_once_for_any_number(driver: Driver, double: ConnectDouble) -> None:
    every = [
        driver.wanted("connector", f"c{n}", {"name": f"shop.c{n}", "config": {}})
        for n in range(100)
    ]
    driver.compare(every)
    assert double.asked == [("GET", "/connectors")]


def test_secrets_stay_placeholders_and_are_never_told(
    driver: Driver, double: ConnectDouble
) -> None:
    double.errors = {
        "db.password": "Invalid value s3cret for configuration db.password: too short",
        "db.url": "Invalid value jdbc:s3cret for configuration db.url: no such host",
    }
    spec = sink(db_password="${env:DB}", db_url="jdbc:x")
    with pytest.raises(SystemFailed) as told:
        driver.deploy([driver.wanted("connector", "out", spec)])
    assert "'db.password' is refused" in str(told.value)
    assert "'db.url': invalid value for" in str(told.value)
    assert "s3cret" not in str(told.value)
    assert double.writes == []
    double.errors = {}
    driver.deploy([driver.wanted("connector", "out", spec)])
    assert double.connectors["shop.out"]["db.password"] == "${env:DB}"


def test_a_placeholder_that_comes_back_is_refused(driver: Driver, double: ConnectDouble) -> None:
    double.errors = {"db.url": ""}
    spec = sink(db_url="${vault:x:y}")
    with pytest.raises(SystemFailed, match=r"'db.url' keeps its placeholder"):
        driver.deploy([driver.wanted("connector", "out", spec)])
    assert double.writes == []


def test_a_value_that_is_masked_is_no_difference(driver: Driver, double: ConnectDouble) -> None:
    wanted = [driver.wanted("connector", "out", sink(db_password="${env:DB}"))]
    driver.deploy(wanted)
    double.connectors["shop.out"]["db.password"] = "*" * 16
    assert driver.actions(wanted) == {}


@pytest.mark.parametrize("times", [1, ATTEMPTS - 1])
def test_a_rebalance_is_waited_for(driver: Driver, double: ConnectDouble, times: int) -> None:
    double.rebalances = times
    assert driver.deploy([driver.wanted("connector", "out", sink())])["out"][1].changed


def test_a_rebalance_without_end_is_told(driver: Driver, double: ConnectDouble) -> None:
    double.rebalances = 1_000
    with pytest.raises(SystemFailed):
        driver.deploy([driver.wanted("connector", "out", sink())])
    assert 1_000 - double.rebalances <= 3 * ATTEMPTS


def test_running_without_a_task_is_not_running(driver: Driver, double: ConnectDouble) -> None:
    double.tasks = 0
    with pytest.raises(SystemFailed, match="does not run after 60 seconds: running, no task"):
        driver.deploy([driver.wanted("connector", "out", sink())])


def test_a_task_that_fails_is_told_with_its_first_line(
    driver: Driver, double: ConnectDouble
) -> None:
    double.fails = "java.net.ConnectException: refused\n\tat com.acme.Sink.start"
    wanted = [driver.wanted("connector", "out", sink())]
    with pytest.raises(SystemFailed, match=r"has failed: task 0: .*refused$"):
        driver.deploy(wanted)
    assert driver.compare(wanted)["out"].why == "task 0: java.net.ConnectException: refused"


def test_other_topics_are_a_replay(driver: Driver) -> None:
    driver.deploy([driver.wanted("connector", "out", sink())])
    other = {**sink(), "config": {"connector.class": CLASS, "topics": "orders,more"}}
    found = driver.compare([driver.wanted("connector", "out", other)])["out"]
    assert [danger for danger, _ in found.dangers] == ["replay", "downtime"]


def test_a_deletion_says_that_offsets_stay(driver: Driver, double: ConnectDouble) -> None:
    driver.deploy([driver.wanted("connector", "out", sink())])
    assert "its offsets stay" in driver.deploy([])["out"][1].told
    assert double.connectors == {}
