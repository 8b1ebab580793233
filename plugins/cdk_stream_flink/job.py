"""A model as Flink runs it: what it reads and writes, where, and in which formats."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from cdk_stream.plugin.account import job_account
from cdk_stream.resources.authoring import milliseconds
from cdk_stream.resources.flink import Flink
from cdk_stream.resources.project import Project
from cdk_stream.results.stream import Stream
from cdk_stream_flink.avro import Unwritable, enums, reader_schema
from cdk_stream_flink.column import conversions, read_columns
from cdk_stream_flink.endpoint import Endpoint, endpoint
from cdk_stream_flink.version import Release
from cdk_stream_flink.wire import Wire, value_wire

CHECKPOINTS = "execution.checkpointing.interval"
DEFAULTS = {
    CHECKPOINTS: "60 s",
    "table.local-time-zone": "UTC",
}


class Reading(NamedTuple):
    """An input: the columns the query sees, and `seen`, those of them that must be converted."""

    stream: Stream
    wire: Wire
    columns: list[str]
    seen: dict[str, str]
    way: Endpoint | None


@dataclass(frozen=True, slots=True)
class Job:
    """All that a script and the remarks on it are made of; a way is None when it is not known."""

    stream: Stream
    name: str
    """What the job is called in Flink."""
    group: str
    """The consumer group it reads as, which bears the name of its service account."""
    settings: dict[str, str]
    readings: list[Reading]
    wire: Wire
    way: Endpoint | None
    release: Release
    flink: Flink

    @property
    def is_managed(self) -> bool:
        """Whether Flink itself knows the tables, their formats and where they are."""
        return self.flink.target == "confluent_cloud"

    @property
    def lacks_own_key(self) -> bool:
        """Whether updates are written by another key than the one the query gives them by."""
        stream = self.stream
        return stream.changelog != "append" and set(stream.analysis.key) != set(stream.key)


def make_job(stream: Stream, project: Project, flink: Flink, release: Release) -> Job:
    """The job of a model that Flink offered to run."""
    account = job_account(project.name, stream.name)
    return Job(
        stream,
        f"{project.name}.{stream.name}",
        account,
        _settings(stream, flink),
        [_reading(source, stream.sql, project, account) for source in stream.inputs.values()],
        value_wire(stream, project) or Wire(stream.format),
        endpoint(stream, project, account),
        release,
        flink,
    )


def _reading(source: Stream, sql: str, project: Project, account: str) -> Reading:
    wire = value_wire(source, project) or Wire(source.format)
    columns = read_columns(source, sql, wire)
    if wire.format == "avro-confluent" and enums(source, columns):
        wire = _with_enums(source, columns, wire)
    seen = conversions(source, columns, wire)
    return Reading(source, wire, columns, seen, endpoint(source, project, account))


def _with_enums(source: Stream, columns: list[str], wire: Wire) -> Wire:
    try:
        schema = reader_schema(source, columns, wire)
    except Unwritable:
        return wire
    return wire._replace(options=(*wire.options, ("schema", schema)))


def _settings(stream: Stream, flink: Flink) -> dict[str, str]:
    """The configuration: ours, then the cluster's, then the model's own."""
    chosen = DEFAULTS | flink.properties
    model = stream.resource
    if model.parallelism is not None:
        chosen["parallelism.default"] = str(model.parallelism)
    if model.state_ttl is not None:
        chosen["table.exec.state.ttl"] = f"{milliseconds(model.state_ttl)} ms"
    return chosen
