"""Continuous tests as jobs: the scripts are plain files under golden/, named `watch_*`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from cdk_stream.plugin.backend import Compiled
from cdk_stream.plugin.watching import Watch, violations
from cdk_stream.resources.test import Test
from cdk_stream.results.stream import Protection, Stream
from cdk_stream_flink.backend import FlinkBackend
from cdk_stream_flink.checks.query import watch
from tests.plugins.flink.conftest import make_project, make_stream

Compare = Callable[[str, str], None]
FLINK = FlinkBackend()


def orders(**keys: Any) -> Stream:
    columns = (
        "id BIGINT!, customer STRING!, status STRING, amount DECIMAL(10, 2), paid BOOLEAN,"
        " at TIMESTAMP_LTZ(3)!"
    )
    return make_stream("model.orders", columns, **{"key": ("id",), "event_time": "at"} | keys)


def customers(**keys: Any) -> Stream:
    columns = "id STRING!, name STRING, seen TIMESTAMP_LTZ(3)!"
    more = {"key": ("id",), "event_time": "seen", "changelog": "upsert"} | keys
    return make_stream("model.customers", columns, **more)


def watched(*assertions: dict[str, Any], model: Stream | None = None) -> Watch:
    test = Test.model_validate({"name": "fine", "model": "orders", "assertions": assertions})
    model, other = model or orders(), customers()
    return watch(test, model, {model.id: model, other.id: other}, make_project())


def script(found: Watch, **keys: Any) -> str:
    project = make_project(**keys)
    compiled: Compiled = FLINK.compile(violations("fine", orders(), found, project), project)
    assert not compiled.remarks
    (artifact,) = compiled.artifacts
    assert artifact.name == "fine.check"
    assert isinstance(artifact.spec, str)
    return artifact.spec


def test_single_rows(same_as_golden: Compare) -> None:
    found = watched(
        {"not_null": {"column": ["id", "customer"]}},
        {"allowed_values": {"column": "status", "values": ["OPEN", "it's paid"]}},
        {"accepted_values": {"column": "paid", "values": [True]}},
        {"range": {"column": "amount", "min": 0, "max": 99.5}},
        {"sql": {"expression": "amount > 0 OR status = 'OPEN' -- refunds", "name": "refunds"}},
    )
    assert not found.remarks
    same_as_golden("watch_rows", script(found))


def test_keys(same_as_golden: Compare) -> None:
    refer = {"column": "customer", "ref_model": "customers", "ref_key": "id"}
    found = watched(
        {"unique_key": {"key": "id", "window": "15 minutes"}},
        {"unique_key": {"key": ["customer", "status"]}},
        {"foreign_key": refer | {"window": "1 hour"}},
    )
    assert not found.remarks
    same_as_golden("watch_keys", script(found))


def test_a_row_of_its_own_time(same_as_golden: Compare) -> None:
    refer = {"column": "customer", "ref_model": "customers", "ref_key": "id"}
    same_as_golden("watch_as_of", script(watched({"foreign_key": refer})))


def test_windows(same_as_golden: Compare) -> None:
    found = watched(
        {"error_ratio": {"max_ratio": 0.01, "where": "status = 'FAILED'", "window": "10 minutes"}},
        {"distribution": {"column": "amount", "buckets": [{"min": 0, "max": 9, "max_ratio": 0.5}]}},
        {"max_lag": {"column": "at", "seconds": 300}},
        {"freshness": {"column": "at", "max_age": "10 minutes"}},
    )
    assert not found.remarks
    same_as_golden("watch_windows", script(found))


def test_rows_without_a_time(same_as_golden: Compare) -> None:
    found = watched(
        {"unique_key": {"key": "id"}},
        {"error_ratio": {"max_ratio": 0.01, "where": "status = 'FAILED'"}},
        {"freshness": {"max_age": "1 hour"}},
        model=orders(event_time=""),
    )
    same_as_golden("watch_arrival", script(found))


def test_updates_are_looked_at_one_by_one(same_as_golden: Compare) -> None:
    found = watched({"not_null": {"column": "status"}}, model=orders(changelog="upsert"))
    same_as_golden("watch_updates", script(found))


def test_nobody_learns_a_classified_value() -> None:
    model = orders()
    model.columns["customer"].classification = "sensitive"
    mask = Protection("mask", ("model.orders", "amount"), "model.orders", "hash")
    model.columns["amount"].protections = (mask,)
    model.columns["status"].classification = "internal"
    ranges: list[dict[str, Any]] = [
        {"range": {"column": "amount", "min": 0}},
        {"unique_key": {"key": "customer"}},
        {"allowed_values": {"column": "status", "values": ["OPEN"]}},
    ]
    told = [part for part in watched(*ranges, model=model).sql.split("\n") if "JSON" in part]
    assert not any("VALUE CAST(checked.`amount`" in line for line in told)
    assert not any("VALUE CAST(checked.`customer`" in line for line in told)
    assert any("KEY 'status' VALUE CAST(checked.`status`" in line for line in told)


def test_a_key_is_told_whole_or_not_at_all() -> None:
    model = orders(key=("id", "customer"))
    model.columns["customer"].classification = "confidential"
    found = watched({"not_null": {"column": "status"}}, model=model)
    assert "CAST(NULL AS STRING) AS `key`" in found.sql


@pytest.mark.parametrize(
    ("assertion", "keys", "why"),
    [
        ({"max_latency": {"source": "a", "target": "b", "max_ms": 5}}, {}, "none of its columns"),
        ({"unique_key": {"key": "id"}}, {"changelog": "upsert"}, "comes again with every update"),
        ({"error_ratio": {"max_ratio": 0.5}}, {}, "which rows fail"),
        ({"max_lag": {"column": "status", "seconds": 5}}, {}, "not a timestamp"),
        (
            {"foreign_key": {"column": "customer", "ref_model": "customers", "ref_key": "name"}},
            {},
            "write `window:`",
        ),
        ({"not_null": {"column": "id"}}, {"format": "debezium_json"}, "take back"),
        ({"not_null": {"column": "id"}}, {"format": "json_schema"}, "no format"),
        ({"not_null": {"column": "id"}}, {"open": True}, "not all known"),
    ],
)
def test_what_flink_cannot_watch_is_told(
    assertion: dict[str, Any], keys: dict[str, Any], why: str
) -> None:
    found = watched(assertion, model=orders(**keys))
    assert found.sql == ""
    (remark,) = found.remarks
    assert (remark.code, remark.severity) == ("CS676", "note")
    assert why in remark.message
