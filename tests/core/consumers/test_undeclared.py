"""Which live groups read what changes without anybody having said so."""

from __future__ import annotations

import pytest

from cdk_stream.results.consumer import LiveGroup
from cdk_stream.results.manifest import Manifest, Node
from cdk_stream.stages.diff import diff
from cdk_stream.stages.undeclared import undeclared
from cdk_stream.testing import column, exposure, manifest, model, source

RAW = source("raw", {"id": column("INT"), "status": column()}, topic="raw.v1")
ROLES = {"roles": {"bi": {"service_accounts": ["tableau"]}}}


def clean(*names: str, **more: object) -> Node:
    columns = {name: column("STRING", f"source.raw.{name}") for name in names}
    return model("clean", columns, topic="clean.v1", physical_topics=["raw.v1"], **more)


def total() -> Node:
    columns = {"n": column("BIGINT", "model.clean.id", how="aggregation")}
    return model("total", columns, topic="total.v1", materialized="flink_stream", backend="flink")


APP = exposure(
    "app",
    "model.clean",
    consumer_config={"consumer_group": "app-v1"},
    service_accounts=["app"],
    access={"roles": ["bi"]},
)


def strangers(base: Manifest, head: Manifest, *groups: LiveGroup) -> list[tuple[str, str, str]]:
    found = undeclared(groups, diff(base, head), base, head)
    return [(one.group, one.node, one.severity) for one in found]


def versions(*nodes: Node, removed: str = "status") -> tuple[Manifest, Manifest]:
    left = [name for name in ("id", "status") if name != removed]
    base = manifest(RAW, clean("id", "status"), *nodes)
    head = manifest(RAW, clean(*left), *nodes)
    return base, head


def test_a_group_that_no_exposure_names_is_a_stranger() -> None:
    base, head = versions(APP)
    groups = (LiveGroup("app-v1", "clean.v1"), LiveGroup("batch", "clean.v1", 3))
    assert strangers(base, head, *groups) == [("batch", "model.clean", "breaking")]


def test_what_does_not_change_bothers_nobody() -> None:
    base, head = versions(APP, total())
    groups = (LiveGroup("a", "total.v1"), LiveGroup("b", "raw.v1"), LiveGroup("c", "other"))
    assert strangers(base, head, *groups) == []
    assert strangers(base, base, LiveGroup("batch", "clean.v1")) == []


def test_other_rows_reach_streams_downstream() -> None:
    base = manifest(RAW, clean("id", filters=["id > 1"], rows_fingerprint="a"), total())
    head = manifest(RAW, clean("id", filters=["id > 2"], rows_fingerprint="b"), total())
    assert ("batch", "model.total", "risky") in strangers(
        base, head, LiveGroup("batch", "total.v1")
    )


@pytest.mark.parametrize(
    ("principals", "told"),
    [(("app",), 0), (("app", "tableau"), 0), (("app", "mallory"), 1), ((), 1)],
)
def test_accounts_declare_a_group_when_all_of_them_are_known(
    principals: tuple[str, ...], told: int
) -> None:
    base, head = versions(APP)
    for version in (base, head):
        version.project = {**version.project, **ROLES}
    found = strangers(base, head, LiveGroup("g", "clean.v1", 1, principals))
    assert len(found) == told


def test_jobs_and_connectors_of_the_project_are_no_strangers() -> None:
    sink = model(
        "sink",
        {"id": column("INT", "model.clean.id")},
        topic="",
        materialized="sink",
        artifacts=[{"kind": "connector", "name": "fraud-sink", "digest": ""}],
    )
    job = {**total(), "artifacts": [{"kind": "acl", "name": "cdk-p-total@x", "digest": ""}]}
    base, head = versions(sink, job)
    groups = (LiveGroup("connect-fraud-sink", "clean.v1"), LiveGroup("cdk-p-total", "clean.v1"))
    assert strangers(base, head, *groups) == []


def test_an_exposure_taken_out_still_declares_its_group() -> None:
    base = manifest(RAW, clean("id", "status"), APP)
    head = manifest(RAW, clean("id"))
    assert strangers(base, head, LiveGroup("app-v1", "clean.v1")) == []
