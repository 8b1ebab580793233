"""Schema snapshots, read as columns with Flink's types."""

from __future__ import annotations

import json

import pytest

from cdk_stream.schema.columns import read_schema
from cdk_stream.schema.parsed import Unreadable


def _types(suffix: str, text: str) -> dict[str, str]:
    columns = read_schema(suffix, text.encode()).columns
    return {
        name: column.type + ("" if column.nullable else " NOT NULL")
        for name, column in columns.items()
    }


def _avro(type_: object) -> str:
    schema = {"type": "record", "name": "R", "fields": [{"name": "f", "type": type_}]}
    return json.dumps(schema)


@pytest.mark.parametrize(
    ("type_", "expected"),
    [
        ("string", "STRING NOT NULL"),
        (["null", "long"], "BIGINT"),
        (["long", "null"], "BIGINT"),
        (["string", "long"], " NOT NULL"),
        ({"type": "int", "logicalType": "date"}, "DATE NOT NULL"),
        ({"type": "long", "logicalType": "timestamp-millis"}, "TIMESTAMP_LTZ(3) NOT NULL"),
        ({"type": "long", "logicalType": "local-timestamp-micros"}, "TIMESTAMP(6) NOT NULL"),
        (
            {"type": "bytes", "logicalType": "decimal", "precision": 8, "scale": 2},
            "DECIMAL(8, 2) NOT NULL",
        ),
        ({"type": "enum", "name": "E", "symbols": ["A"]}, "STRING NOT NULL"),
        ({"type": "array", "items": "int"}, "ARRAY<INT> NOT NULL"),
        ({"type": "map", "values": "double"}, "MAP<STRING, DOUBLE> NOT NULL"),
        (
            {
                "type": "record",
                "name": "A",
                "fields": [
                    {"name": "x", "type": "int"},
                    {"name": "y", "type": ["null", "string"]},
                ],
            },
            "ROW<`x` INT NOT NULL, `y` STRING> NOT NULL",
        ),
    ],
)
def test_avro_types(type_: object, expected: str) -> None:
    assert _types(".avsc", _avro(type_)) == {"f": expected}


def test_avro_names_are_found_again() -> None:
    named = {"type": "enum", "name": "E", "namespace": "n", "symbols": ["A"]}
    schema = {
        "type": "record",
        "name": "R",
        "fields": [{"name": "a", "type": named}, {"name": "b", "type": "n.E"}],
    }

    assert _types(".avsc", json.dumps(schema)) == {"a": "STRING NOT NULL", "b": "STRING NOT NULL"}


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({"type": "string"}, "STRING NOT NULL"),
        ({"type": ["string", "null"]}, "STRING"),
        ({"type": "string", "format": "date-time"}, "TIMESTAMP_LTZ(3) NOT NULL"),
        ({"type": "string", "format": "date"}, "DATE NOT NULL"),
        ({"type": "number"}, "DOUBLE NOT NULL"),
        ({"enum": ["a", "b"]}, "STRING NOT NULL"),
        ({"anyOf": [{"type": "integer"}, {"type": "null"}]}, "BIGINT"),
        ({"anyOf": [{"type": "integer"}, {"type": "string"}]}, " NOT NULL"),
        ({"type": "array", "items": {"type": "boolean"}}, "ARRAY<BOOLEAN> NOT NULL"),
        (
            {"type": "object", "additionalProperties": {"type": "integer"}},
            "MAP<STRING, BIGINT> NOT NULL",
        ),
        ({"$ref": "#/$defs/money"}, "ROW<`cents` BIGINT> NOT NULL"),
        ({"$ref": "#/$defs/loop"}, " NOT NULL"),
        ({"$ref": "https://elsewhere/x.json"}, " NOT NULL"),
    ],
)
def test_json_schema_types(schema: object, expected: str) -> None:
    root = {
        "type": "object",
        "properties": {"f": schema},
        "required": ["f"],
        "$defs": {
            "money": {"type": "object", "properties": {"cents": {"type": "integer"}}},
            "loop": {"$ref": "#/$defs/loop"},
        },
    }

    assert _types(".json", json.dumps(root)) == {"f": expected}


def test_an_optional_property_may_be_missing() -> None:
    root = {"type": "object", "properties": {"f": {"type": "string"}}}

    assert _types(".json", json.dumps(root)) == {"f": "STRING"}


def test_protobuf_types() -> None:
    text = """
    syntax = "proto3"; // payments
    message Payment {
      string id = 1;
      optional double amount = 2;
      repeated Item items = 3;
      map<string, int32> counts = 4;
      Status status = 5;
      google.protobuf.Timestamp at = 6;
      oneof how { string card = 7; string bank = 8; }
      message Item { int64 n = 1; }
      enum Status { UNKNOWN = 0; }
    }
    """

    assert _types(".proto", text) == {
        "id": "STRING NOT NULL",
        "amount": "DOUBLE",
        "items": "ARRAY<ROW<`n` BIGINT NOT NULL>> NOT NULL",
        "counts": "MAP<STRING, INT> NOT NULL",
        "status": "STRING NOT NULL",
        "at": "TIMESTAMP_LTZ(9)",
        "card": "STRING NOT NULL",
        "bank": "STRING NOT NULL",
    }


@pytest.mark.parametrize(
    ("suffix", "text"),
    [
        (".avsc", "{"),
        (".avsc", '"string"'),
        (".avsc", '{"type": "record"}'),
        (".avsc", '{"type": "record", "fields": [{"type": "int"}]}'),
        (".json", "[]"),
        (".json", '{"type": "string"}'),
        (".json", "[" * 5000),
        (".proto", "nothing"),
        (".proto", "message A {"),
    ],
)
def test_what_is_no_schema_is_told(suffix: str, text: str) -> None:
    with pytest.raises(Unreadable):
        read_schema(suffix, text.encode())
