"""Connectors on a real worker: validated, started stopped, resumed, changed, paused, deleted."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from cdk_stream.plugin.rest import Rest
from cdk_stream.plugin.system import SystemFailed, Wanted
from cdk_stream.results.plan import Step
from cdk_stream_connect.workers.client import Workers, is_rebalancing
from cdk_stream_connect.workers.system import ConnectSystem
from tests.real.rest import send
from tests.real.topics import Topics
from tests.systems.artifacts import connector
from tests.systems.driver import Driver, Kept

SINK = "org.apache.kafka.connect.file.FileStreamSinkConnector"
STRING = "org.apache.kafka.connect.storage.StringConverter"


@pytest.fixture
def system(connect: str) -> Iterator[ConnectSystem]:
    rest = Rest("Kafka Connect", connect, timeout=60, busy=is_rebalancing)
    made = ConnectSystem("main", "live", Workers(rest))
    yield made
    made.close()


@pytest.fixture
def driver(system: ConnectSystem) -> Iterator[Driver]:
    made = Driver(system)
    yield made
    made.deploy([])


@pytest.fixture
def name() -> str:
    return f"sink{uuid.uuid4().hex[:8]}"


@pytest.fixture
def topic(kafka: Topics) -> str:
    return kafka.create("live.sink")


def sink(name: str, topic: str, file: Path, **more: str) -> dict[str, object]:
    return connector(
        f"live.{name}",
        connector_class=SINK,
        topics=topic,
        file=str(file),
        tasks_max="1",
        key_converter=STRING,
        value_converter=STRING,
        **more,
    )


def lines(file: Path, count: int) -> list[str]:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        found = file.read_text().splitlines() if file.exists() else []
        if len(found) >= count:
            return found
        time.sleep(0.1)
    return found


def test_a_connector_starts_and_goes_on_where_it_was(
    driver: Driver, kafka: Topics, name: str, topic: str, tmp_path: Path
) -> None:
    kafka.write(topic, [(None, 1), (None, 2)])
    wanted = [driver.wanted("connector", name, sink(name, topic, tmp_path / "one"))]
    action, outcome = driver.deploy(wanted)[name]
    assert (action, outcome.told) == ("create", "1 task running")
    assert lines(tmp_path / "one", 2) == ["1", "2"]
    assert driver.deploy(wanted) == {}
    time.sleep(1.5)  # the worker commits its offsets each second
    wanted = [driver.wanted("connector", name, sink(name, topic, tmp_path / "two"))]
    found = driver.compare(wanted)[name]
    assert [one.field for one in found.differences] == ["config.file"]
    assert [danger for danger, _ in found.dangers] == ["downtime"]
    assert driver.deploy(wanted)[name][0] == "update"
    kafka.write(topic, [(None, 3)])
    assert lines(tmp_path / "two", 1) == ["3"]
    assert driver.deploy([])[name][0] == "delete"
    wanted = [driver.wanted("connector", name, sink(name, topic, tmp_path / "three"))]
    driver.deploy(wanted)
    kafka.write(topic, [(None, 4)])
    assert lines(tmp_path / "three", 1) == ["4"]


def test_one_that_was_made_and_not_started_is_started(
    driver: Driver, connect: str, name: str, topic: str, tmp_path: Path
) -> None:
    spec = sink(name, topic, tmp_path / "out")
    send("POST", f"{connect}/connectors", {**spec, "initial_state": "STOPPED"})
    wanted = [driver.wanted("connector", name, spec)]
    deadline = time.monotonic() + 10
    while driver.compare(wanted)[name].action != "restart":
        assert time.monotonic() < deadline
        time.sleep(0.1)
    assert driver.deploy(wanted)[name][1].told == "1 task running"
    assert driver.deploy(wanted) == {}


def test_a_paused_connector_stays_paused(
    driver: Driver, system: ConnectSystem, name: str, topic: str, tmp_path: Path
) -> None:
    wanted = [driver.wanted("connector", name, sink(name, topic, tmp_path / "out"))]
    driver.deploy(wanted)
    system.pause(f"live.{name}")
    assert driver.compare(wanted)[name].why == "it is paused"
    changed = [driver.wanted("connector", name, sink(name, topic, tmp_path / "other"))]
    assert driver.deploy(changed)[name][1].told == "paused"
    system.resume(f"live.{name}")
    assert driver.compare(changed)[name].why == ""


def test_what_was_changed_by_hand_is_put_back(
    driver: Driver, connect: str, name: str, topic: str, tmp_path: Path
) -> None:
    spec = sink(name, topic, tmp_path / "out")
    wanted = [driver.wanted("connector", name, spec)]
    driver.deploy(wanted)
    config = {**wanted[0].spec["config"], "errors.tolerance": "all"}
    send("PUT", f"{connect}/connectors/live.{name}/config", config)
    found = driver.compare(wanted)[name]
    assert [(one.field, one.live, one.wanted) for one in found.differences] == [
        ("config.errors.tolerance", "all", None)
    ]
    driver.deploy(wanted)
    assert driver.actions(wanted) == {}


def test_a_wrong_configuration_changes_nothing(
    driver: Driver, connect: str, name: str, topic: str, tmp_path: Path
) -> None:
    bad = sink(name, topic, tmp_path / "out", errors_retry_timeout="soon")
    with pytest.raises(SystemFailed, match=r"'errors.retry.timeout': invalid value"):
        driver.deploy([driver.wanted("connector", name, bad)])
    lost = connector(f"live.{name}", connector_class="com.acme.Nope", topics=topic)
    with pytest.raises(SystemFailed, match=r"has no plugin 'com.acme.Nope'"):
        driver.deploy([driver.wanted("connector", name, lost)])
    assert f"live.{name}" not in send("GET", f"{connect}/connectors")


def test_a_placeholder_that_no_worker_resolves_is_told(
    driver: Driver, name: str, topic: str
) -> None:
    spec = sink(name, topic, Path("${vault:secret:file}"))
    with pytest.raises(SystemFailed, match="'file' keeps its placeholder"):
        driver.deploy([driver.wanted("connector", name, spec)])
    spec = sink(name, topic, Path("${env:HOME}"))
    with pytest.raises(SystemFailed, match="has failed: task 0"):  # it is a folder
        driver.deploy([driver.wanted("connector", name, spec)])


def test_a_task_that_fails_is_no_success_and_says_why(
    driver: Driver, name: str, topic: str
) -> None:
    nowhere = Path("/nowhere/at/all")
    wanted = [driver.wanted("connector", name, sink(name, topic, nowhere))]
    with pytest.raises(SystemFailed, match=r"has failed: task 0: .*Exception"):
        driver.deploy(wanted)
    assert driver.compare(wanted)[name].action == "restart"


def test_many_are_started_side_by_side(
    system: ConnectSystem, driver: Driver, name: str, topic: str, tmp_path: Path
) -> None:
    every = [
        driver.wanted("connector", f"{name}-{n}", sink(f"{name}-{n}", topic, tmp_path / str(n)))
        for n in range(8)
    ]

    def apply(one: Wanted) -> str:
        step = Step(one.key, "create", one.node, "it is new")
        return system.apply(step, one, None, Kept()).told

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(apply, every)) == {"1 task running"}
    driver.recorded = {one.key: one.spec for one in every}
    assert driver.deploy(every) == {}
