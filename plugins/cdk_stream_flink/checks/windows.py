"""Assertions on many rows together: shares, age and silence, in windows of time."""

from __future__ import annotations

from collections.abc import Iterator

from cdk_stream.plugin.watching import told
from cdk_stream.resources.authoring import milliseconds
from cdk_stream.resources.test import Bucket, Distribution, ErrorRatio, FreshnessWithin, MaxLag
from cdk_stream_flink.checks.branch import ROW, Branch, Tested, Unwatchable
from cdk_stream_flink.checks.rows import column, source
from cdk_stream_flink.quote import interval, quoted

_MINUTE = 60_000
_WINDOW = 5 * _MINUTE
"""How long is counted where the author does not say."""


def error_ratio(tested: Tested, said: ErrorRatio) -> Iterator[Branch]:
    """The share of rows that fail in each window."""
    if said.where is None:
        raise Unwatchable("nothing says which rows fail: write `where:`")
    name = "error_ratio"
    share = _share(f"{said.where}\n")
    yield _ratio(tested, name, share, said.window, f"ratio > {said.max_ratio!r}")


def distribution(tested: Tested, said: Distribution) -> Iterator[Branch]:
    """The share of rows in each bucket of each window; the last bucket holds its upper end, too."""
    end = max((bucket.max for bucket in said.buckets), default=0.0)
    for bucket in said.buckets:
        wrong = _out_of_bounds(bucket)
        if wrong:
            name = f"distribution: {said.column} from {bucket.min:g} to {bucket.max:g}"
            value = column(said.column)
            below = "<=" if bucket.max == end else "<"
            share = _share(f"{value} >= {bucket.min!r} AND {value} {below} {bucket.max!r}")
            yield _ratio(tested, name, share, said.window, wrong)


def max_lag(tested: Tested, said: MaxLag) -> Iterator[Branch]:
    """The newest value of each minute in which rows came."""
    yield _age(tested, f"max_lag: {said.column}", said.column, int(said.seconds * 1000))


def freshness(tested: Tested, said: FreshnessWithin) -> Iterator[Branch]:
    """Silence, when it has lasted as long as it may; and rows that are old when they come."""
    age = milliseconds(said.max_age)
    sessions = (
        f"(SELECT SESSION_END(`arrival`, {interval(age)}) AS `closed`, COUNT(1) AS `rows`"
        f" FROM {_arriving(tested)} GROUP BY SESSION(`arrival`, {interval(age)})) AS {ROW}"
    )
    figures = (("rows_before", f"{ROW}.`rows`"),)
    yield Branch("freshness", sessions, f"{ROW}.`rows` > 0", figures=figures)
    if said.column is not None:
        yield _age(tested, f"freshness: {said.column}", said.column, age)


def _out_of_bounds(bucket: Bucket) -> str:
    wrong = [f"ratio < {bucket.min_ratio!r}"] if bucket.min_ratio is not None else []
    wrong += [f"ratio > {bucket.max_ratio!r}"] if bucket.max_ratio is not None else []
    return " OR ".join(wrong)


def _share(condition: str) -> str:
    return f"AVG(CASE WHEN {condition} THEN CAST(1 AS DOUBLE) ELSE CAST(0 AS DOUBLE) END)"


def _ratio(tested: Tested, name: str, share: str, window: str | None, wrong: str) -> Branch:
    length = interval(milliseconds(window) if window else _WINDOW)
    by, rows = "arrival", _arriving(tested, share)
    if tested.time:
        by, rows = tested.time, source(tested)
    counted = (
        f"(SELECT TUMBLE_END({quoted(by)}, {length}) AS `closed`, COUNT(1) AS `rows`,\n"
        f"  {share} AS `ratio`\n  FROM {rows}\n  GROUP BY TUMBLE({quoted(by)}, {length})) AS {ROW}"
    )
    figures = (("ratio", f"{ROW}.`ratio`"), ("rows", f"{ROW}.`rows`"))
    closed = f"{ROW}.`closed`"
    return Branch(name, counted, wrong, figures=figures, at=closed, timed=bool(tested.time))


def _age(tested: Tested, name: str, time: str, age: int) -> Branch:
    held = tested.stream.columns[time]
    if not held.type.startswith("TIMESTAMP"):
        raise Unwatchable(f"'{time}' is {held.type}, not a timestamp")
    minute = interval(_MINUTE)
    newest = f"MAX(CAST({column(time)} AS TIMESTAMP_LTZ(3)))"
    counted = (
        f"(SELECT TUMBLE_END(`arrival`, {minute}) AS `closed`, {newest} AS `newest`\n"
        f"  FROM {_arriving(tested, newest)}\n  GROUP BY TUMBLE(`arrival`, {minute})) AS {ROW}"
    )
    wrong = f"{ROW}.`newest` < CURRENT_TIMESTAMP - {interval(age)}"
    return Branch(name, counted, wrong, figures=_newest(tested, time))


def _newest(tested: Tested, time: str) -> tuple[tuple[str, str], ...]:
    """The age is a value of the column."""
    return (("newest", f"{ROW}.`newest`"),) if told(tested.stream, (time,)) else ()


def _arriving(tested: Tested, text: str = "") -> str:
    """The tested rows with the time at which they come, and the columns that a text names."""
    names = [quoted(name) for name in tested.stream.columns if name in text]
    items = ", ".join([*names, "PROCTIME() AS `arrival`"])
    return f"(SELECT {items} FROM {quoted(tested.stream.name)}) AS {ROW}"
