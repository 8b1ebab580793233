"""What a continuous test becomes: a query for its violations, and the stream that they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from cdk_stream.plugin.backend import Remark
from cdk_stream.resources.level import RANK
from cdk_stream.resources.model import Model
from cdk_stream.resources.project import Project
from cdk_stream.results.stream import Stream, StreamColumn
from cdk_stream.sql.analysis import Analysis

COLUMNS = {
    "test": "STRING",
    "assertion": "STRING",
    "model": "STRING",
    "key": "STRING",
    "values": "STRING",
    "at": "TIMESTAMP_LTZ(3)",
}
"""The columns of the violations topic, in order; `key` and `values` hold JSON objects."""


@dataclass(frozen=True, slots=True)
class Watch:
    """A query that gives a row of `COLUMNS` for each violation; '' when none can be found."""

    backend: str
    """The name of the backend that runs it."""
    sql: str
    inputs: Mapping[str, Stream]
    """Node id -> stream, as the query reads it."""
    remarks: tuple[Remark, ...] = ()


def violations_topic(project: Project) -> str:
    """The one topic of a project that violations go to, named as its topics are."""
    pattern = project.topics.name
    name = "violations" if "{project}" in pattern else f"{project.name}.violations"
    return pattern.format(project=project.name, domain="", model=name, version="")


def violations(test: str, tested: Stream, watch: Watch, project: Project) -> Stream:
    """The stream that a test's job writes: one job for each test, one topic for them all."""
    name, topic = f"{test}.check", violations_topic(project)
    description = f"What the continuous tests of '{project.name}' found."
    return Stream(
        id="violations",
        name=name,
        kind="model",
        resource=Model.model_validate({"name": name, "description": description}),
        path=tested.path,
        pointer=tested.pointer,
        columns={key: StreamColumn(type_, True, None, False) for key, type_ in COLUMNS.items()},
        event_time="",
        watermark_ms=0,
        idle_timeout_ms=0,
        key=("test",),
        changelog="append",
        open=False,
        cluster=tested.cluster,
        region=tested.region,
        format="json",
        topic=topic,
        physical_topics=(topic,),
        inputs=dict(watch.inputs),
        influences={},
        features=frozenset(),
        sql=watch.sql,
        analysis=Analysis([]),
        backend=watch.backend,
        materialized="flink_stream",
    )


def told(stream: Stream, names: tuple[str, ...]) -> tuple[str, ...]:
    """Those of the columns whose values may stand in a violation.

    Everyone who may read the violations reads them in clear, so that no column is told that a rule
    hides, or whose class is above `internal`.
    """
    return tuple(name for name in names if _is_told(stream.columns[name]))


def _is_told(column: StreamColumn) -> bool:
    level = column.classification
    return not column.protections and (level is None or RANK[level] <= RANK["internal"])


def as_written(stream: Stream) -> Stream:
    """Every row that was ever written, and any column of it empty: nothing is taken for granted."""
    columns = {name: replace(column, nullable=True) for name, column in stream.columns.items()}
    return replace(stream, columns=columns, changelog="append")


Inputs = Mapping[str, Stream]
"""Node id -> stream: the tested one, and those that its assertions name."""


def by_name(inputs: Inputs, name: str) -> Any:
    """The stream of that bare name; None when the test does not use it."""
    return next((stream for stream in inputs.values() if stream.name == name), None)
