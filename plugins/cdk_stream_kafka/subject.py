"""Models with a schema in the registry -> the subject of their topic's values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from cdk_stream.plugin.backend import Remark
from cdk_stream.problems import Severity
from cdk_stream.resources.project import Project
from cdk_stream.results.artifact import Artifact
from cdk_stream.results.stream import Stream
from cdk_stream_kafka import avro, json_schema
from cdk_stream_kafka.sqltype import SqlType, UnknownType, parse
from cdk_stream_kafka.topic import labels

_FORMATS = {"avro": "AVRO", "json_schema": "JSON"}
DEFAULT = "backward"
"""What a registry asks of new versions when nobody says."""

Columns = Mapping[str, tuple[str, bool]]
"""Column -> its type in Flink's spelling, and whether it may be NULL."""


def is_registered(stream: Stream, project: Project) -> bool:
    """Whether the topic's values have a schema in the cluster's registry."""
    cluster = project.clusters.get(stream.cluster)
    return stream.format in _FORMATS and cluster is not None and cluster.schema_registry is not None


def subject(stream: Stream, project: Project) -> Artifact | Remark:
    """The subject with the schema of the stream's columns, or why there can be none."""
    if stream.open or not stream.columns:
        return _refused("*", "not every column is known")
    columns = {name: (column.type, column.nullable) for name, column in stream.columns.items()}
    try:
        return _subject(stream, project, schema_of(stream.format, stream.name, columns))
    except Unwritable as reason:
        return _refused(reason.column, str(reason))


class Unwritable(Exception):
    """No schema can say what `column` is, "*" for the whole."""

    def __init__(self, column: str, reason: UnknownType) -> None:
        super().__init__(str(reason))
        self.column = column


def schema_of(format_: str, name: str, columns: Columns) -> dict[str, Any]:
    """The schema of rows of a model called `name`: Avro for `avro`, JSON Schema for all others.

    Raises `Unwritable`.
    """
    typed: dict[str, SqlType] = {}
    for column, (type_, nullable) in columns.items():
        try:
            found = parse(type_)
        except UnknownType as reason:
            raise Unwritable(column, reason) from None
        typed[column] = SqlType(found.name, found.numbers, found.items, found.fields, nullable)
    try:
        return avro.record(typed) if format_ == "avro" else json_schema.object_of(name, typed)
    except UnknownType as reason:
        raise Unwritable("*", reason) from None


def _subject(stream: Stream, project: Project, schema: dict[str, Any]) -> Artifact:
    name = f"{stream.topic}-value"
    return Artifact(
        kind="subject",
        name=name,
        cluster=stream.cluster,
        node=stream.id,
        spec={
            "kind": "Subject",
            "apiVersion": "kafka/v2",
            "metadata": {
                "name": name,
                "cluster": stream.cluster,
                "labels": labels(project, stream),
            },
            "spec": {
                "schema": orjson.dumps(schema).decode(),
                "format": _FORMATS[stream.format],
                "compatibility": _compatibility(stream),
            },
        },
    )


def _compatibility(stream: Stream) -> str:
    contract = stream.resource.contract
    said = contract and (contract.compatibility or contract.versioning)
    return str(said or DEFAULT).upper()


def _refused(column: str, reason: str) -> Remark:
    return Remark(
        "CS612",
        f"no schema can be written for '{column}': {reason}",
        "give the column a type under columns:, or write format: json",
        Severity.ERROR,
    )
