"""Streams made by hand, as the core hands them to a backend."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from cdk_stream.resources.model import Model
from cdk_stream.resources.project import Project
from cdk_stream.resources.source import Source
from cdk_stream.results.stream import Protection, Stream, StreamColumn

ROLES = {
    "fraud-engine": {"service_accounts": ["fraud-scoring"]},
    "fraud-ml": {"service_accounts": ["fraud-training", "fraud-scoring"]},
}


def make_project(**keys: Any) -> Project:
    """A project with one cluster, `prod`, that has a schema registry."""
    prod = {"schema_registry": {"url": "http://registry:8081"}}
    return Project.model_validate(
        {"name": "shop", "clusters": {"prod": prod}, "roles": ROLES} | keys
    )


def make_stream(node: str, columns: str = "id STRING!, amount BIGINT", **keys: Any) -> Stream:
    """A stream `source.NAME` or `model.NAME` on cluster `prod`, JSON unless told."""
    kind, name = node.split(".", 1)
    extra = keys.pop("resource", {})
    resource: Any = (Source if kind == "source" else Model).model_validate({"name": name} | extra)
    topic = keys.pop("topic", f"{name}.v1")
    typed = {}
    for item in re.split(r", *(?![^(<]*[)>])", columns):
        column, type_ = item.split(" ", 1)
        typed[column] = StreamColumn(type_.rstrip("!"), not type_.endswith("!"), None, False)
    defaults: dict[str, Any] = dict(
        id=node,
        name=name,
        kind=kind,
        resource=resource,
        path="x.yml",
        pointer="/models/0",
        columns=typed,
        event_time="",
        watermark_ms=5000,
        idle_timeout_ms=0,
        key=(),
        changelog="append",
        open=False,
        cluster="prod",
        region="EU",
        format="json",
        topic=topic,
        physical_topics=(topic,),
        inputs={},
        influences={},
        features=frozenset(),
        sql="",
    )
    return Stream(**(defaults | keys))


def make_view(name: str, source: Stream) -> Stream:
    """A virtual topic over a source."""
    return make_stream(
        f"model.{name}",
        topic=name,
        inputs={source.id: source},
        physical_topics=source.physical_topics,
        backend="proxy",
        materialized="virtual_topic",
    )


def make_job(name: str, *inputs: Stream, columns: str = "id STRING!", **keys: Any) -> Stream:
    """A model that was placed on Flink."""
    return make_stream(
        f"model.{name}",
        columns,
        **(
            {
                "inputs": {stream.id: stream for stream in inputs},
                "backend": "flink",
                "materialized": "flink_stream",
            }
            | keys
        ),
    )


def protect(stream: Stream, column: str, method: str) -> Stream:
    stream.columns[column].protections = (Protection(method, (stream.id, column), stream.id),)
    return stream


@pytest.fixture
def project() -> Project:
    return make_project()


@pytest.fixture(name="make_project")
def project_maker() -> Callable[..., Project]:
    return make_project


@pytest.fixture(name="make_stream")
def stream_maker() -> Callable[..., Stream]:
    return make_stream


@pytest.fixture(name="make_view")
def view_maker() -> Callable[..., Stream]:
    return make_view


@pytest.fixture(name="make_job")
def job_maker() -> Callable[..., Stream]:
    return make_job


@pytest.fixture(name="protect")
def protector() -> Callable[..., Stream]:
    return protect
