"""Assertions that compare rows with other rows."""

from __future__ import annotations

from collections.abc import Iterator

from cdk_stream.plugin.watching import as_written
from cdk_stream.resources.authoring import milliseconds, reference_name
from cdk_stream.resources.test import ForeignKey, UniqueKey
from cdk_stream.results.stream import Stream
from cdk_stream_flink.checks.branch import ROW, Branch, Tested, Unwatchable
from cdk_stream_flink.checks.rows import column, source
from cdk_stream_flink.quote import interval, quoted

LOOKS_BACK = 7 * 24 * 3_600_000
"""How long a job remembers keys that are to be unique for ever."""
_OTHER = "referred"


def unique_key(tested: Tested, said: UniqueKey) -> Iterator[Branch]:
    """Rows whose key came before, within the window."""
    if tested.updates:
        raise Unwatchable("its rows are updated, so that a key comes again with every update")
    length = milliseconds(said.window) if said.window else LOOKS_BACK
    names = [*dict.fromkeys((*said.key, *tested.stream.key))]
    by, rows = (quoted(tested.time), quoted(tested.stream.name))
    if not tested.time:
        kept = ", ".join(map(quoted, names))
        by, rows = "`arrival`", f"(SELECT {kept}, PROCTIME() AS `arrival` FROM {rows})"
    counted = (
        f"(SELECT {', '.join(map(quoted, names))}, COUNT(1) OVER (\n"
        f"  PARTITION BY {', '.join(map(quoted, said.key))} ORDER BY {by}\n"
        f"  RANGE BETWEEN {interval(length)} PRECEDING AND CURRENT ROW) AS `times`\n"
        f"  FROM {rows}) AS {ROW}"
    )
    figures = (("times", f"{ROW}.`times`"),)
    name = f"unique_key: {', '.join(said.key)}"
    wrong = f"{ROW}.`times` > 1"
    timed = bool(tested.time)
    yield Branch(name, counted, wrong, tested.stream.key, said.key, figures, timed=timed)


def foreign_key(tested: Tested, said: ForeignKey) -> Iterator[Branch]:
    """Rows without a row of the other stream: within the window, or at their own time."""
    other = tested.others[reference_name(said.ref_model)]
    if not tested.time or not Tested("", other).time:
        raise Unwatchable("both streams need an event time to be compared by")
    join, read = _within(tested, said, other) if said.window else _as_of(tested, said, other)
    where = f"{_OTHER}.{quoted(said.ref_key)} IS NULL AND {column(said.column)} IS NOT NULL"
    name = f"foreign_key: {said.column}"
    joined = f"{source(tested)}\nLEFT JOIN {quoted(other.name)} {join}"
    key = tested.stream.key
    yield Branch(name, joined, where, key, (said.column,), timed=True, inputs=(read,))


def _within(tested: Tested, said: ForeignKey, other: Stream) -> tuple[str, Stream]:
    time, length = column(tested.time), interval(milliseconds(said.window or ""))
    theirs = f"{_OTHER}.{quoted(other.event_time)}"
    bounds = f"{theirs} BETWEEN {time} - {length} AND {time} + {length}"
    return f"AS {_OTHER}\n  ON {_same(said)} AND {bounds}", as_written(other)


def _as_of(tested: Tested, said: ForeignKey, other: Stream) -> tuple[str, Stream]:
    if other.changelog == "append" or other.key != (said.ref_key,):
        raise Unwatchable(
            f"'{other.name}' is not kept by '{said.ref_key}', and nothing says within which time"
            " its row comes: write `window:`"
        )
    when = f"FOR SYSTEM_TIME AS OF {column(tested.time)} AS {_OTHER}"
    return f"{when}\n  ON {_same(said)}", other


def _same(said: ForeignKey) -> str:
    return f"{column(said.column)} = {_OTHER}.{quoted(said.ref_key)}"
