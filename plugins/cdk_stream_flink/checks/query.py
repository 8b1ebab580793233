"""A continuous test -> the query that gives its violations."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from cdk_stream.plugin.backend import Remark
from cdk_stream.plugin.watching import Watch, as_written
from cdk_stream.problems import Severity
from cdk_stream.resources.project import Project
from cdk_stream.results.stream import Stream
from cdk_stream_flink.checks.branch import Branch, Tested, Unwatchable, select
from cdk_stream_flink.checks.keys import foreign_key, unique_key
from cdk_stream_flink.checks.rows import allowed_values, not_null, range_, row_sql
from cdk_stream_flink.checks.windows import distribution, error_ratio, freshness, max_lag
from cdk_stream_flink.wire import value_wire

_KINDS: Mapping[str, Callable[[Tested, Any], Iterator[Branch]]] = {
    "not_null": not_null,
    "allowed_values": allowed_values,
    "accepted_values": allowed_values,
    "range": range_,
    "sql": row_sql,
    "unique_key": unique_key,
    "foreign_key": foreign_key,
    "error_ratio": error_ratio,
    "distribution": distribution,
    "max_lag": max_lag,
    "freshness": freshness,
}
_MEND = "`cdk-stream test` still holds it on sample rows"


def watch(test: Any, model: Stream, inputs: Mapping[str, Stream], project: Project) -> Watch:
    """One query for all the assertions of a test; notes for those that Flink cannot watch."""
    why = _unreadable(model, project)
    if why:
        return Watch("flink", "", {}, (_told(f"'{test.name}'", why, ""),))
    others = {stream.name: stream for stream in inputs.values()}
    tested = Tested(test.name, _rows(model, project), others, model.changelog != "append")
    found: list[Branch] = []
    remarks: list[Remark] = []
    for index, assertion in enumerate(test.assertions):
        try:
            found += _branches(tested, assertion)
        except Unwatchable as reason:
            pointer = f"/assertions/{index}/{assertion.kind}"
            remarks.append(_told(f"'{assertion.kind}' of '{test.name}'", str(reason), pointer))
    text = "\nUNION ALL\n".join(select(tested, branch) for branch in found)
    rows = tested.stream
    if not any(branch.timed for branch in found):
        rows = replace(rows, event_time="")  # a row without a time would stop a job that goes by it
    read = {one.id: one for branch in found for one in branch.inputs}
    return Watch("flink", text, {model.id: rows} | read, tuple(remarks))


def _branches(tested: Tested, assertion: Any) -> list[Branch]:
    kind = _KINDS.get(assertion.kind)
    if kind is None:
        raise Unwatchable("the time a row takes from topic to topic is in none of its columns")
    return list(kind(tested, assertion.arguments))


def _rows(model: Stream, project: Project) -> Stream:
    """Rows as they are written; an update is a row as well."""
    wire = value_wire(model, project)
    if wire is not None and wire.format == "avro":  # the table's types are how its bytes are read
        return replace(model, changelog="append")
    return as_written(model)


def _unreadable(model: Stream, project: Project) -> str:
    cluster = project.clusters.get(model.cluster)
    if cluster is None or cluster.flink is None:
        return f"the cluster '{model.cluster}' of '{model.name}' has no Flink"
    if cluster.flink.target == "confluent_cloud":
        return "the violations topic is plain JSON, which Confluent Cloud does not write"
    if model.open or not all(column.type for column in model.columns.values()):
        return f"the columns of '{model.name}' are not all known"
    if not model.topic:
        return f"'{model.name}' has no topic"
    wire = value_wire(model, project)
    if wire is None:
        return f"Flink has no format for {model.format}, that of '{model.name}'"
    if wire.is_changelog:
        return f"the rows of '{model.name}' say themselves what they take back"
    return ""


def _told(what: str, why: str, pointer: str) -> Remark:
    return Remark("CS676", f"{what} is not watched: {why}", _MEND, Severity.NOTE, pointer)
