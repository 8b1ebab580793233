"""Streams made by hand, and the golden scripts to hold against."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cdk_stream.resources.model import Model
from cdk_stream.resources.project import Project
from cdk_stream.resources.source import Source
from cdk_stream.results.stream import Stream, StreamColumn
from cdk_stream.sql.analysis import Analysis

GOLDEN = Path(__file__).parent / "golden"

CLUSTER = {
    "kafka": {"bootstrap_servers": "kafka:9092"},
    "schema_registry": {"url": "http://registry:8081"},
    "gateway": {"url": "http://gateway:8888", "bootstrap_servers": "gateway:6969"},
    "flink": {"sql_gateway": "http://flink:8083", "version": "2.2"},
}


def make_project(flink: dict[str, Any] | None = None, **keys: Any) -> Project:
    """A project with one cluster, `prod`; `flink` adds to its Flink block."""
    prod = CLUSTER | {"flink": CLUSTER["flink"] | (flink or {})}
    return Project.model_validate({"name": "shop", "clusters": {"prod": prod}} | keys)


def make_columns(text: str) -> dict[str, StreamColumn]:
    """`"id STRING!, amount BIGINT"`: a name and a type each, `!` for NOT NULL."""
    columns = {}
    for item in re.split(r", +(?![^(]*\))", text):
        name, type_ = item.split(" ", 1) if " " in item else (item, "")
        columns[name] = StreamColumn(type_.rstrip("!"), not type_.endswith("!"), None, False)
    return columns


def make_stream(node: str, columns: str, **keys: Any) -> Stream:
    """A stream `source.NAME` or `model.NAME` on cluster `prod`, JSON unless told."""
    kind, name = node.split(".", 1)
    extra = keys.pop("resource", {})
    resource: Any = (Source if kind == "source" else Model).model_validate({"name": name} | extra)
    defaults: dict[str, Any] = dict(
        id=node,
        name=name,
        kind=kind,
        resource=resource,
        path="models/x.yml",
        pointer="/models/0",
        columns=make_columns(columns),
        event_time="",
        watermark_ms=5000,
        idle_timeout_ms=0,
        key=(),
        changelog="append",
        open=False,
        cluster="prod",
        region="EU",
        format="json",
        topic=name.replace("_", "."),
        physical_topics=(),
        inputs={},
        influences={},
        features=frozenset(),
        sql="",
    )
    return Stream(**(defaults | keys))


def make_job(name: str, columns: str, inputs: list[Stream], sql: str, **keys: Any) -> Stream:
    """A model that was placed on Flink; `own_key` and `functions` are what its query has."""
    analysis = Analysis([], key=keys.pop("own_key", ()), functions=set(keys.pop("functions", ())))
    return make_stream(
        f"model.{name}",
        columns,
        inputs={stream.id: stream for stream in inputs},
        sql=sql,
        analysis=analysis,
        backend="flink",
        materialized="flink_stream",
        features=frozenset(keys.pop("features", ())),
        **keys,
    )


@pytest.fixture
def payments() -> Stream:
    return make_stream(
        "source.payments",
        "payment_id STRING!, customer_id STRING!, card_number STRING!, amount BIGINT,"
        " event_time TIMESTAMP_LTZ(3)!",
        event_time="event_time",
    )


@pytest.fixture
def same_as_golden() -> Callable[[str, str], None]:
    """Compare a script with its golden file; GOLDEN=write in the environment rewrites it."""

    def compare(name: str, script: str) -> None:
        path = GOLDEN / f"{name}.sql"
        if os.environ.get("GOLDEN") == "write":
            path.write_text(script)
        assert script == path.read_text()

    return compare
