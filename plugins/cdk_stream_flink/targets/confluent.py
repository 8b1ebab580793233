"""A job -> statements of Confluent Cloud for Apache Flink, which knows tables by their topics."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from typing import Any

from cdk_stream.plugin.backend import Compiled, Remark
from cdk_stream.problems import Severity
from cdk_stream.resources.flink import ConfluentCloud
from cdk_stream.resources.project import Function, Project
from cdk_stream.results.artifact import Artifact
from cdk_stream.results.stream import Stream
from cdk_stream.sql.spelling import declared
from cdk_stream_flink.job import Job
from cdk_stream_flink.quote import interval, literal, quoted
from cdk_stream_flink.script import insertion, query_text

Json = dict[str, Any]

FORMATS = {
    "avro": "avro-registry",
    "json_schema": "json-registry",
    "protobuf": "proto-registry",
    "raw": "raw",
    "debezium_avro": "avro-debezium-registry",
}
"""Ours -> theirs; JSON without a schema has no equivalent."""
_WITH = re.compile(r"(?:\s|--[^\n]*\n|/\*.*?\*/)*WITH\b", re.IGNORECASE | re.DOTALL)
_JAR = "confluent-artifact://"
_LONGEST_NAME = 100


def statements(job: Job, project: Project, cloud: ConfluentCloud) -> Compiled:
    """The output's table, the functions and the INSERT, each a statement of its own."""
    functions = {name: project.functions[name] for name in sorted(job.stream.analysis.functions)}
    remarks = tuple(_problems(job, functions))
    if any(remark.severity is Severity.ERROR for remark in remarks):
        return Compiled((), remarks)
    stream = job.stream
    properties = _properties(job, cloud)
    texts = [
        *((f"function-{name}", _function(name, spec)) for name, spec in functions.items()),
        (f"{stream.name}-table", _table(stream)),
        (f"{stream.name}-insert", _insert(stream)),
    ]
    artifacts = [_statement(name, text, stream, project, cloud, properties) for name, text in texts]
    return Compiled(tuple(artifacts), remarks)


def watermark(stream: Stream, project: Project, cloud: ConfluentCloud) -> Compiled:
    """For a source: when its rows happened, which its topic does not say."""
    if not stream.event_time or not stream.columns[stream.event_time].type.startswith("TIMESTAMP"):
        return Compiled()
    text = f"ALTER TABLE {quoted(stream.topic)} MODIFY {_watermark(stream)}"
    name = f"{stream.name}-watermark"
    return Compiled((_statement(name, text, stream, project, cloud, _place(cloud)),))


def _problems(job: Job, functions: dict[str, Function]) -> Iterator[Remark]:
    for name, function in functions.items():
        if not (function.jar or "").startswith(_JAR):
            yield Remark(
                "CS674",
                f"Confluent Cloud takes the function '{name}' from an artifact of its own",
                f"write `jar: {_JAR}ID` under `functions.{name}`",
                Severity.ERROR,
            )
    if job.stream.resource.parallelism is not None:
        yield Remark(
            "CS675",
            "Confluent Cloud chooses the parallelism of a statement by itself",
            "leave `parallelism:` out",
            Severity.NOTE,
            "/parallelism",
        )


def _statement(
    name: str, text: str, stream: Stream, project: Project, cloud: ConfluentCloud, properties: Json
) -> Artifact:
    spec: Json = {
        "statement": text,
        "properties": properties,
        "compute_pool_id": cloud.compute_pool,
        "stopped": False,
    }
    if cloud.principal is not None:
        spec["principal"] = cloud.principal
    document = {
        "name": _name(f"{project.name}-{name}", text),
        "organization_id": cloud.organization,
        "environment_id": cloud.environment,
        "spec": spec,
    }
    return Artifact("flink_statement", name, stream.cluster, stream.id, document)


def _name(name: str, text: str) -> str:
    """A statement's text cannot be changed: another text is another statement."""
    digest = hashlib.sha256(text.encode()).hexdigest()[:8]
    plain = re.sub(r"[^a-z0-9-]+", "-", name.lower()).strip("-")
    return f"{plain[: _LONGEST_NAME - 9].rstrip('-')}-{digest}"


def _place(cloud: ConfluentCloud) -> Json:
    return {"sql.current-catalog": cloud.catalog, "sql.current-database": cloud.database}


def _properties(job: Job, cloud: ConfluentCloud) -> Json:
    properties = _place(cloud) | {"sql.local-time-zone": job.settings["table.local-time-zone"]}
    if "table.exec.state.ttl" in job.settings:
        properties["sql.state-ttl"] = job.settings["table.exec.state.ttl"]
    return properties


def _function(name: str, function: Function) -> str:
    jar, class_ = literal(function.jar or ""), literal(function.class_ or "")
    return f"CREATE FUNCTION IF NOT EXISTS {quoted(name)} AS {class_} USING JAR {jar}"


def _table(stream: Stream) -> str:
    lines = [
        f"{quoted(name)} {declared(column.type)}"
        + ("" if column.nullable and name not in stream.key else " NOT NULL")
        for name, column in stream.columns.items()
    ]
    if stream.event_time:
        lines.append(_watermark(stream))
    if stream.changelog != "append":
        key = ", ".join(map(quoted, stream.key))
        lines.append(f"PRIMARY KEY ({key}) NOT ENFORCED")
    columns, options = ",\n  ".join(lines), ",\n  ".join(_options(stream))
    text = f"CREATE TABLE IF NOT EXISTS {quoted(stream.topic)} (\n  {columns}\n)"
    if stream.key:
        text += f"\nDISTRIBUTED BY HASH({', '.join(map(quoted, stream.key))})"
        partitions = stream.resource.topic and stream.resource.topic.partitions
        text += f" INTO {partitions} BUCKETS" if partitions else ""
    return f"{text}\nWITH (\n  {options}\n)"


def _options(stream: Stream) -> list[str]:
    options = [f"'changelog.mode' = '{stream.changelog}'"]
    value = FORMATS[stream.format]
    if stream.key:
        is_text = len(stream.key) == 1 and stream.columns[stream.key[0]].type == "STRING"
        options.append(f"'key.format' = '{'raw' if is_text else value}'")
    options += [f"'value.format' = '{value}'", "'value.fields-include' = 'all'"]
    return options


def _watermark(stream: Stream) -> str:
    time = quoted(stream.event_time)
    return f"WATERMARK FOR {time} AS {time} - {interval(stream.watermark_ms)}"


def _insert(stream: Stream) -> str:
    """The query, whose tables are called as the topics are: WITH gives them the author's names."""
    body = query_text(stream)
    named = ",\n".join(
        f"{quoted(source.name)} AS (SELECT {', '.join(map(quoted, source.columns))}"
        f" FROM {quoted(source.topic)})"
        for source in stream.inputs.values()
        if source.name != source.topic
    )
    if named:
        own = _WITH.match(body)
        body = f"WITH {named}{f',{body[own.end() :]}' if own else f'{chr(10)}{body}'}"
    return insertion(stream, stream.topic, body)
