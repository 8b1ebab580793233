"""Which models Flink takes, and why it refuses the others."""

from __future__ import annotations

from typing import Any

import pytest

from cdk_stream.plugin.backend import Offer, Refusal
from cdk_stream.results.stream import Stream
from cdk_stream_flink.backend import FlinkBackend
from tests.plugins.flink.conftest import CLUSTER, make_columns, make_job, make_project, make_stream

FLINK = FlinkBackend()


def make_model(source: Stream, **keys: Any) -> Stream:
    return make_job("copy", "id STRING", [source], "SELECT id FROM x", **keys)


@pytest.mark.parametrize(
    ("features", "cost", "why"),
    [
        ([], 90, "a job can run any query, though this one needs no state"),
        (["filter", "udf"], 90, "a job can run any query, though this one needs no state"),
        (["window", "filter"], 100, "a job keeps the state of window"),
        (["rank", "group_by"], 100, "a job keeps the state of group_by, rank"),
    ],
)
def test_any_query(payments: Stream, features: list[str], cost: int, why: str) -> None:
    assert FLINK.offer(make_model(payments, features=features), make_project()) == Offer(cost, why)


SINK = {"type": "snowflake_table", "connector": "s"}
SCORE = {"returns": "DOUBLE", "class": "com.acme.Score"}


@pytest.mark.parametrize(
    ("keys", "project", "reason", "mend"),
    [
        ({"resource": {"cel": "amount > 1"}}, {}, "CEL is no SQL", "write the condition as"),
        ({"resource": {"sink": SINK}}, {}, "a sink is written by a connector", ""),
        (
            {},
            {"clusters": {"prod": {"kafka": CLUSTER["kafka"]}}},
            "the cluster 'prod' has no Flink",
            "add a `flink:` block to `clusters.prod`",
        ),
        ({"cluster": "prd"}, {}, "there is no cluster 'prd'", "did you mean 'prod'?"),
        ({}, {"flink": {"version": "1.14"}}, "Flink 1.14 is not known", ""),
        (
            {"functions": ["SCOER"]},
            {"functions": {"SCORE": SCORE}},
            "the function 'SCOER' is not registered",
            "did you mean 'SCORE'?",
        ),
        (
            {"functions": ["SCORE"]},
            {"functions": {"SCORE": {"returns": "DOUBLE"}}},
            "the function 'SCORE' has no class to run",
            "add `class:` to `functions.SCORE`",
        ),
        ({"format": "debezium_json"}, {}, "Flink cannot write the format 'debezium_json'", "use"),
        ({"format": "protobuf"}, {}, "Flink cannot write the format 'protobuf'", "use json"),
        ({"format": "json_schema"}, {}, "Flink cannot write 'copy'", "use `format: json`"),
    ],
)
def test_a_model_that_cannot_run(
    payments: Stream, keys: dict[str, Any], project: dict[str, Any], reason: str, mend: str
) -> None:
    answer = FLINK.offer(make_model(payments, **keys), make_project(**project))
    assert isinstance(answer, Refusal)
    assert answer.reason.startswith(reason)
    assert mend in answer.mend


@pytest.mark.parametrize(
    ("keys", "reason"),
    [
        ({"resource": {"type": "kinesis"}}, "'raw' is in Kinesis: it is only declared"),
        ({"columns": {}}, "the columns of 'raw' are not known"),
        ({"cluster": "lab"}, "there is no cluster 'lab', where 'raw' is"),
        ({"format": "json_schema"}, "Flink cannot read 'raw': its rows carry"),
        ({"format": "protobuf"}, "'raw' is Protobuf, and Flink needs the class of its messages"),
        ({"format": "xml"}, "Flink cannot read the format 'xml' of 'raw'"),
    ],
)
def test_an_input_that_cannot_be_read(keys: dict[str, Any], reason: str) -> None:
    columns = keys.pop("columns", None)
    raw = make_stream("source.raw", "id STRING", **keys)
    if columns is not None:
        raw.columns = columns
    answer = FLINK.offer(make_model(raw), make_project())
    assert isinstance(answer, Refusal)
    assert answer.reason.startswith(reason)


def test_raw_holds_one_column(payments: Stream) -> None:
    one = make_model(payments, format="raw")
    assert isinstance(FLINK.offer(one, make_project()), Offer)
    one.columns |= make_columns("other INT")
    assert isinstance(FLINK.offer(one, make_project()), Refusal)


def test_a_function_that_the_cluster_knows_already(payments: Stream) -> None:
    project = make_project(functions={"SCORE": {"returns": "DOUBLE", "language": "sql"}})
    model = make_model(payments, functions=["SCORE"])
    assert isinstance(FLINK.offer(model, project), Offer)
    assert "FUNCTION" not in str(FLINK.compile(model, project))


@pytest.mark.parametrize(
    ("version", "sql", "reason"),
    [
        ("1.20", "SELECT PARSE_JSON(id) FROM x", "Flink 1.20 has no PARSE_JSON: it came with 2.1"),
        ("2.0.1", "SELECT parse_json (id) FROM x", "Flink 2.0.1 has no PARSE_JSON"),
        (
            "2.1",
            "SELECT * FROM VECTOR_SEARCH(TABLE x, DESCRIPTOR(v), id)",
            "Flink 2.1 has no VECTOR_SEARCH: it came with 2.2",
        ),
    ],
)
def test_a_function_of_a_newer_flink(payments: Stream, version: str, sql: str, reason: str) -> None:
    job = make_job("copy", "id STRING", [payments], sql)
    answer = FLINK.offer(job, make_project(flink={"version": version}))
    assert isinstance(answer, Refusal) and answer.reason.startswith(reason)


@pytest.mark.parametrize(
    ("version", "sql"),
    [
        ("2.1", "SELECT PARSE_JSON(id) FROM x"),
        ("2.3", "SELECT VECTOR_SEARCH(id) FROM x"),
        ("2.0", "SELECT id AS parse_json, 'PARSE_JSON(' -- PARSE_JSON(\nFROM x"),
        ("2.0", "SELECT MY_PARSE_JSON(id), `PARSE_JSON`.id FROM x"),
    ],
    ids=["new enough", "newest", "no call", "another name"],
)
def test_no_function_of_a_newer_flink(payments: Stream, version: str, sql: str) -> None:
    job = make_job("copy", "id STRING", [payments], sql)
    assert isinstance(FLINK.offer(job, make_project(flink={"version": version})), Offer)


def test_a_function_of_the_projects_own_is_no_newer_one(payments: Stream) -> None:
    own = {"PARSE_JSON": {"returns": "STRING", "class": "com.acme.Parse"}}
    job = make_job("copy", "id STRING", [payments], "SELECT PARSE_JSON(id) FROM x")
    project = make_project(flink={"version": "2.0"}, functions=own)
    assert isinstance(FLINK.offer(job, project), Offer)
