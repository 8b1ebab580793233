"""Registry and Kafka Connect behind a proxy that breaks requests: done once, or told."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from cdk_stream.plugin.kafka.admin import Admin
from cdk_stream.plugin.kafka.admin import connect as connect_to
from cdk_stream.plugin.rest import ATTEMPTS, Rest
from cdk_stream.plugin.system import SystemFailed
from cdk_stream_connect.workers.client import Workers, is_rebalancing
from cdk_stream_connect.workers.system import ConnectSystem
from cdk_stream_kafka.brokers.system import KafkaSystem
from cdk_stream_kafka.registry.client import Registry
from cdk_stream_kafka.registry.system import RegistrySystem
from tests.real.rest import send
from tests.real.topics import Topics
from tests.systems.artifacts import connector, subject, topic
from tests.systems.driver import Driver
from tests.systems.fault_proxy import EFFECTS, Effect, Faults, before

ID = {"name": "id", "type": "string"}
METHODS = ("GET", "PUT", "POST", "DELETE")


@contextmanager
def schemas(upstream: str, faults: Faults) -> Iterator[Driver]:
    with before(upstream, faults) as url:
        rest = Rest("the registry", url, timeout=0.8, pause=lambda _: None)
        yield Driver(RegistrySystem("main", Registry(rest)))
        rest.close()


@contextmanager
def workers(upstream: str, faults: Faults) -> Iterator[Driver]:
    with before(upstream, faults) as url:
        rest = Rest("Kafka Connect", url, timeout=3, busy=is_rebalancing)
        yield Driver(ConnectSystem("main", "live", Workers(rest)))
        rest.close()


@pytest.mark.parametrize("effect", EFFECTS)
@pytest.mark.parametrize("method", METHODS)
def test_a_subject_is_registered_once(registry: str, effect: Effect, method: str) -> None:
    faults = Faults(effect, method, times=1)
    name = f"fault{uuid.uuid4().hex[:8]}-value"
    with schemas(registry, faults) as driver:
        wanted = [driver.wanted("subject", name, subject(name, [ID]))]
        driver.deploy(wanted)
        assert send("GET", f"{registry}/subjects/{name}/versions") == [1]
        faults.seen.clear()
        assert driver.deploy(wanted) == {}
        assert faults.writes == 0
        driver.deploy([])
    assert name not in send("GET", f"{registry}/subjects")


@pytest.mark.parametrize("effect", ["refused", "error"])
def test_a_registry_that_takes_nothing_is_never_done(registry: str, effect: Effect) -> None:
    faults = Faults(effect, "POST", times=1000)
    name = f"fault{uuid.uuid4().hex[:8]}-value"
    with schemas(registry, faults) as driver, pytest.raises(SystemFailed):
        driver.deploy([driver.wanted("subject", name, subject(name, [ID]))])
    assert name not in send("GET", f"{registry}/subjects")
    assert faults.writes <= 3 * ATTEMPTS


@pytest.mark.parametrize("effect", EFFECTS)
@pytest.mark.parametrize("method", METHODS)
def test_a_connector_is_started_once(
    connect: str, kafka: Topics, effect: Effect, method: str, tmp_path: Path
) -> None:
    faults = Faults(effect, method, times=1, patience=4.0)
    name = f"fault{uuid.uuid4().hex[:8]}"
    spec = connector(
        f"live.{name}",
        connector_class="org.apache.kafka.connect.file.FileStreamSinkConnector",
        topics=kafka.create("live.fault"),
        file=str(tmp_path / "out"),
    )
    with workers(connect, faults) as driver:
        wanted = [driver.wanted("connector", name, spec)]
        driver.deploy(wanted)
        assert send("GET", f"{connect}/connectors/live.{name}/status")["connector"]["state"] == (
            "RUNNING"
        )
        faults.seen.clear()
        assert driver.deploy(wanted) == {}
        assert faults.writes == 0
        driver.deploy([])
    assert f"live.{name}" not in send("GET", f"{connect}/connectors")


def test_brokers_that_nobody_reaches_are_told_in_seconds() -> None:
    settings = {"bootstrap.servers": "127.0.0.1:1"}
    admin = Admin("the brokers", lambda on_error: connect_to(settings, on_error))
    driver = Driver(KafkaSystem("main", "live", admin))
    with pytest.raises(SystemFailed, match="the brokers cannot be reached") as told:
        driver.compare([driver.wanted("topic", "t", topic("t"))])
    assert "check that they run" in told.value.mend
