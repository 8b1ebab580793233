"""Which schema reads which rows, for every pair of the corpus and for all levels."""

from __future__ import annotations

import json
from typing import Any

import pytest

from cdk_stream_kafka.compatibility.avro import avro_findings
from cdk_stream_kafka.compatibility.finding import Unreadable
from cdk_stream_kafka.compatibility.json_schema import json_findings
from cdk_stream_kafka.compatibility.levels import LEVELS, Schema, breaches
from cdk_stream_kafka.compatibility.protobuf import protobuf_findings
from tests.plugins.kafka.compatibility.pairs import Pair, pairs

PAIRS = pairs()


def test_the_corpus_is_large_and_of_every_kind() -> None:
    assert len(PAIRS) >= 60
    assert {pair.kind for pair in PAIRS} == {"AVRO", "JSON", "PROTOBUF"}
    assert len({pair.label for pair in PAIRS}) == len(PAIRS)


@pytest.mark.parametrize("level", ["BACKWARD", "FORWARD"])
@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.label)
def test_a_pair(pair: Pair, level: str) -> None:
    found = breaches(level, Schema(pair.kind, pair.new), [Schema(pair.kind, pair.old)])
    assert (not found) is pair.may[level], found


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.label)
def test_full_is_both_and_none_is_neither(pair: Pair) -> None:
    new, old = Schema(pair.kind, pair.new), [Schema(pair.kind, pair.old)]
    assert (not breaches("FULL", new, old)) is all(pair.may.values())
    assert breaches("NONE", new, old) == []


def _order(*fields: dict[str, Any]) -> Schema:
    record = {"type": "record", "name": "Order", "fields": [*fields]}
    return Schema("AVRO", json.dumps(record))


A, B = {"name": "a", "type": "int"}, {"name": "b", "type": "int", "default": 0}
B_NEEDED = {"name": "b", "type": "int"}


@pytest.mark.parametrize(
    ("level", "refused"),
    [("BACKWARD", []), ("BACKWARD_TRANSITIVE", ["1"]), ("FULL", []), ("FULL_TRANSITIVE", ["1"])],
)
def test_transitive_asks_every_version(level: str, refused: list[str]) -> None:
    history = [_order(A)._replace(version="1"), _order(A, B)._replace(version="2")]
    found = breaches(level, _order(A, B_NEEDED), history)
    assert [breach.version for breach in found] == refused


def test_no_history_is_no_breach() -> None:
    assert all(breaches(level, _order(A), []) == [] for level in LEVELS)


def test_a_kind_does_not_follow_another() -> None:
    pair = PAIRS[0]
    (found,) = breaches("BACKWARD", Schema("JSON", "{}"), [Schema(pair.kind, pair.old)])
    assert str(found.finding) == "JSON does not read what AVRO wrote"


def test_a_level_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="no compatibility level 'BACKWRD'"):
        breaches("BACKWRD", _order(A), [_order(A)])


def test_a_finding_says_where() -> None:
    inner = {"type": "record", "name": "In", "fields": [{"name": "zip", "type": "int"}]}
    other = {"type": "record", "name": "In", "fields": [{"name": "zip", "type": "string"}]}
    old, new = ({"name": "home", "type": one} for one in (inner, other))
    (found,) = breaches("BACKWARD", _order(new), [_order(old)])
    assert str(found.finding) == "'home.zip': string does not read int"


@pytest.mark.parametrize(
    ("rules", "text"),
    [
        (avro_findings, "{"),
        (avro_findings, '"Nowhere"'),
        (avro_findings, '{"type": "record", "name": "A"}'),
        (avro_findings, "[" * 200 + '"int"' + "]" * 200),
        (json_findings, "3"),
        (json_findings, '{"$ref": "https://example.com/a.json"}'),
        (json_findings, '{"$ref": "#/definitions/A"}'),
        (json_findings, '{"$ref": "#/a", "a": {"$ref": "#"}}'),
        (protobuf_findings, 'syntax = "proto3";'),
        (protobuf_findings, "message A { int32 a = ; }"),
        (protobuf_findings, "message A { int32 a = 1;"),
        (protobuf_findings, "message A { ~ }"),
    ],
)
def test_what_is_no_schema_is_unreadable(rules: Any, text: str) -> None:
    with pytest.raises(Unreadable):
        rules(text, text)


def test_parts_that_hold_one_another_come_to_an_end() -> None:
    names = [f"D{index}" for index in range(12)]
    options = [{"$ref": f"#/definitions/{name}"} for name in names]
    definitions = {
        name: {"properties": {"x": {"anyOf": options}}, "required": [name]} for name in names
    }
    ours = Schema("JSON", json.dumps({"anyOf": options, "definitions": definitions}))
    with pytest.raises(Unreadable, match=r"hold one another|too deep"):
        breaches("BACKWARD", ours, [Schema("JSON", json.dumps({"properties": {"x": {}}}))])


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("string a = 1; reserved 2;", "string a = 1; int32 b = 2;", "name or number was reserved"),
        ('reserved "b"; string a = 1;', "string a = 1; int32 b = 9;", "number was reserved"),
        ("string a = 1; reserved 10 to max;", "string a = 1; int32 b = 99;", "was reserved"),
    ],
)
def test_what_was_given_up_is_not_used_again(old: str, new: str, message: str) -> None:
    head = 'syntax = "proto3"; message Order {'
    (found,) = protobuf_findings(f"{head}{new}}}", f"{head}{old}}}")
    assert message in found.message


def test_proto2_and_what_stands_around_messages_is_read() -> None:
    text = """
        syntax = "proto2"; package shop; import "other.proto";
        option (my.opt) = { a: 1; b: [2] };
        service Shop { rpc Buy(Order) returns (Order) { option deprecated = true; } }
        message Order {
          required string id = 1 [default = "x;}"]; optional .shop.Order next = 2;
          repeated group Line = 3 { optional int32 count = 1; }
          extensions 100 to 199; extend Order { optional int32 more = 100; }
          enum Kind { option allow_alias = true; reserved 7; A = -1; B = 0x2; }
        }
    """
    assert protobuf_findings(text, text) == []
    narrower = text.replace("int32 count", "string count").replace("required", "optional")
    assert {str(found) for found in protobuf_findings(narrower, text)} == {
        "'Order.id': it is not required now",
        "'Order.Line.count': string does not read int32",
    }
