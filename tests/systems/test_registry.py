"""The registry's system on a double that answers as Confluent's registry does."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from cdk_stream.plugin.rest import Rest
from cdk_stream.plugin.system import SystemFailed
from cdk_stream_kafka.registry.canonical import canonical, references
from cdk_stream_kafka.registry.client import Registry
from cdk_stream_kafka.registry.system import RegistrySystem
from tests.systems.artifacts import subject
from tests.systems.driver import Driver
from tests.systems.registry_double import RegistryDouble

ID = {"name": "id", "type": "string"}
NOTE = {"name": "note", "type": ["null", "string"], "default": None}


def driving(double: RegistryDouble) -> Driver:
    transport = httpx.MockTransport(double)
    rest = Rest("the registry", "http://registry", transport=transport, pause=lambda _: None)
    return Driver(RegistrySystem("main", Registry(rest)))


@pytest.fixture(params=[True, False], ids=["lists", "lists not"])
def double(request: pytest.FixtureRequest) -> RegistryDouble:
    return RegistryDouble(request.param)


def test_the_level_is_set_before_the_schema_is_judged(double: RegistryDouble) -> None:
    driver = driving(double)
    driver.deploy([driver.wanted("subject", "s", subject("s", [ID], "FULL"))])
    assert double.writes == [("PUT", "/config/s"), ("POST", "/subjects/s/versions")]
    assert double.levels == {"s": "FULL"}


def test_a_second_deploy_writes_nothing(double: RegistryDouble) -> None:
    driver = driving(double)
    every = [driver.wanted("subject", f"s{n}", subject(f"s{n}", [ID])) for n in range(5)]
    driver.deploy(every)
    double.asked.clear()
    assert driver.deploy(every) == {}
    assert double.writes == []


def test_a_plan_lists_schemas_where_it_can(double: RegistryDouble) -> None:
    driver = driving(double)
    every = [driver.wanted("subject", f"s{n}", subject(f"s{n}", [ID])) for n in range(20)]
    driver.deploy(every)
    double.asked.clear()
    driver.compare(every)
    asked = [path for _, path in double.asked if not path.startswith("/config/")]
    assert len(asked) == (2 if double.lists else 22)


def test_an_incompatible_schema_is_told_with_the_reasons(double: RegistryDouble) -> None:
    driver = driving(double)
    driver.deploy([driver.wanted("subject", "s", subject("s", [ID]))])
    double.refuses = ("reader is missing 'note'",)
    with pytest.raises(SystemFailed, match="refuses the new schema of 's': reader is missing"):
        driver.deploy([driver.wanted("subject", "s", subject("s", [ID, NOTE]))])
    assert len(double.subjects["s"]) == 1


def test_a_reply_of_another_server_is_no_answer() -> None:
    rest = Rest(
        "the registry",
        "http://registry",
        transport=httpx.MockTransport(lambda _: httpx.Response(200, text="<html>")),
        pause=lambda _: None,
    )
    system = RegistrySystem("main", Registry(rest))
    with pytest.raises(SystemFailed, match="answers GET subjects with something else"):
        Driver(system).compare([])


def record(*fields: Any, **more: Any) -> str:
    return json.dumps({"type": "record", "name": "R", "fields": list(fields), **more})


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (record(ID), record({"type": {"type": "string"}, "name": "id"})),
        (record(ID), record({**ID, "order": "ascending"})),
        (record(ID, namespace="a"), record(ID).replace('"R"', '"a.R"')),
        ('{"type": "long"}', '"long"'),
        ('["null", {"type": "int"}]', '["null", "int"]'),
        (
            record(
                {"name": "x", "type": {"type": "enum", "name": "E", "symbols": ["A"]}},
                namespace="a",
            ),
            record(
                {"name": "x", "type": {"type": "enum", "name": "a.E", "symbols": ["A"]}},
                namespace="a",
            ),
        ),
    ],
)
def test_schemas_that_say_the_same_are_the_same(one: str, other: str) -> None:
    assert canonical(one, "AVRO") == canonical(other, "AVRO")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (record(ID), record(ID, namespace="a")),
        (record(ID), record({**ID, "doc": "the id"})),
        (record(ID, NOTE), record(NOTE, ID)),
        (record(ID), record({**ID, "order": "descending"})),
        ('{"type": "long", "logicalType": "timestamp-millis"}', '"long"'),
        ('["null", "int"]', '["int", "null"]'),
    ],
)
def test_schemas_that_say_otherwise_are_not(one: str, other: str) -> None:
    assert canonical(one, "AVRO") != canonical(other, "AVRO")


def test_text_and_references_are_compared_by_what_they_say() -> None:
    assert canonical("message A {\n}", "PROTOBUF") == canonical("message A { }", "PROTOBUF")
    one = {"name": "a", "subject": "s", "version": 1}
    other = {"name": "b", "subject": "s", "version": 1, "id": 7}
    assert references([other, one]) == references([one, {**other, "id": 8}])
    assert references(None) == []
