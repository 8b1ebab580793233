"""What every schema reader gives, and how it says that it cannot."""

from __future__ import annotations

import json
from typing import Any, NamedTuple


class SchemaColumn(NamedTuple):
    """A column of a schema: its Flink type ('' for unknown), nullness and description."""

    type: str
    nullable: bool
    description: str = ""
    enum: tuple[str, ...] = ()
    """For an Avro enum: its full name, then its symbols."""


Columns = dict[str, SchemaColumn]


class Unreadable(ValueError):
    """The file is not a schema of its kind; the message says why."""


def load_object(text: str) -> dict[str, Any]:
    """A JSON object; raises `Unreadable`."""
    try:
        document = json.loads(text)
    except ValueError as error:
        raise Unreadable(f"this is not JSON: {error}") from None
    if not isinstance(document, dict):
        raise Unreadable("a schema is a JSON object")
    return document


def row(fields: Columns) -> str:
    """The ROW type of these columns."""
    inner = ", ".join(
        f"`{name}` {column.type or 'STRING'}" + ("" if column.nullable else " NOT NULL")
        for name, column in fields.items()
    )
    return f"ROW<{inner}>"
