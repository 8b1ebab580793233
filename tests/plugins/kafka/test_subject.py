"""The schemas that the registry gets for what models write."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft7Validator

from cdk_stream.resources.project import Project
from cdk_stream.results.stream import Stream
from cdk_stream_kafka import json_schema
from cdk_stream_kafka.backend import KafkaBackend
from cdk_stream_kafka.sqltype import SqlType, UnknownType, parse

Make = Callable[..., Stream]
BACKEND = KafkaBackend()


def subject(stream: Stream, project: Project) -> dict[str, Any]:
    made = BACKEND.compile(stream, project)
    (found,) = (artifact.spec for artifact in made.artifacts if artifact.kind == "subject")
    assert isinstance(found, dict)
    return found


def schema(stream: Stream, project: Project) -> Any:
    return json.loads(subject(stream, project)["spec"]["schema"])


def test_an_avro_models_subject(make_job: Make, project: Project) -> None:
    job = make_job("scores", columns="id STRING!, score DOUBLE", format="avro")
    assert subject(job, project)["metadata"] == {
        "name": "scores.v1-value",
        "cluster": "prod",
        "labels": {"cdk-stream/project": "shop", "cdk-stream/node": "model.scores"},
    }
    assert subject(job, project)["spec"]["format"] == "AVRO"
    assert subject(job, project)["spec"]["compatibility"] == "BACKWARD"
    assert schema(job, project) == {
        "type": "record",
        "name": "record",
        "namespace": "org.apache.flink.avro.generated",
        "fields": [
            {"name": "id", "type": "string"},
            {"name": "score", "type": ["null", "double"], "default": None},
        ],
    }


@pytest.mark.parametrize(
    ("type_", "avro"),
    [
        ("INT", "int"),
        ("BIGINT", "long"),
        ("VARCHAR(20)", "string"),
        ("BYTES", "bytes"),
        ("DATE", {"type": "int", "logicalType": "date"}),
        ("TIMESTAMP(3)", {"type": "long", "logicalType": "timestamp-millis"}),
        ("TIMESTAMP_LTZ(3)", {"type": "long", "logicalType": "timestamp-millis"}),
        ("TIMESTAMP(6)", {"type": "long", "logicalType": "timestamp-micros"}),
        (
            "DECIMAL(12, 2)",
            {"type": "bytes", "logicalType": "decimal", "precision": 12, "scale": 2},
        ),
        ("DECIMAL", {"type": "bytes", "logicalType": "decimal", "precision": 10, "scale": 0}),
        ("ARRAY<STRING NOT NULL>", {"type": "array", "items": "string"}),
        ("MAP<STRING, INT>", {"type": "map", "values": ["null", "int"]}),
        (
            "ROW<city STRING, zip INT NOT NULL>",
            {
                "type": "record",
                "name": "record_c",
                "fields": [
                    {"name": "city", "type": ["null", "string"], "default": None},
                    {"name": "zip", "type": "int"},
                ],
            },
        ),
    ],
)
def test_types_in_avro(type_: str, avro: object, make_job: Make, project: Project) -> None:
    job = make_job("scores", columns=f"c {type_}!", format="avro")
    assert schema(job, project)["fields"] == [{"name": "c", "type": avro}]


def test_a_json_schema_models_subject(make_job: Make, project: Project) -> None:
    job = make_job(
        "scores", columns="id STRING!, at TIMESTAMP(3), tags ARRAY<STRING>", format="json_schema"
    )
    assert subject(job, project)["spec"]["format"] == "JSON"
    assert schema(job, project) == {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "scores",
        "type": "object",
        "properties": {
            "id": {"type": "string"},
            "at": {"type": ["string", "null"], "format": "date-time", "default": None},
            "tags": {
                "type": ["array", "null"],
                "items": {"type": ["string", "null"]},
                "default": None,
            },
        },
        "required": ["id"],
        "additionalProperties": False,
    }


@pytest.mark.parametrize(
    ("contract", "compatibility"),
    [
        ({"compatibility": "full"}, "FULL"),
        ({"versioning": "forward_transitive"}, "FORWARD_TRANSITIVE"),
        ({"schema": "strict"}, "BACKWARD"),
    ],
)
def test_the_contract_says_how_a_schema_may_change(
    contract: dict[str, str], compatibility: str, make_job: Make, project: Project
) -> None:
    job = make_job("scores", format="avro", resource={"contract": contract})
    assert subject(job, project)["spec"]["compatibility"] == compatibility


def test_plain_json_has_no_subject(make_job: Make, project: Project) -> None:
    kinds = {artifact.kind for artifact in BACKEND.compile(make_job("scores"), project).artifacts}
    assert kinds == {"topic", "acl"}


@pytest.mark.parametrize("columns", ["c INTERVAL DAY", "c MAP<INT, INT>", "c ARRAY<INT"])
def test_a_type_without_a_schema_is_an_error(
    columns: str, make_job: Make, project: Project
) -> None:
    made = BACKEND.compile(make_job("scores", columns=columns, format="avro"), project)
    assert [(remark.code, remark.severity) for remark in made.remarks] == [("CS612", "error")]


def test_columns_that_are_not_all_known_have_no_schema(make_job: Make, project: Project) -> None:
    made = BACKEND.compile(make_job("scores", format="avro", open=True), project)
    assert [remark.code for remark in made.remarks] == ["CS612"]


NAMES = st.sampled_from(["STRING", "INT", "BIGINT", "BOOLEAN", "DOUBLE", "TIMESTAMP(3)", "BYTES"])
TYPES = st.recursive(
    NAMES,
    lambda inner: st.one_of(
        inner.map("ARRAY<{}>".format),
        inner.map("MAP<STRING, {}>".format),
        st.builds("ROW<a {}, `b c` {} NOT NULL>".format, inner, inner),
    ),
    max_leaves=6,
)


@given(TYPES)
def test_every_type_has_a_json_schema_that_is_one(type_: str) -> None:
    made = json_schema.object_of("t", {"c": parse(type_), "d": parse(f"{type_} NOT NULL")})
    Draft7Validator.check_schema(made)
    assert made["required"] == ["d"]


@given(st.text(alphabet="ROWARY<>(), INT1`a", max_size=30))
def test_any_text_is_a_type_or_none(text: str) -> None:
    with contextlib.suppress(UnknownType):
        assert isinstance(parse(text), SqlType)
