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
from cdk_stream.sql.analysis import Analysis
from cdk_stream.sql.grammar.parser import parse

PAYMENT = (
    "payment_id STRING!, card_number STRING!, status STRING!, note STRING, amount_cents BIGINT!,"
    " refund BIGINT, rate DOUBLE, active BOOLEAN, event_time TIMESTAMP(3)!,"
    " address ROW<city STRING>"
)
ROLES = {
    "support": {"service_accounts": ["support-ui"]},
    "analytics": {"group": "analysts", "service_accounts": ["bi-reader"]},
    "fraud-engine": {"service_accounts": ["fraud-scoring"], "external_groups": ["idp-fraud"]},
}
CLUSTER = {
    "gateway": {"url": "http://gateway:8888", "version": "3.15"},
    "schema_registry": {"url": "http://registry:8081"},
}


def make_project(cluster: dict[str, Any] | None = None, **keys: Any) -> Project:
    """A project with one cluster, `prod`, and three roles; `cluster` adds to or replaces it."""
    prod = CLUSTER | (cluster or {})
    return Project.model_validate(
        {"name": "shop", "clusters": {"prod": prod}, "roles": ROLES} | keys
    )


def make_columns(text: str) -> dict[str, StreamColumn]:
    """`"id STRING!, amount BIGINT"`: a name and a type each, `!` for NOT NULL."""
    columns = {}
    for item in re.split(r", *(?![^(<]*[)>])", text):
        name, type_ = item.split(" ", 1)
        columns[name] = StreamColumn(type_.rstrip("!"), not type_.endswith("!"), None, False)
    return columns


def make_stream(node: str, columns: str = PAYMENT, **keys: Any) -> Stream:
    """A stream `source.NAME` or `model.NAME` on cluster `prod`, JSON unless told."""
    kind, name = node.split(".", 1)
    extra = keys.pop("resource", {})
    resource: Any = (Source if kind == "source" else Model).model_validate({"name": name} | extra)
    topic = keys.pop("topic", f"{name}.v1" if kind == "source" else name)
    typed = make_columns(columns)
    for column_name, column in typed.items():
        column.copies = ((node, column_name),)
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


def make_view(sql: str, source: Stream | None = None, **keys: Any) -> Stream:
    """A model over one input, not placed yet; its SQL calls the input `t`."""
    source = source or make_stream("source.payments")
    analysis = Analysis([], tree=parse(sql, {}, {})[0]) if sql else None
    defaults: dict[str, Any] = dict(
        sql=sql,
        analysis=analysis,
        inputs={source.id: source},
        format=source.format,
        resource={"sql": sql} if sql else {},
        physical_topics=source.physical_topics,
    )
    view = make_stream(keys.pop("node", "model.clean"), **(defaults | keys))
    for name in view.columns.keys() & source.columns.keys():
        view.columns[name].copies = source.columns[name].copies
    return view


def mask(column: str = "card_number", node: str = "source.payments", **keys: Any) -> Protection:
    """A rule that hides a column of a source."""
    defaults: dict[str, Any] = dict(
        method="mask", origin=(node, column), declared_by="model.clean", masking="mask_all"
    )
    return Protection(**(defaults | keys))


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


@pytest.fixture(name="mask")
def mask_maker() -> Callable[..., Protection]:
    return mask
