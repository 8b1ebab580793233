"""What is called compatible is: no row that fits the writer's schema fails the reader's."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator

from cdk_stream_kafka.compatibility.json_schema import json_findings

NAMES = ("a", "b", "c")
NUMBERS = st.integers(0, 4)
VALUES = st.one_of(st.none(), st.booleans(), NUMBERS, st.sampled_from(["", "x", "xy", "xyz"]))
ROWS = st.recursive(
    VALUES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(NAMES), inner, max_size=3)
    ),
    max_leaves=6,
)
KINDS = ("array", "boolean", "integer", "null", "number", "object", "string")
PLAIN = st.one_of(
    st.fixed_dictionaries({"type": st.sampled_from(KINDS)}),
    st.fixed_dictionaries({"type": st.lists(st.sampled_from(KINDS), min_size=1, unique=True)}),
    st.fixed_dictionaries({"enum": st.lists(VALUES, min_size=1, max_size=3)}),
    st.fixed_dictionaries({"const": VALUES}),
    st.fixed_dictionaries(
        {"type": st.just("integer")},
        optional={
            "minimum": NUMBERS,
            "maximum": NUMBERS,
            "exclusiveMinimum": NUMBERS,
            "exclusiveMaximum": NUMBERS,
            "multipleOf": st.integers(1, 3),
        },
    ),
    st.fixed_dictionaries(
        {"type": st.just("string")}, optional={"minLength": NUMBERS, "maxLength": NUMBERS}
    ),
    st.booleans(),
)


def _nested(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    objects = st.fixed_dictionaries(
        {"properties": st.dictionaries(st.sampled_from(NAMES), inner, max_size=2)},
        optional={
            "type": st.just("object"),
            "required": st.lists(st.sampled_from(NAMES), unique=True, max_size=2),
            "additionalProperties": inner,
            "minProperties": NUMBERS,
        },
    )
    arrays = st.fixed_dictionaries(
        {"items": inner},
        optional={"type": st.just("array"), "maxItems": NUMBERS, "uniqueItems": st.booleans()},
    )
    options = st.lists(inner, min_size=1, max_size=3)
    combined = st.one_of(
        st.fixed_dictionaries({"anyOf": options}), st.fixed_dictionaries({"allOf": options})
    )
    return st.one_of(objects, arrays, combined)


SCHEMAS = st.recursive(PLAIN, _nested, max_leaves=5)


@settings(max_examples=300, deadline=None)
@given(SCHEMAS, SCHEMAS, st.lists(ROWS, min_size=1, max_size=8))
def test_every_row_of_the_writer_fits_the_reader(writer: Any, reader: Any, rows: list[Any]) -> None:
    assume(not json_findings(json.dumps(reader), json.dumps(writer)))
    for row in rows:
        if Draft7Validator(writer).is_valid(row):
            assert Draft7Validator(reader).is_valid(row)


@settings(max_examples=300, deadline=None)
@given(SCHEMAS)
def test_a_schema_reads_its_own_rows(schema: Any) -> None:
    assert json_findings(json.dumps(schema), json.dumps(schema)) == [] or _is_blunt(schema)


def _is_blunt(schema: Any) -> bool:
    """Where parts say things together, no part of one side may take all of the other."""
    return isinstance(schema, bool) or any(key in json.dumps(schema) for key in ("allOf", "anyOf"))
