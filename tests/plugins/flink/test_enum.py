"""Avro enums, which Flink takes for strings and Avro then refuses to read as such."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from cdk_stream.plugin.backend import Compiled
from cdk_stream.results.stream import Stream
from cdk_stream_flink.backend import FlinkBackend
from tests.plugins.flink.conftest import CLUSTER, make_job, make_project, make_stream

FLINK = FlinkBackend()
BAND = ("crm.Band", "LOW", "HIGH")


def make_customers(columns: str, node: str = "source.customers", **keys: Any) -> Stream:
    customers = make_stream(node, f"band STRING, {columns}", **({"format": "avro"} | keys))
    customers.columns["band"].enum = BAND
    return customers


def compiled(customers: Stream, sql: str, **keys: Any) -> Compiled:
    return FLINK.compile(make_job("out", "band STRING", [customers], sql), make_project(**keys))


def schema_of(answer: Compiled) -> Any:
    assert answer.remarks == ()
    found = re.search(r"'value.avro-confluent.schema' = '(.*)'", str(answer.artifacts[0].spec))
    return json.loads(found[1]) if found else None


def test_the_reader_names_the_enum_as_the_topic_does() -> None:
    customers = make_customers("id BIGINT!, at TIMESTAMP_LTZ(3), price DECIMAL(9, 2), day DATE!")
    schema = schema_of(compiled(customers, "SELECT * FROM customers"))
    types = {field["name"]: field["type"] for field in schema["fields"]}
    assert types == {
        "band": ["null", {"type": "enum", "name": "crm.Band", "symbols": ["LOW", "HIGH"]}],
        "id": "long",
        "at": ["null", {"type": "long", "logicalType": "timestamp-millis"}],
        "price": ["null", {"type": "bytes", "logicalType": "decimal", "precision": 9, "scale": 2}],
        "day": {"type": "int", "logicalType": "date"},
    }


def test_it_lists_the_columns_that_the_table_lists() -> None:
    customers = make_customers("id BIGINT!, tags ARRAY<STRING>")
    schema = schema_of(compiled(customers, "SELECT band FROM customers"))
    assert [field["name"] for field in schema["fields"]] == ["band"]


@pytest.mark.parametrize(
    ("node", "materialized", "named"),
    [
        ("source.customers", "", True),
        ("model.customers", "virtual_topic", True),
        ("model.customers", "flink_stream", False),
    ],
)
def test_what_flink_wrote_holds_strings(node: str, materialized: str, named: bool) -> None:
    customers = make_customers("id BIGINT!", node, materialized=materialized)
    answer = compiled(customers, "SELECT band FROM customers")
    assert (schema_of(answer) is not None) is named


def test_an_enum_that_is_not_read_is_not_named() -> None:
    customers = make_customers("id BIGINT!")
    assert schema_of(compiled(customers, "SELECT id FROM customers")) is None


def test_nested_columns_beside_an_enum() -> None:
    customers = make_customers("tags ARRAY<STRING>")
    answer = compiled(customers, "SELECT band, tags FROM customers")
    assert [remark.code for remark in answer.remarks] == ["CS629"]
    assert answer.artifacts == ()


def test_enums_without_a_registry() -> None:
    clusters = {"prod": {key: CLUSTER[key] for key in ("kafka", "flink")}}
    answer = compiled(make_customers("id BIGINT!"), "SELECT band FROM customers", clusters=clusters)
    assert [remark.code for remark in answer.remarks] == ["CS629"]
