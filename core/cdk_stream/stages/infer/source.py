"""A source -> its typed stream, from its schema and what its author says."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from cdk_stream.problems import Severity, near
from cdk_stream.resources.authoring import milliseconds
from cdk_stream.resources.parse import Complaint
from cdk_stream.resources.project import Project
from cdk_stream.results.declaration import Declaration
from cdk_stream.results.stream import Stream, StreamColumn
from cdk_stream.schema.columns import Schema
from cdk_stream.sql.spelling import NAMES, shape
from cdk_stream.stages.infer.inferred import (
    Inferred,
    Told,
    absent,
    cluster_of,
    expect_columns,
    is_time,
    no_time,
)

SchemaOf = Callable[[str], Schema | Complaint]
"""A `schema_ref` -> its snapshot, or why there is none."""


def infer_source(declaration: Declaration, project: Project, schema_of: SchemaOf) -> Inferred:
    source = declaration.resource
    told: Told = []
    schema = _snapshot(source.schema_ref, schema_of, told)
    columns = _source_columns(declaration, schema, told)
    event_time, watermark, idle = _source_time(source, columns, project, told)
    expect_columns(source.key, columns, "/key", told, schema is None)
    cluster_name, cluster = cluster_of(source.cluster, project, told)
    format_ = source.format or _default_format(source.type, schema)
    stream = Stream(
        id=declaration.id,
        name=source.name,
        kind="source",
        resource=source,
        path=declaration.path,
        pointer=declaration.pointer,
        columns=columns,
        event_time=event_time,
        watermark_ms=watermark,
        idle_timeout_ms=idle,
        key=source.key,
        changelog="retract" if format_.startswith("debezium") else "append",
        open=schema is None and not source.columns,
        cluster=cluster_name,
        region=source.region or cluster.region or "",
        format=format_,
        topic=source.topic or source.stream or source.name,
        physical_topics=(source.topic or source.name,),
        inputs={},
        influences={},
        features=frozenset(),
        sql="",
        materialized=source.type,
    )
    return Inferred(stream, told)


def _snapshot(reference: str | None, schema_of: SchemaOf, told: Told) -> Schema | None:
    if reference is None:
        return None
    schema = schema_of(reference)
    if isinstance(schema, Complaint):
        told.append((schema, Severity.ERROR))
        return None
    return schema


def _default_format(source_type: str, schema: Schema | None) -> str:
    if source_type == "debezium_cdc":
        return "debezium_avro" if schema and schema.format == "avro" else "debezium_json"
    return schema.format if schema else "json"


def _source_columns(
    declaration: Declaration, schema: Schema | None, told: Told
) -> dict[str, StreamColumn]:
    source = declaration.resource
    columns: dict[str, StreamColumn] = {}
    for name, found in (schema.columns if schema else {}).items():
        columns[name] = _origin(declaration.id, name, found.type, found.nullable, found.description)
        columns[name].enum = found.enum
    for index, spec in enumerate(source.columns):
        if spec.name not in columns:
            if schema is not None:
                told.append(absent(spec.name, columns, f"/columns/{index}/name", "the schema"))
                continue
            columns[spec.name] = _origin(declaration.id, spec.name, "", True, "")
        column = columns[spec.name]
        if spec.type and not shape(spec.type).name:
            told.append(_no_type(spec.type, f"/columns/{index}/type"))
        column.type = spec.type or column.type
        column.nullable = column.nullable if spec.nullable is None else spec.nullable
        column.description = spec.description or column.description
    for name in source.pii_tags:
        if name not in columns:
            if schema is not None or source.columns:
                told.append(absent(name, columns, f"/pii_tags/{name}", "the schema"))
            else:
                columns[name] = _origin(declaration.id, name, "", True, "")
    return columns


def _no_type(text: str, pointer: str) -> tuple[Complaint, Severity]:
    mend = near(text.upper(), NAMES) or "write a type of Flink SQL: STRING, BIGINT, TIMESTAMP(3)"
    return Complaint("CS445", pointer, f"'{text}' is no Flink type", mend), Severity.ERROR


def _origin(node_id: str, name: str, type_: str, nullable: bool, description: str) -> StreamColumn:
    itself = ((node_id, name),)
    return StreamColumn(
        type_, nullable, None, False, origins=itself, copies=itself, description=description
    )


def _source_time(
    source: Any,
    columns: Mapping[str, StreamColumn],
    project: Project,
    told: Told,
) -> tuple[str, int, int]:
    spec = source.event_time
    defaults = project.event_time
    watermark = source.watermark or defaults.watermark
    idle = defaults.idle_timeout
    if spec is None:
        candidates = [
            name for name in defaults.columns if name in columns and is_time(columns[name].type)
        ]
        event_time = candidates[0] if candidates else ""
    else:
        event_time = spec.column
        watermark = spec.watermark or watermark
        idle = spec.idle_timeout or idle
        if event_time not in columns:
            told.append(absent(event_time, columns, "/event_time", "the schema"))
        elif columns[event_time].type and not is_time(columns[event_time].type):
            told.append(no_time(event_time, columns[event_time].type))
    return event_time, milliseconds(watermark), milliseconds(idle) if idle else 0
