"""Two versions' rows: which columns are distributed otherwise, and how far."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from cdk_stream.run.rows import NodeRows

_MOST_VALUES = 50
"""With more values a column names things, and has no shares to compare."""


def shifts(before: NodeRows, after: NodeRows, threshold: float) -> list[str]:
    """What is further apart than `threshold`, from 0 (the same) to 1; columns of one side aside.

    The number of rows, the share of NULL, for numbers and times the Kolmogorov-Smirnov distance,
    for other values the share that would have to move (the total variation distance).
    """
    told = []
    old, new = len(before.table), len(after.table)
    apart = abs(old - new) / max(old, new, 1)
    if apart > threshold:
        told.append(f"rows: {old} before, {new} now")
    if old and new:
        columns, others = _columns(before), _columns(after)
        for name in columns:
            if name in others:
                told += _column(name, columns[name], others[name], threshold)
    return told


def _columns(answer: NodeRows) -> Mapping[str, Sequence[Any]]:
    return dict(zip(answer.columns, zip(*answer.table, strict=True), strict=True))


def _column(name: str, old: Sequence[Any], new: Sequence[Any], threshold: float) -> Iterator[str]:
    empty, emptier = old.count(None) / len(old), new.count(None) / len(new)
    if abs(empty - emptier) > threshold:
        yield f"{name}: a share of {empty:.3f} was NULL, {emptier:.3f} is now"
    ours = [value for value in old if value is not None]
    theirs = [value for value in new if value is not None]
    if not ours or not theirs:
        return
    if all(map(_is_ordered, (*ours, *theirs))):
        apart = kolmogorov_smirnov(ours, theirs)
        if apart > threshold:
            yield f"{name}: its distribution is {apart:.3f} apart, {_middle(ours, theirs)}"
        return
    counts, others = Counter(map(str, ours)), Counter(map(str, theirs))
    if len(counts.keys() | others.keys()) <= _MOST_VALUES:
        yield from _values(name, counts, others, threshold)


def _values(name: str, old: Counter[str], new: Counter[str], threshold: float) -> Iterator[str]:
    shares = {value: (old[value] / old.total(), new[value] / new.total()) for value in old | new}
    apart = sum(abs(one - two) for one, two in shares.values()) / 2
    if apart > threshold:
        value, (one, two) = max(shares.items(), key=lambda item: abs(item[1][0] - item[1][1]))
        most = f"'{value}' had a share of {one:.3f}, and has {two:.3f}"
        yield f"{name}: its values are {apart:.3f} apart, most of all {most}"


def _is_ordered(value: Any) -> bool:
    return isinstance(value, (int, float, Decimal, date)) and not isinstance(value, bool)


def _middle(old: Sequence[Any], new: Sequence[Any]) -> str:
    one, two = (sorted(values)[len(values) // 2] for values in (old, new))
    shown = [str(value) if isinstance(value, date) else f"{value:g}" for value in (one, two)]
    return f"the middle was {shown[0]}, and is {shown[1]}"


def kolmogorov_smirnov(old: Sequence[Any], new: Sequence[Any]) -> float:
    """The greatest distance between the two shares of values up to some value."""
    ours, theirs = Counter(map(_number, old)), Counter(map(_number, new))
    below = above = apart = 0.0
    for value in sorted(ours.keys() | theirs.keys()):
        below += ours[value] / len(old)
        above += theirs[value] / len(new)
        apart = max(apart, abs(below - above))
    return apart


def _number(value: Any) -> float:
    if isinstance(value, datetime):
        return (value - datetime(1970, 1, 1)).total_seconds()
    return float(value.toordinal()) if isinstance(value, date) else float(value)
