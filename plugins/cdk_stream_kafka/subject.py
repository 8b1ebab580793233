"""Models with a schema in the registry -> the subject of their topic's values."""

from __future__ import annotations

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
_DEFAULT = "backward"


def is_registered(stream: Stream, project: Project) -> bool:
    """Whether the topic's values have a schema in the cluster's registry."""
    cluster = project.clusters.get(stream.cluster)
    return stream.format in _FORMATS and cluster is not None and cluster.schema_registry is not None


def subject(stream: Stream, project: Project) -> Artifact | Remark:
    """The subject with the schema of the stream's columns, or why there can be none."""
    columns: dict[str, SqlType] = {}
    for name, column in stream.columns.items():
        try:
            type_ = parse(column.type)
            columns[name] = SqlType(
                type_.name, type_.numbers, type_.items, type_.fields, column.nullable
            )
        except UnknownType as reason:
            return _refused(name, str(reason))
    if stream.open or not columns:
        return _refused("*", "not every column is known")
    try:
        return _subject(stream, project, _schema(stream, columns))
    except UnknownType as reason:
        return _refused("*", str(reason))


def _schema(stream: Stream, columns: dict[str, SqlType]) -> dict[str, Any]:
    if stream.format == "avro":
        return avro.record(columns)
    return json_schema.object_of(stream.name, columns)


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
    return str(said or _DEFAULT).upper()


def _refused(column: str, reason: str) -> Remark:
    return Remark(
        "CS612",
        f"no schema can be written for '{column}': {reason}",
        "give the column a type under columns:, or write format: json",
        Severity.ERROR,
    )
