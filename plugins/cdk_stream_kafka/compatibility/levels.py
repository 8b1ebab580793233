"""A compatibility level -> who must read what."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from cdk_stream_kafka.compatibility.avro import avro_findings
from cdk_stream_kafka.compatibility.finding import Finding, Unreadable
from cdk_stream_kafka.compatibility.json_schema import json_findings
from cdk_stream_kafka.compatibility.protobuf import protobuf_findings

LEVELS = (
    "NONE",
    "BACKWARD",
    "BACKWARD_TRANSITIVE",
    "FORWARD",
    "FORWARD_TRANSITIVE",
    "FULL",
    "FULL_TRANSITIVE",
)
RULES: dict[str, Callable[[str, str], list[Finding]]] = {
    "AVRO": avro_findings,
    "JSON": json_findings,
    "PROTOBUF": protobuf_findings,
}
"""Kind of schema -> (reader, writer) -> what the reader cannot read."""


class Schema(NamedTuple):
    """A version of a subject; `kind` is AVRO, JSON or PROTOBUF."""

    kind: str
    text: str
    version: str = ""
    """How messages call it: `version 3`; "" for the newest that is known."""


class Breach(NamedTuple):
    """A version that does not go together with the new one."""

    version: str
    is_backward: bool
    """Whether the new schema cannot read old rows; else the old one cannot read new rows."""
    finding: Finding


def breaches(level: str, new: Schema, older: Sequence[Schema]) -> list[Breach]:
    """What keeps `new` from following `older`, the newest of which comes last.

    Raises `Unreadable` when one of them is no schema.
    """
    base, _, transitive = level.upper().partition("_")
    if f"{base}_{transitive}".rstrip("_") not in LEVELS:
        raise ValueError(f"there is no compatibility level '{level}'")
    if base == "NONE":
        return []
    told: list[Breach] = []
    for old in older if transitive else older[-1:]:
        if base in ("BACKWARD", "FULL"):
            told += (Breach(old.version, True, one) for one in findings(new, old))
        if base in ("FORWARD", "FULL"):
            told += (Breach(old.version, False, one) for one in findings(old, new))
    return told


def findings(reader: Schema, writer: Schema) -> list[Finding]:
    """What `reader` cannot read of rows that `writer` wrote; [] when it reads all."""
    if reader.kind != writer.kind:
        return [Finding("", f"{reader.kind} does not read what {writer.kind} wrote")]
    rule = RULES.get(reader.kind)
    if rule is None:
        raise Unreadable(f"there are no rules for {reader.kind} schemas")
    try:
        return rule(reader.text, writer.text)
    except RecursionError:
        raise Unreadable("the schema nests too deep") from None
