"""Avro enums keep their names, for readers that must repeat them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from cdk_stream.schema.avro import avro_columns

BAND: dict[str, Any] = {"type": "enum", "name": "Band", "symbols": ["LOW", "HIGH"]}


@pytest.mark.parametrize(
    ("type_", "nullable", "enum"),
    [
        (BAND, False, ("crm.Band", "LOW", "HIGH")),
        (["null", BAND], True, ("crm.Band", "LOW", "HIGH")),
        (BAND | {"namespace": "acme"}, False, ("acme.Band", "LOW", "HIGH")),
        (BAND | {"name": "acme.Band"}, False, ("acme.Band", "LOW", "HIGH")),
        (BAND | {"symbols": 7}, False, ("crm.Band",)),
        ("string", False, ()),
    ],
)
def test_an_enum(type_: Any, nullable: bool, enum: tuple[str, ...]) -> None:
    fields = [{"name": "band", "type": type_}]
    schema = {"type": "record", "name": "Customer", "namespace": "crm", "fields": fields}
    column = avro_columns(json.dumps(schema))["band"]
    assert (column.type, column.nullable, column.enum) == ("STRING", nullable, enum)


def test_an_enum_that_is_named_again() -> None:
    fields = [{"name": "old", "type": BAND}, {"name": "new", "type": ["null", "crm.Band"]}]
    schema = {"type": "record", "name": "Customer", "namespace": "crm", "fields": fields}
    columns = avro_columns(json.dumps(schema))
    assert columns["new"].enum == columns["old"].enum == ("crm.Band", "LOW", "HIGH")
