"""Sinks and sources made by hand."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest

from cdk_stream.plugin.backend import Compiled
from cdk_stream.resources.model import Model
from cdk_stream.resources.project import Project
from cdk_stream.resources.source import Source
from cdk_stream.results.stream import Protection, Stream, StreamColumn
from cdk_stream_connect.backend import ConnectBackend

GOLDEN = Path(__file__).parent / "golden"
CONNECT = ConnectBackend()

CLUSTER = {
    "kafka": {"bootstrap_servers": "kafka:9092"},
    "schema_registry": {"url": "http://registry:8081"},
    "gateway": {"url": "http://gateway:8888", "bootstrap_servers": "gateway:6969"},
    "connect": {"url": "http://connect:8083"},
}
SNOWFLAKE = {
    "kind": "snowflake",
    "version": 3,
    "connection": {
        "url": "acme.eu-west-1.snowflakecomputing.com",
        "user": "${env:SNOWFLAKE_USER}",
        "private_key": "${env:SNOWFLAKE_KEY}",
    },
}
DATABASE = {"snowflake_database": "FRAUD", "snowflake_schema": "PROD", "snowflake_table": "EVENTS"}
POSTGRES = {
    "kind": "debezium_jdbc",
    "version": 3,
    "connection": {"url": "jdbc:postgresql://db/app", "user": "app", "password": "${env:DB}"},
}
MASKED = Protection("mask", ("source.raw", "card"), "model.clean", masking="mask_all")


def make_project(connector: dict[str, Any] | None = None, **keys: Any) -> Project:
    """A project with one cluster, `prod`, and one connector, `target`."""
    return Project.model_validate(
        {
            "name": "shop",
            "clusters": {"prod": CLUSTER},
            "connectors": {"target": connector or SNOWFLAKE},
        }
        | keys
    )


def make_stream(node: str, columns: str, **keys: Any) -> Stream:
    """A stream `source.NAME` or `model.NAME`; `columns` is `"id STRING!, n INT"`, `!` not null."""
    kind, name = node.split(".", 1)
    extra = keys.pop("resource", {})
    resource: Any = (Source if kind == "source" else Model).model_validate({"name": name} | extra)
    typed = [item.split(" ", 1) for item in re.split(r", +(?![^(]*\))", columns)]
    defaults: dict[str, Any] = dict(
        id=node,
        name=name,
        kind=kind,
        resource=resource,
        path="models/x.yml",
        pointer="/models/0",
        columns={
            column: StreamColumn(type_.rstrip("!"), not type_.endswith("!"), None, False)
            for column, type_ in typed
        },
        event_time="",
        watermark_ms=5000,
        idle_timeout_ms=0,
        key=(),
        changelog="append",
        open=False,
        cluster="prod",
        region="EU",
        format="json",
        topic=f"{name}.v1",
        physical_topics=(),
        inputs={},
        influences={},
        features=frozenset(),
        sql="",
    )
    return Stream(**(defaults | keys))


def make_events(**keys: Any) -> Stream:
    """A model that a sink reads: `id` is its key, `card` may be protected."""
    protections = keys.pop("card", ())
    columns = "id STRING!, card STRING, amount BIGINT"
    events = make_stream("model.events", columns, **({"key": ("id",)} | keys))
    events.columns["card"].protections = protections
    return events


def make_sink(
    source: Stream, config: dict[str, Any], type_: str = "snowflake_table", **keys: str
) -> Stream:
    """The model `warehouse`, placed on Connect, which writes `source` by the connector `target`."""
    sink = {"type": type_, "connector": "target", "config": config} | keys
    return make_stream(
        "model.warehouse",
        "id STRING!, card STRING, amount BIGINT",
        resource={"materialized": "sink", "sink": sink},
        inputs={source.id: source},
        backend="connect",
        materialized="sink",
    )


def config_of(compiled: Compiled) -> dict[str, str]:
    """The settings of the only connector."""
    (artifact,) = (made for made in compiled.artifacts if made.kind == "connector")
    assert isinstance(artifact.spec, dict)
    config: dict[str, str] = artifact.spec["config"]
    return config


def codes(compiled: Compiled) -> list[tuple[str, str, str]]:
    """(code, severity, pointer) of every remark."""
    return [(remark.code, str(remark.severity), remark.pointer) for remark in compiled.remarks]


def rights(compiled: Compiled, kind: str = "acl") -> dict[str, list[str]]:
    """Name of each artefact of rights -> what it allows, in words."""
    found = {}
    for artifact in compiled.artifacts:
        if artifact.kind == kind:
            assert isinstance(artifact.spec, dict)
            found[artifact.name] = [
                f"{entry['operation']} {entry['resource_type']} {entry['name']}"
                + ("*" if entry["pattern_type"] == "PREFIXED" else "")
                for entry in artifact.spec["acls"]
            ]
    return found


def topics(compiled: Compiled) -> dict[str, dict[str, str]]:
    """Topic -> its settings."""
    return {
        artifact.name: artifact.spec["spec"]["configs"]
        for artifact in compiled.artifacts
        if artifact.kind == "topic" and isinstance(artifact.spec, dict)
    }


@pytest.fixture
def same_as_golden() -> Callable[[str, Compiled], None]:
    """Compare the connector with its golden file; GOLDEN=write in the environment writes it."""

    def compare(name: str, compiled: Compiled) -> None:
        (artifact,) = (made for made in compiled.artifacts if made.kind == "connector")
        content = orjson.dumps(artifact.spec, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS)
        path = GOLDEN / f"{name}.json"
        if os.environ.get("GOLDEN") == "write":
            path.write_bytes(content + b"\n")
        assert content + b"\n" == path.read_bytes()

    return compare
