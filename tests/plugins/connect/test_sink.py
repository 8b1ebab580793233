"""What becomes of a sink's logical keys on each connector."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from cdk_stream.plugin.backend import Compiled
from tests.plugins.connect.conftest import (
    CLUSTER,
    CONNECT,
    DATABASE,
    POSTGRES,
    SNOWFLAKE,
    codes,
    config_of,
    make_events,
    make_project,
    make_sink,
)

Config = dict[str, Any]
Compare = Callable[[str, Compiled], None]

CASES: dict[str, tuple[Config, str, Config, Config]] = {
    "snowflake_3": (
        SNOWFLAKE,
        "snowflake_table",
        {**DATABASE, "flush_interval_sec": 30, "batch_size": 1000, "tasks_max": 2},
        {},
    ),
    "snowflake_4": (
        SNOWFLAKE | {"version": "4.1.0"},
        "snowflake_table",
        {**DATABASE, "schematization": True, "dead_letter_topic": "events.dead"},
        {},
    ),
    "debezium_jdbc_3": (
        POSTGRES,
        "postgres_table",
        {"table": "events", "insert_mode": "upsert", "key_columns": "id", "max_retries": 5},
        {"format": "avro"},
    ),
    "debezium_jdbc_2_deletes": (
        POSTGRES | {"version": 2},
        "jdbc_table",
        {"table": "events", "delete_enabled": True, "auto_evolve": True},
        {"format": "avro", "changelog": "retract"},
    ),
    "aiven_jdbc": (
        POSTGRES | {"kind": "aiven_jdbc"},
        "jdbc_table",
        {"table": "events", "insert_mode": "UPDATE", "key_mode": "RECORD_KEY", "batch_size": 50},
        {"format": "protobuf"},
    ),
    "aiven_s3": (
        {"kind": "aiven_s3", "connection": {"bucket": "lake", "region": "eu-west-1"}},
        "s3_object",
        {"prefix": "events/", "compression": "zstd", "file.name.template": "{{topic}}"},
        {},
    ),
    "aiven_http": (
        {"kind": "aiven_http", "connection": {"url": "https://x.test", "token": "${env:T}"}},
        "http_endpoint",
        {"batch_size": 10, "max_retries": 3},
        {},
    ),
    "bigquery": (
        {"kind": "bigquery", "connection": {"project": "acme", "keyfile": "/etc/key.json"}},
        "bigquery_table",
        {"dataset": "fraud", "table": "events", "insert_mode": "UPSERT", "flush_interval_sec": 60},
        {"format": "avro"},
    ),
    "iceberg": (
        {"kind": "iceberg", "connection": {"catalog_type": "rest", "uri": "http://c"}},
        "iceberg_table",
        {"table": "fraud.events", "key_columns": ["id"], "flush_interval_sec": 30},
        {},
    ),
    "clickhouse": (
        {"kind": "clickhouse", "connection": {"host": "ch", "port": 8443, "ssl": True}},
        "clickhouse_table",
        {"database": "fraud", "table": "events", "flush_interval_sec": 0.5, "exactlyOnce": True},
        {},
    ),
    "elasticsearch": (
        {"kind": "elasticsearch", "connection": {"url": "http://es:9200"}},
        "elasticsearch_index",
        {"index": "events", "insert_mode": "UPSERT", "key_columns": ["id"], "delete_enabled": True},
        {},
    ),
    "file": ({"kind": "file"}, "file", {"path": "/tmp/events.jsonl"}, {}),
    "custom": (
        {"kind": "custom", "config": {"connector.class": "com.acme.Sink", "acme.speed": 3}},
        "anything",
        {"acme.password": "${file:/etc/acme:password}"},
        {},
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_each_connector_in_its_own_words(name: str, same_as_golden: Compare) -> None:
    connector, type_, config, events = CASES[name]
    project = make_project(connector)
    sink = make_sink(make_events(**events), config, type_)
    compiled = CONNECT.compile(sink, project)
    assert not compiled.remarks
    same_as_golden(name, compiled)
    assert all(isinstance(value, str) for value in config_of(compiled).values())


def test_the_upsert_that_snowflake_cannot_do_is_told_with_all_that_goes_with_it() -> None:
    config = {
        **DATABASE,
        "insert_mode": "UPSERT",
        "key_mode": "RECORD_KEY",
        "key_columns": ["id"],
        "flush_interval_sec": 30,
        "max_retries": 5,
    }
    compiled = CONNECT.compile(make_sink(make_events(), config), make_project())
    assert codes(compiled) == [
        ("CS642", "warning", "/sink/config/max_retries"),
        ("CS657", "warning", "/sink/config/insert_mode"),
    ]
    remark = compiled.remarks[1]
    assert "key_mode RECORD_KEY and key_columns id" in remark.message
    assert "the latest row of each id" in remark.mend
    assert "debezium_jdbc" in remark.mend
    settings = config_of(compiled)
    assert settings["buffer.flush.time"] == "30"
    assert not [key for key in settings if "mode" in key or "retries" in key]


def test_version_4_has_no_flush_interval() -> None:
    project = make_project(SNOWFLAKE | {"version": 4})
    sink = make_sink(make_events(), DATABASE | {"flush_interval_sec": 30})
    compiled = CONNECT.compile(sink, project)
    assert codes(compiled) == [("CS642", "warning", "/sink/config/flush_interval_sec")]
    assert "buffer.flush.time" not in config_of(compiled)


def test_updated_rows_in_a_table_that_only_grows() -> None:
    compiled = CONNECT.compile(make_sink(make_events(changelog="upsert"), DATABASE), make_project())
    assert codes(compiled) == [("CS643", "warning", "/sink")]
    assert "deletes are lost" in compiled.remarks[0].message


def test_updated_rows_are_upserted_where_the_target_can() -> None:
    sink = make_sink(
        make_events(changelog="upsert", format="avro"), {"table": "events"}, "jdbc_table"
    )
    settings = config_of(CONNECT.compile(sink, make_project(POSTGRES)))
    assert settings["insert.mode"] == "upsert"
    assert settings["primary.key.fields"] == "id"


REFUSED: dict[str, tuple[Config, str, Config, Config, tuple[str, str]]] = {
    "unknown key": (
        SNOWFLAKE,
        "snowflake_table",
        DATABASE | {"snowflake_tabel": "X"},
        {},
        ("CS641", "/sink/config/snowflake_tabel"),
    ),
    "a topic of its own": (
        SNOWFLAKE,
        "snowflake_table",
        DATABASE | {"topics": "payments.raw.v1"},
        {},
        ("CS641", "/sink/config/topics"),
    ),
    "text for a number": (
        SNOWFLAKE,
        "snowflake_table",
        DATABASE | {"flush_interval_sec": "soon"},
        {},
        ("CS644", "/sink/config/flush_interval_sec"),
    ),
    "a mode that does not exist": (
        SNOWFLAKE,
        "snowflake_table",
        DATABASE | {"insert_mode": "UPSRET"},
        {},
        ("CS644", "/sink/config/insert_mode"),
    ),
    "a key column that does not exist": (
        SNOWFLAKE,
        "snowflake_table",
        DATABASE | {"insert_mode": "UPSERT", "key_columns": ["payment"]},
        {},
        ("CS645", "/sink/config/key_columns"),
    ),
    "an index keyed by other columns": (
        {"kind": "elasticsearch", "connection": {"url": "http://es:9200"}},
        "elasticsearch_index",
        {"insert_mode": "UPSERT", "key_columns": ["card"]},
        {},
        ("CS645", "/sink/config/key_columns"),
    ),
    "an upsert without a key": (
        POSTGRES,
        "jdbc_table",
        {"insert_mode": "UPSERT"},
        {"format": "avro", "key": ()},
        ("CS645", "/sink/config"),
    ),
    "an update in place": (
        SNOWFLAKE,
        "snowflake_table",
        DATABASE | {"insert_mode": "UPDATE"},
        {},
        ("CS646", "/sink/config/insert_mode"),
    ),
    "no schema to write to": (
        SNOWFLAKE,
        "snowflake_table",
        {"snowflake_database": "FRAUD"},
        {},
        ("CS647", "/sink/config"),
    ),
    "a password": (
        POSTGRES | {"connection": {"url": "jdbc:postgresql://db/app", "password": "hunter2"}},
        "jdbc_table",
        {},
        {"format": "avro"},
        ("CS648", "/sink/connector/password"),
    ),
    "a password in an address": (
        POSTGRES | {"connection": {"url": "jdbc:postgresql://db/app?user=a&password=hunter2"}},
        "jdbc_table",
        {},
        {"format": "avro"},
        ("CS648", "/sink/connector/url"),
    ),
    "rows without a schema": (
        POSTGRES,
        "jdbc_table",
        {},
        {},
        ("CS649", "/sink/connector"),
    ),
    "losing rows unseen": (
        SNOWFLAKE,
        "snowflake_table",
        DATABASE | {"errors.tolerance": "all"},
        {},
        ("CS654", "/sink/config"),
    ),
    "another kind of target": (
        SNOWFLAKE,
        "jdbc_table",
        DATABASE,
        {},
        ("CS655", "/sink/type"),
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused(case: str) -> None:
    connector, type_, config, events, (code, pointer) = REFUSED[case]
    sink = make_sink(make_events(**events), config, type_)
    compiled = CONNECT.compile(sink, make_project(connector))
    assert (code, "error", pointer) in codes(compiled)
    assert compiled.artifacts == ()
    assert "hunter2" not in str(compiled)


def test_a_misspelt_key_names_the_near_one() -> None:
    sink = make_sink(make_events(), DATABASE | {"snowflake_tabel": "X"})
    (remark,) = CONNECT.compile(sink, make_project()).remarks
    assert "'snowflake_table'" in remark.mend


def test_the_topic_is_the_one_its_input_is_in() -> None:
    sink = make_sink(make_events(topic="events.v1"), DATABASE, topic="events.v2")
    compiled = CONNECT.compile(sink, make_project())
    assert codes(compiled) == [("CS653", "warning", "/sink/topic")]
    assert config_of(compiled)["topics"] == "events.v1"


def test_avro_without_a_registry() -> None:
    clusters = {"prod": {key: CLUSTER[key] for key in ("kafka", "connect")}}
    sink = make_sink(make_events(format="avro"), DATABASE)
    compiled = CONNECT.compile(sink, make_project(clusters=clusters))
    assert codes(compiled) == [("CS649", "error", "/sink")]


def test_envelopes_are_opened_before_anything_else() -> None:
    sink = make_sink(make_events(format="debezium_json"), DATABASE | {"transforms": "mine"})
    settings = config_of(CONNECT.compile(sink, make_project()))
    assert settings["transforms"] == "cdkUnwrap,mine"


def test_workers_of_another_cluster_are_told_where_the_topic_is() -> None:
    clusters = {"prod": CLUSTER, "lake": {"connect": {"url": "http://lake:8083"}}}
    sink = make_sink(make_events(), DATABASE, cluster="lake")
    compiled = CONNECT.compile(sink, make_project(clusters=clusters))
    assert compiled.artifacts[0].cluster == "lake"
    assert config_of(compiled)["consumer.override.bootstrap.servers"] == "kafka:9092"


FILTER = "org.apache.kafka.connect.transforms.Filter"


@pytest.mark.parametrize(
    ("connector", "type_", "config", "events"),
    [
        ({"kind": "file"}, "file", {"path": "/x"}, {}),
        (POSTGRES, "jdbc_table", {"table": "t"}, {"format": "avro"}),
        (POSTGRES | {"kind": "aiven_jdbc"}, "jdbc_table", {"table": "t"}, {"format": "avro"}),
    ],
)
def test_rows_without_a_value_do_not_reach_who_cannot_take_them(
    connector: Config, type_: str, config: Config, events: Config
) -> None:
    events = {"changelog": "upsert"} | events
    settings = config_of(
        CONNECT.compile(make_sink(make_events(**events), config, type_), make_project(connector))
    )
    assert settings["transforms"].split(",")[0] == "cdkDrop"
    assert settings["transforms.cdkDrop.type"] == FILTER
    assert settings["transforms.cdkDrop.predicate"] == settings["predicates"] == "cdkTombstone"


def test_rows_without_a_value_delete_where_that_is_asked_for() -> None:
    sink = make_sink(
        make_events(format="avro", changelog="upsert"),
        {"table": "t", "delete_enabled": True},
        "jdbc_table",
    )
    made = CONNECT.compile(sink, make_project(POSTGRES))
    assert "transforms" not in config_of(made)
    assert codes(made) == []


def test_deletes_that_are_not_asked_for_are_noted(same_as_golden: Compare) -> None:
    events = make_events(format="avro", changelog="upsert")
    made = CONNECT.compile(make_sink(events, {"table": "t"}, "jdbc_table"), make_project(POSTGRES))
    assert codes(made) == [("CS659", "note", "/sink/config")]
    same_as_golden("debezium_jdbc_3_without_deletes", made)


def test_an_envelope_is_opened_before_its_deletes_are_dropped() -> None:
    events = make_events(format="debezium_json", changelog="retract")
    made = CONNECT.compile(make_sink(events, DATABASE), make_project())
    assert config_of(made)["transforms"] == "cdkUnwrap,cdkDrop"


def test_the_authors_predicates_stay() -> None:
    config = {"path": "/x", "predicates": "mine", "predicates.mine.type": "com.acme.Mine"}
    events = make_events(changelog="upsert")
    made = CONNECT.compile(make_sink(events, config, "file"), make_project({"kind": "file"}))
    assert config_of(made)["predicates"] == "mine,cdkTombstone"


@pytest.mark.parametrize(
    ("connector", "config", "key"),
    [
        (POSTGRES, {"table": "t", "field.include.list": "events.v1:id,events.v1:amuont"}, "amuont"),
        (POSTGRES | {"kind": "aiven_jdbc"}, {"table": "t", "fields.whitelist": "id,nope"}, "nope"),
    ],
)
def test_columns_that_settings_name_are_columns_of_the_rows(
    connector: Config, config: Config, key: str
) -> None:
    events = make_events(format="avro")
    made = CONNECT.compile(make_sink(events, config, "jdbc_table"), make_project(connector))
    (remark,) = made.remarks
    assert (remark.code, key in remark.message) == ("CS645", True)
