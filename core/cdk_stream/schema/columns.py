"""The columns that a schema file gives."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from cdk_stream.schema.avro import avro_columns
from cdk_stream.schema.json_schema import json_schema_columns
from cdk_stream.schema.parsed import Columns, Unreadable
from cdk_stream.schema.protobuf import protobuf_columns

READERS: dict[str, tuple[str, Callable[[str], Columns]]] = {
    ".avsc": ("avro", avro_columns),
    ".json": ("json", json_schema_columns),
    ".proto": ("protobuf", protobuf_columns),
}
"""File suffix -> the format its topics have, and the function that reads it."""


class Schema(NamedTuple):
    """A subject's snapshot: the format it is for and its columns in order."""

    format: str
    columns: Columns


def read_schema(suffix: str, content: bytes) -> Schema:
    """Read a snapshot; raises `Unreadable` with the reason when it is not a schema."""
    format_, reader = READERS[suffix]
    try:
        return Schema(format_, reader(content.decode()))
    except UnicodeDecodeError:
        raise Unreadable("the file is not UTF-8 text") from None
    except RecursionError:
        raise Unreadable("the schema nests too deep") from None
