"""Sources that a connector fills."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from cdk_stream.plugin.backend import Compiled
from cdk_stream.results.stream import Stream
from tests.plugins.connect.conftest import (
    CLUSTER,
    CONNECT,
    codes,
    config_of,
    make_project,
    make_stream,
)

Compare = Callable[[str, Compiled], None]
LOGIN = {"host": "db", "port": 5432, "user": "cdc", "password": "${env:CDC}"}


def make_filled(
    type_: str, config: dict[str, Any], format_: str = "json", key: tuple[str, ...] = ()
) -> Stream:
    """The source `customers`, filled by the connector `target`."""
    connect = {"connector": "target", "config": config}
    resource = {"type": type_, "connect": connect}
    return make_stream("source.customers", "id STRING", resource=resource, format=format_, key=key)


CASES: dict[str, tuple[dict[str, Any], str, dict[str, Any], str]] = {
    "debezium_postgres": (
        {"kind": "debezium_postgres", "connection": LOGIN | {"database": "crm"}},
        "debezium_cdc",
        {"table": "public.customers", "slot": "cdk", "heartbeat_sec": 10},
        "debezium_json",
    ),
    "debezium_mysql": (
        {"kind": "debezium_mysql", "connection": LOGIN | {"server_id": 7}},
        "debezium_cdc",
        {"tables": ["crm.customers", "crm.clients"]},
        "avro",
    ),
    "aiven_jdbc_source": (
        {"kind": "aiven_jdbc_source", "connection": {"url": "jdbc:postgresql://db/crm"}},
        "jdbc",
        {"table": "customers", "interval_sec": 5},
        "avro",
    ),
    "http_source": (
        {"kind": "http_source"},
        "http",
        {"url": "https://x.test/rates", "interval_sec": 60},
        "json",
    ),
    "mqtt_source": (
        {"kind": "mqtt_source", "connection": {"url": "tcp://mqtt:1883"}},
        "mqtt",
        {"mqtt_topics": ["plant/+/temperature"], "qos": 1},
        "raw",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_each_connector_in_its_own_words(name: str, same_as_golden: Compare) -> None:
    connector, type_, config, format_ = CASES[name]
    compiled = CONNECT.compile(make_filled(type_, config, format_), make_project(connector))
    assert not compiled.remarks
    same_as_golden(f"source_{name}", compiled)


@pytest.mark.parametrize(
    ("topic", "routed"),
    [
        ("customers.crm.customers", True),
        ("customers.crm.clients", True),
        ("__debezium-heartbeat.customers", False),
        ("customers.crm.customers_old", False),
        ("customers", False),
    ],
)
def test_only_the_rows_of_the_tables_are_routed(topic: str, routed: bool) -> None:
    connector, type_, config, format_ = CASES["debezium_mysql"]
    compiled = CONNECT.compile(make_filled(type_, config, format_), make_project(connector))
    pattern = config_of(compiled)["transforms.cdkRoute.regex"]
    assert bool(re.fullmatch(pattern, topic)) is routed


def test_a_declared_key_of_one_text_is_written_plain() -> None:
    connector, type_, config, format_ = CASES["debezium_mysql"]
    source = make_filled(type_, config, format_, key=("id",))
    settings = config_of(CONNECT.compile(source, make_project(connector)))
    assert settings["transforms"] == "cdkUnwrap,cdkKey,cdkRoute"
    assert settings["key.converter"].endswith("StringConverter")


def test_a_topic_that_others_fill_has_no_connector() -> None:
    assert CONNECT.compile(make_stream("source.raw", "id STRING"), make_project()) == Compiled()


def test_a_connector_of_the_authors_own() -> None:
    connect = {"config": {"connector.class": "com.acme.Source", "acme.queue": "q1"}}
    source = make_stream(
        "source.x", "id STRING", resource={"type": "connector", "connect": connect}
    )
    settings = config_of(CONNECT.compile(source, make_project()))
    assert settings["connector.class"] == "com.acme.Source"
    assert settings["acme.queue"] == "q1"


@pytest.mark.parametrize(
    ("connect", "code", "pointer"),
    [
        ({"connector": "targt"}, "CS656", "/connect/connector"),
        ({"connector": "target", "config": {"tabel": "x"}}, "CS641", "/connect/config/tabel"),
        ({"connector": "target"}, "CS647", "/connect/config"),
        ({"config": {"acme.queue": "q1"}}, "CS647", "/connect/config"),
    ],
)
def test_refused(connect: dict[str, Any], code: str, pointer: str) -> None:
    source = make_stream("source.x", "id STRING", resource={"type": "jdbc", "connect": connect})
    project = make_project({"kind": "aiven_jdbc_source"})
    compiled = CONNECT.compile(source, project)
    assert (code, "error", pointer) in codes(compiled)
    assert compiled.artifacts == ()


def test_a_cluster_without_connect() -> None:
    connector, type_, config, format_ = CASES["http_source"]
    clusters = {"prod": {"kafka": CLUSTER["kafka"]}}
    project = make_project(connector, clusters=clusters)
    compiled = CONNECT.compile(make_filled(type_, config, format_), project)
    assert ("CS656", "error", "/connect") in codes(compiled)
