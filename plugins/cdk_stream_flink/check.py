"""What an author must know before a query becomes a job."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cdk_stream.plugin.backend import Remark
from cdk_stream.problems import Severity, near
from cdk_stream.resources.secret import leaks
from cdk_stream.results.stream import Stream
from cdk_stream_flink.avro import enums
from cdk_stream_flink.endpoint import needs_gateway
from cdk_stream_flink.job import Job, Reading
from cdk_stream_flink.wire import Wire, is_too_fine, stored_type

_LOGIN = "sasl.jaas.config"
_USER = re.compile(r"""username=["']?([^"'${;\s]+)""")
_NEEDS_TIME = frozenset({"window", "interval_join", "temporal_join", "over", "match_recognize"})
_WAITS_FOR_TIME = {
    "window": "a window closes",
    "temporal_join": "FOR SYSTEM_TIME AS OF finds a version",
    "match_recognize": "MATCH_RECOGNIZE looks at a row",
    "over": "OVER gives a row",
}


def check(job: Job) -> list[Remark]:
    """Errors for what no script can say right, warnings for what it says in another way."""
    remarks = [*_keys(job), *_output(job)]
    for reading in job.readings:
        remarks += _input(reading, job)
    remarks += _account(job)
    remarks += _secrets(job)
    return remarks


def _address(node: Stream) -> Remark:
    if needs_gateway(node):
        is_view = node.materialized == "virtual_topic"
        why = "exists only in the Gateway" if is_view else "is encrypted by the Gateway"
        message = f"'{node.name}' {why}, and cluster '{node.cluster}' does not say its address"
        mend = f"add `bootstrap_servers:` to `clusters.{node.cluster}.gateway`"
    else:
        message = f"'{node.name}' is on cluster '{node.cluster}', which has no Kafka address"
        mend = f"add a `kafka:` block to `clusters.{node.cluster}`"
    return Remark("CS620", message, mend, Severity.ERROR)


def _keys(job: Job) -> Iterator[Remark]:
    stream = job.stream
    for name in stream.key:
        if name not in stream.columns:
            mend = near(name, stream.columns)
            yield Remark("CS621", f"the key '{name}' is not selected", mend, Severity.ERROR, "/key")
    if stream.changelog == "append":
        return
    if not stream.key:
        yield Remark(
            "CS622",
            f"the rows of '{stream.name}' are updated later, and a topic needs a key to say which",
            "add `key:` with the columns that identify a row",
            Severity.ERROR,
        )
    elif job.lacks_own_key:
        yield _other_key(job)


def _other_key(job: Job) -> Remark:
    own = ", ".join(job.stream.analysis.key)
    updates = f"by '{own}'" if own else "by no key of its own"
    order = "the latest stays" if job.release.asks_on_conflict else "which one stays is not certain"
    return Remark(
        "CS623",
        f"the query updates its rows {updates}, but they are written by "
        f"'{', '.join(job.stream.key)}': rows that share it replace each other, {order}",
        f"use `key: [{own}]`"
        if own
        else "make rows unique by their key, with GROUP BY for instance",
        Severity.WARNING,
        "/key",
    )


def _output(job: Job) -> Iterator[Remark]:
    stream = job.stream
    if job.way is None and not job.is_managed:
        yield _address(stream)
    yield from _types(stream, list(stream.columns), job.wire)
    if stream.open:
        yield Remark(
            "CS624",
            f"'{stream.name}' may have columns that are not known, and a table must list them all",
            "name the columns in place of `*`, or give the inputs a `schema_ref:`",
            Severity.ERROR,
            "/sql",
        )


def _input(reading: Reading, job: Job) -> Iterator[Remark]:
    stream = reading.stream
    yield from _types(stream, reading.columns, reading.wire)
    if not job.is_managed:
        yield from _stored(reading, job)
    time = stream.event_time
    if time in reading.columns and job.stream.features & _NEEDS_TIME:
        yield from list(_time(time, stream)) or _idle(reading, job)
    if stream.changelog != "append" and not stream.key and not reading.wire.is_changelog:
        yield Remark(
            "CS622",
            f"the rows of '{stream.name}' are updated later, and nothing says by which key",
            f"add `key:` to '{stream.name}'",
            Severity.ERROR,
        )


def _stored(reading: Reading, job: Job) -> Iterator[Remark]:
    if reading.way is None:
        yield _address(reading.stream)
    if "avro" in reading.wire.format:
        yield from _enums(reading)
    zone = job.settings["table.local-time-zone"]
    if reading.seen and zone != "UTC":
        yield from _zone(reading, zone)


def _types(stream: Stream, names: list[str], wire: Wire) -> Iterator[Remark]:
    for name in names:
        type_ = stream.columns[name].type
        if not type_:
            yield Remark(
                "CS624",
                f"the type of '{name}' of '{stream.name}' is not known, and a table must say it",
                f"add `columns: [{{name: {name}, type: ...}}]` to '{stream.name}', or CAST it",
                Severity.ERROR,
            )
        elif wire.is_coarse and is_too_fine(type_, wire):
            yield Remark(
                "CS625",
                f"'{name}' of '{stream.name}' is {type_}, too fine for {wire.format}",
                "use milliseconds, precision 3, or another format",
                Severity.ERROR,
            )


def _enums(reading: Reading) -> Iterator[Remark]:
    stream, wire = reading.stream, reading.wire
    for name in enums(stream, reading.columns):
        if any(key == "schema" for key, _ in wire.options):
            return
        yield Remark(
            "CS629",
            f"'{name}' of '{stream.name}' is an Avro enum, which {wire.format} cannot read here",
            "use a cluster with a `schema_registry:`, and beside it no nested columns",
            Severity.ERROR,
        )


def _zone(reading: Reading, zone: str) -> Iterator[Remark]:
    for name, type_ in reading.seen.items():
        if stored_type(type_, reading.wire) != type_:
            yield Remark(
                "CS627",
                f"'{name}' of '{reading.stream.name}' is stored in UTC, but the job is in '{zone}'",
                "leave `table.local-time-zone` out of the cluster's Flink properties",
                Severity.ERROR,
            )


def _time(name: str, stream: Stream) -> Iterator[Remark]:
    type_ = stream.columns[name].type
    if type_ and not type_.startswith("TIMESTAMP"):
        yield Remark(
            "CS626",
            f"the event time '{name}' of '{stream.name}' is {type_}, not a timestamp",
            f"add `columns: [{{name: {name}, type: TIMESTAMP_LTZ(3)}}]` to '{stream.name}'",
            Severity.ERROR,
        )


def _idle(reading: Reading, job: Job) -> Iterator[Remark]:
    """The slowest partition says what time it is, and one without rows says nothing."""
    stream = reading.stream
    spec = stream.resource.topic if stream.kind == "model" else None
    if stream.idle_timeout_ms or (spec is not None and spec.partitions == 1):
        return
    for feature in sorted(job.stream.features & _WAITS_FOR_TIME.keys()):
        yield Remark(
            "CS631",
            f"{_WAITS_FOR_TIME[feature]} once every partition of '{stream.name}' has later rows:"
            " one that gets none holds it up for ever",
            f"add `idle_timeout: 1 minute` to the `event_time:` of '{stream.name}'"
            " or of the project",
            Severity.WARNING,
            "/sql",
        )
        return


def _account(job: Job) -> Iterator[Remark]:
    """Rights, and what is seen in clear, are given to the job's own account."""
    ways = [job.way, *(reading.way for reading in job.readings)]
    told = " ".join(way.properties.get(_LOGIN, "") for way in ways if way is not None)
    for user in sorted({*_USER.findall(told)} - {job.group}):
        yield Remark(
            "CS633",
            f"the job connects as '{user}', and its rights are those of '{job.group}'",
            'write `username="{account}"` in `properties:` of the cluster',
            Severity.WARNING,
        )


def _secrets(job: Job) -> Iterator[Remark]:
    ways = [job.way, *(reading.way for reading in job.readings)]
    groups = [job.settings, *(way.properties for way in ways if way is not None)]
    for key in sorted(
        {key for group in groups for key, value in group.items() if leaks(key, value)}
    ):
        yield Remark(
            "CS628",
            f"'{key}' holds a secret in the clear, which would end in the script of a job",
            "use a placeholder such as ${env:NAME}",
            Severity.ERROR,
        )
