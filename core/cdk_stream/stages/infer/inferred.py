"""A typed stream, and the checks that sources and models share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from cdk_stream.problems import Severity, near
from cdk_stream.resources.parse import Complaint
from cdk_stream.resources.project import Cluster, Project
from cdk_stream.results.stream import Stream, StreamColumn
from cdk_stream.sql.analysis import Finding

_TIME_TYPES = ("TIMESTAMP", "TIMESTAMP_LTZ")

Told = list[tuple[Complaint, Severity]]


@dataclass(slots=True)
class Inferred:
    """A typed stream that is not classified or placed yet, and what was noticed on the way."""

    stream: Stream
    complaints: Told = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    """Positions in the SQL text."""


def absent(
    name: str, columns: Mapping[str, StreamColumn], pointer: str, where: str
) -> tuple[Complaint, Severity]:
    message = f"there is no column '{name}' in {where}"
    return Complaint("CS404", pointer, message, near(name, columns)), Severity.ERROR


def expect_columns(
    names: tuple[str, ...],
    columns: Mapping[str, StreamColumn],
    pointer: str,
    told: Told,
    open_: bool,
) -> None:
    for name in names:
        if name not in columns and not open_:
            told.append(absent(name, columns, pointer, "the output"))


def is_time(type_: str) -> bool:
    return type_.partition("(")[0] in _TIME_TYPES


def no_time(name: str, type_: str) -> tuple[Complaint, Severity]:
    message = f"'{name}' is {type_}, which says no time"
    mend = "give it 'format: date-time' in the schema, or a type under 'columns'"
    return Complaint("CS405", "/event_time", message, mend), Severity.ERROR


def cluster_of(name: str | None, project: Project, told: Told) -> tuple[str, Cluster]:
    chosen = name or project.default_cluster
    if chosen is None:
        mend = "write 'cluster:' here or 'default_cluster:' in stream_project.yml"
        told.append((Complaint("CS302", "", "no cluster is named", mend), Severity.ERROR))
        return "", Cluster()
    if chosen not in project.clusters:
        message = f"there is no cluster named '{chosen}'"
        mend = near(chosen, project.clusters) or "declare it under 'clusters' in stream_project.yml"
        told.append((Complaint("CS302", "/cluster" if name else "", message, mend), Severity.ERROR))
        return chosen, Cluster()
    return chosen, project.clusters[chosen]
