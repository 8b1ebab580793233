"""Whether a model can be a Flink job, and why not."""

from __future__ import annotations

from collections.abc import Iterator

from cdk_stream.plugin.backend import Offer, Refusal
from cdk_stream.problems import near
from cdk_stream.resources.authoring import milliseconds
from cdk_stream.resources.project import Project
from cdk_stream.resources.source import Source
from cdk_stream.results.stream import Stream
from cdk_stream.sql.analysis import STATEFUL
from cdk_stream_flink.endpoint import needs_gateway
from cdk_stream_flink.job import CHECKPOINTS, DEFAULTS
from cdk_stream_flink.newer import newer
from cdk_stream_flink.targets.confluent import FORMATS
from cdk_stream_flink.version import RELEASES, release
from cdk_stream_flink.wire import value_wire

_STATEFUL_COST = 100
_STATELESS_COST = 90
_ELSEWHERE = frozenset({"kinesis", "pulsar", "rabbitmq"})


def offer(stream: Stream, project: Project) -> Offer | Refusal:
    """An offer for any SQL over topics that Flink can read; else the first reason against it."""
    for refusal in _refusals(stream, project):
        return refusal
    state = sorted(stream.features & STATEFUL)
    if state:
        why = f"a job keeps the state of {', '.join(state)}"
        return Offer(_STATEFUL_COST, why, _commits_every(stream, project))
    why = "a job can run any query, though this one needs no state"
    return Offer(_STATELESS_COST, why, _commits_every(stream, project))


def _commits_every(stream: Stream, project: Project) -> int:
    """In milliseconds: rows written in transactions are seen at the next checkpoint."""
    flink = project.clusters[stream.cluster].flink
    if stream.resource.delivery != "exactly_once" or flink is None:
        return 0
    try:
        return milliseconds((DEFAULTS | flink.properties)[CHECKPOINTS])
    except ValueError:
        return 0


def _refusals(stream: Stream, project: Project) -> Iterator[Refusal]:
    yield from _body(stream)
    yield from _cluster(stream, project)
    yield from _functions(stream, project)
    flink = project.clusters[stream.cluster].flink
    is_managed = flink is not None and flink.target == "confluent_cloud"
    for source in stream.inputs.values():
        yield from _input(source, project, is_managed)
    if is_managed:
        yield from _managed(stream)
    else:
        yield from _output(stream, project)


def _body(stream: Stream) -> Iterator[Refusal]:
    if stream.resource.sink is not None:
        yield Refusal("a sink is written by a connector, not by a query")
    elif stream.resource.cel is not None:
        yield Refusal("CEL is no SQL", "write the condition as `sql:` with a WHERE")
    elif not stream.sql or stream.analysis is None:
        yield Refusal("the model has no SQL")


def _cluster(stream: Stream, project: Project) -> Iterator[Refusal]:
    cluster = project.clusters.get(stream.cluster)
    if cluster is None:
        yield Refusal(
            f"there is no cluster '{stream.cluster}'", near(stream.cluster, project.clusters)
        )
    elif cluster.flink is None:
        yield Refusal(
            f"the cluster '{stream.cluster}' has no Flink",
            f"add a `flink:` block to `clusters.{stream.cluster}`",
        )
    elif release(cluster.flink.version) is None:
        yield Refusal(
            f"Flink {cluster.flink.version} is not known",
            near(cluster.flink.version, RELEASES),
        )


def _functions(stream: Stream, project: Project) -> Iterator[Refusal]:
    flink = project.clusters[stream.cluster].flink
    known = release(flink.version) if flink is not None else None
    if flink is not None and known is not None and known.lacks:
        for name, brought in newer(stream.sql, known, project.functions):
            message = f"Flink {flink.version} has no {name}: it came with {brought}"
            yield Refusal(message, "use another function, or a newer Flink")
    for name in sorted(stream.analysis.functions):
        function = project.functions.get(name)
        if function is None:
            mend = near(name, project.functions) or "add it to the project's `functions:`"
            yield Refusal(f"the function '{name}' is not registered", mend)
        elif function.class_ is None and function.language != "sql":
            yield Refusal(
                f"the function '{name}' has no class to run",
                f"add `class:` to `functions.{name}`",
            )


def _input(source: Stream, project: Project, is_managed: bool) -> Iterator[Refusal]:
    resource = source.resource
    if isinstance(resource, Source) and resource.type in _ELSEWHERE:
        yield Refusal(f"'{source.name}' is in {resource.type.capitalize()}: it is only declared")
    elif not source.columns:
        yield Refusal(
            f"the columns of '{source.name}' are not known",
            "give it a `schema_ref:`, or `columns:` with types",
        )
    elif source.cluster not in project.clusters:
        yield Refusal(f"there is no cluster '{source.cluster}', where '{source.name}' is")
    elif is_managed:
        yield from _managed(source)
    elif value_wire(source, project) is None:
        yield _unreadable(source, "read")


def _managed(stream: Stream) -> Iterator[Refusal]:
    """Confluent Cloud reads and writes what has a schema, and no views of another's."""
    if needs_gateway(stream):
        yield Refusal(f"'{stream.name}' exists only in the Gateway, beside Confluent Cloud")
    elif stream.format not in FORMATS:
        yield Refusal(
            f"Confluent Cloud has no format for {stream.format}, that of '{stream.name}'",
            f"use {', '.join(FORMATS)}",
        )


def _output(stream: Stream, project: Project) -> Iterator[Refusal]:
    wire = value_wire(stream, project)
    if wire is None or wire.is_changelog or (wire.format == "raw" and len(stream.columns) != 1):
        yield _unreadable(stream, "write")


def _unreadable(stream: Stream, verb: str) -> Refusal:
    name = stream.name
    if stream.format == "protobuf" and stream.kind == "source":
        return Refusal(
            f"'{name}' is Protobuf, and Flink needs the class of its messages",
            "add `message_class:` to the source",
        )
    if stream.format == "json_schema":
        return Refusal(
            f"Flink cannot {verb} '{name}': its rows carry the registry's header before the JSON",
            "use `format: json` when they are plain JSON, or Avro",
        )
    return Refusal(
        f"Flink cannot {verb} the format '{stream.format}' of '{name}'",
        "use json, or avro with a `schema_registry:` on the cluster",
    )
