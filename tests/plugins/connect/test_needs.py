"""The topics and rights of connectors, beside those of the rows they move."""

from __future__ import annotations

from typing import Any

import pytest

from cdk_stream.plugin.backend import Compiled
from cdk_stream.results.artifact import Artifact
from cdk_stream.results.stream import Protection, Stream
from tests.plugins.connect.conftest import (
    CLUSTER,
    CONNECT,
    DATABASE,
    codes,
    config_of,
    make_events,
    make_project,
    make_sink,
    make_stream,
    rights,
    topics,
)

MYSQL = {
    "kind": "debezium_mysql",
    "connection": {
        "host": "db",
        "user": "cdc",
        "password": "${env:CDC}",
        "server_id": 7,
    },
}
JDBC = {"kind": "aiven_jdbc_source", "connection": {"url": "jdbc:sqlite:x"}}


def filled(connector: dict[str, Any], config: dict[str, Any], **security: bool) -> Stream:
    resource = {
        "connect": {"connector": "target", "config": config},
        "type": "jdbc",
        "security": security,
    }
    return make_stream("source.customers", "id STRING", resource=resource, key=("id",))


def compiled(connector: dict[str, Any], config: dict[str, Any], **keys: Any) -> Compiled:
    return CONNECT.compile(filled(connector, config), make_project(connector, **keys))


def test_a_sink_without_dead_letters_needs_nothing_more() -> None:
    made = CONNECT.compile(make_sink(make_events(), DATABASE), make_project())
    assert [artifact.kind for artifact in made.artifacts] == ["connector"]


def test_the_dead_letter_topic_is_made_and_may_be_written() -> None:
    sink = make_sink(make_events(), DATABASE | {"dead_letter_topic": "events.dead"})
    made = CONNECT.compile(sink, make_project())
    assert topics(made) == {
        "events.dead": {"cleanup.policy": "delete", "retention.ms": "604800000"}
    }
    assert rights(made) == {
        "cdk-shop-warehouse@model.warehouse.dead-letters": [
            "DESCRIBE TOPIC events.dead",
            "WRITE TOPIC events.dead",
        ]
    }
    assert config_of(made)["errors.tolerance"] == "all"


def test_connectors_share_a_dead_letter_topic() -> None:
    made: list[Artifact] = []
    for name in ("one", "other"):
        sink = make_sink(make_events(), DATABASE | {"dead_letter_topic": "dead"})
        sink.name, sink.id = name, f"model.{name}"
        made += CONNECT.compile(sink, make_project()).artifacts
    assert len({artifact.content for artifact in made if artifact.kind == "topic"}) == 1


def test_failed_rows_do_not_go_back_to_where_they_were_read() -> None:
    sink = make_sink(make_events(), DATABASE | {"dead_letter_topic": "events.v1"})
    assert codes(CONNECT.compile(sink, make_project())) == [("CS654", "error", "/sink/config")]


def test_a_source_writes_its_topic() -> None:
    assert rights(compiled(JDBC, {"table": "customers"})) == {
        "cdk-shop-customers@source.customers": [
            "DESCRIBE TOPIC customers.v1",
            "WRITE TOPIC customers.v1",
        ]
    }


def test_a_source_that_remembers_the_schema_has_a_topic_for_it_that_is_kept_for_ever() -> None:
    made = compiled(MYSQL, {"table": "crm.customers", "heartbeat_sec": 10})
    history, beats = "customers.v1.schema-history", "__debezium-heartbeat.customers"
    assert topics(made)[history] == {"cleanup.policy": "delete", "retention.ms": "-1"}
    assert sorted(topics(made)) == [beats, history]
    assert rights(made)["cdk-shop-customers@source.customers"] == [
        "READ GROUP customers-schemahistory",
        f"DESCRIBE TOPIC {beats}",
        f"WRITE TOPIC {beats}",
        "DESCRIBE TOPIC customers.v1",
        "WRITE TOPIC customers.v1",
        f"DESCRIBE TOPIC {history}",
        f"READ TOPIC {history}",
        f"WRITE TOPIC {history}",
    ]
    assert config_of(made)["include.schema.changes"] == "false"


EXACTLY_ONCE = {"table": "customers", "exactly.once.support": "required"}


def test_an_exactly_once_source_may_write_its_transactions_and_no_others() -> None:
    cluster = CLUSTER | {"connect": {"url": "http://connect:8083", "group_id": "workers"}}
    made = compiled(JDBC, EXACTLY_ONCE, clusters={"prod": cluster})
    assert rights(made)["cdk-shop-customers@source.customers"][2:] == [
        "DESCRIBE TRANSACTIONAL_ID workers-shop.customers-*",
        "WRITE TRANSACTIONAL_ID workers-shop.customers-*",
    ]


def test_transactions_without_the_name_of_the_workers_group_are_refused() -> None:
    assert codes(compiled(JDBC, EXACTLY_ONCE)) == [("CS658", "error", "/connect/config")]


def test_a_sink_has_no_transactions() -> None:
    sink = make_sink(make_events(), DATABASE | {"exactly.once.support": "required"})
    assert [code for code, _, _ in codes(CONNECT.compile(sink, make_project()))] == ["CS641"]


def _encrypted() -> Stream:
    source = filled(JDBC, {"table": "customers"}, allow_encryption=True)
    rule = Protection("encrypt", ("source.customers", "id"), "model.x", key="vault-kms://k/t")
    source.columns["id"].protections = (rule,)
    return source


def test_a_source_with_encrypted_columns_writes_through_the_gateway_only() -> None:
    made = CONNECT.compile(_encrypted(), make_project(JDBC))
    assert config_of(made)["producer.override.bootstrap.servers"] == "gateway:6969"
    assert rights(made) == {}
    assert rights(made, "gateway_acl") == {
        "cdk-shop-customers@source.customers": [
            "DESCRIBE TOPIC customers.v1",
            "WRITE TOPIC customers.v1",
        ]
    }


def test_encryption_without_an_address_of_the_gateway_is_refused() -> None:
    cluster = CLUSTER | {"gateway": {"url": "http://gateway:8888"}}
    made = CONNECT.compile(_encrypted(), make_project(JDBC, clusters={"prod": cluster}))
    assert codes(made) == [("CS652", "error", "/connect")]


@pytest.mark.parametrize(
    "key", ["producer.override.bootstrap.servers", "consumer.override.group.id"]
)
def test_what_the_rights_are_made_for_is_not_the_authors_to_set(key: str) -> None:
    made = compiled(JDBC, {"table": "customers", key: "x"})
    assert codes(made) == [("CS641", "error", f"/connect/config/{key}")]
