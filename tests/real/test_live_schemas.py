"""Subjects of a real registry: registered, judged, levelled, deleted softly."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest

from cdk_stream.plugin.rest import Rest
from cdk_stream.plugin.system import SystemFailed
from cdk_stream_kafka.registry.client import Registry
from cdk_stream_kafka.registry.system import RegistrySystem
from tests.real.rest import send
from tests.systems.artifacts import subject
from tests.systems.driver import Driver, live_of

ID = {"name": "id", "type": "string"}
NOTE = {"name": "note", "type": ["null", "string"], "default": None}
COUNT = {"name": "count", "type": "int"}


@pytest.fixture
def driver(registry: str) -> Iterator[Driver]:
    made = RegistrySystem("main", Registry(Rest("the registry", registry)))
    yield Driver(made)
    made.close()


@pytest.fixture
def name() -> str:
    return f"live{uuid.uuid4().hex[:8]}-value"


def test_a_schema_is_registered_then_left_alone(driver: Driver, name: str) -> None:
    wanted = [driver.wanted("subject", name, subject(name, [ID]))]
    assert driver.deploy(wanted)[name][0] == "create"
    assert driver.deploy(wanted) == {}
    spelled = [driver.wanted("subject", name, subject(name, [{**ID, "type": {"type": "string"}}]))]
    assert driver.actions(spelled) == {}


def test_a_schema_and_its_level_change(driver: Driver, registry: str, name: str) -> None:
    driver.deploy([driver.wanted("subject", name, subject(name, [ID]))])
    wanted = [driver.wanted("subject", name, subject(name, [ID, NOTE], "FULL"))]
    found = driver.compare(wanted)[name]
    assert [one.field for one in found.differences] == ["schema", "compatibility"]
    assert driver.deploy(wanted)[name][1].told == "version 2"
    assert driver.deploy(wanted) == {}
    assert send("GET", f"{registry}/config/{name}") == {"compatibilityLevel": "FULL"}


def test_what_readers_could_not_read_is_refused_with_the_reason(
    driver: Driver, registry: str, name: str
) -> None:
    driver.deploy([driver.wanted("subject", name, subject(name, [ID]))])
    wanted = [driver.wanted("subject", name, subject(name, [ID, COUNT]))]
    with pytest.raises(SystemFailed) as told:
        driver.deploy(wanted)
    assert "refuses the new schema" in str(told.value)
    assert "/fields/1" in str(told.value)
    assert send("GET", f"{registry}/subjects/{name}/versions") == [1]
    looser = [driver.wanted("subject", name, subject(name, [ID, COUNT], "NONE"))]
    assert driver.deploy(looser)[name][0] == "update"


def test_an_older_version_counts_as_registered(driver: Driver, name: str) -> None:
    first = [driver.wanted("subject", name, subject(name, [ID]))]
    driver.deploy(first)
    driver.deploy([driver.wanted("subject", name, subject(name, [ID, NOTE]))])
    found = driver.compare(first)[name]
    assert found.action == "nothing"
    assert "version 2 stays the latest" in found.why


def test_what_somebody_registered_by_hand_is_seen(driver: Driver, registry: str, name: str) -> None:
    wanted = [driver.wanted("subject", name, subject(name, [ID]))]
    driver.deploy(wanted)
    before = live_of(driver.system, wanted[0]).digest
    theirs = subject(name, [ID, NOTE])["spec"]["schema"]
    send("POST", f"{registry}/subjects/{name}/versions", {"schema": theirs})
    assert live_of(driver.system, wanted[0]).digest != before
    send("PUT", f"{registry}/config/{name}", {"compatibility": "NONE"})
    found = driver.compare(wanted)[name]
    assert [one.field for one in found.differences] == ["compatibility"]
    driver.deploy(wanted)
    assert driver.actions(wanted) == {}


def test_a_subject_is_deleted_only_when_approved(driver: Driver, registry: str, name: str) -> None:
    driver.deploy([driver.wanted("subject", name, subject(name, [ID]))])
    with pytest.raises(SystemFailed, match="nobody approved"):
        driver.deploy([], approved=False)
    assert name in send("GET", f"{registry}/subjects")
    assert driver.deploy([])[name][1].changed
    assert name not in send("GET", f"{registry}/subjects")


def test_the_level_alone_of_a_subject_that_others_fill(
    driver: Driver, registry: str, name: str
) -> None:
    spec = {"subject": name, "compatibility": "FULL_TRANSITIVE"}
    wanted = [driver.wanted("subject_compatibility", name, spec)]
    assert name in driver.deploy(wanted)
    assert driver.deploy(wanted) == {}
    driver.deploy([])
    assert driver.actions(wanted) == {name: "create"}
