"""The columns that a job's tables list, and the types they have in the topic."""

from __future__ import annotations

import re

from cdk_stream.results.stream import Stream
from cdk_stream_flink.wire import Wire, needs_every_column, stored_type

_FINER_THAN_MILLIS = re.compile(r"^(TIMESTAMP(?:_LTZ)?)(?:\([4-9]\))?$")


def read_columns(stream: Stream, sql: str, wire: Wire) -> list[str]:
    """The columns of an input that the query can see.

    Only those that the text names, unless it has a `*`: a column that is added upstream
    then leaves the job as it is, and data that is not asked for is never read.
    """
    if "*" in sql or needs_every_column(wire) or "natural" in sql.lower():
        return list(stream.columns)
    kept = (
        (stream.event_time,) if stream.changelog == "append" else (stream.event_time, *stream.key)
    )
    names = [name for name in stream.columns if name in sql or name in kept]
    return names or list(stream.columns)[:1]


def conversions(stream: Stream, names: list[str], wire: Wire) -> dict[str, str]:
    """Column -> the type the query needs, where the topic holds another one.

    An event time is at most as fine as milliseconds, and some formats know no TIMESTAMP_LTZ.
    """
    found = {}
    time = stream.event_time
    if time in names:
        type_ = stream.columns[time].type
        seen = _FINER_THAN_MILLIS.sub(r"\1(3)", type_)
        if seen != type_:
            found[time] = seen
    if wire.is_coarse:
        for name in names:
            type_ = stream.columns[name].type
            if stored_type(type_, wire) != type_:
                found.setdefault(name, type_)
    return found
