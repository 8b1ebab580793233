"""Rows made up from schemas: the same for the same seed."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from cdk_stream.run.times import moment
from cdk_stream.sql.spelling import shape

BEGIN_MS = 1_767_225_600_000
"""2026-01-01, when made-up time begins."""
STEP_MS = 1000
"""About the time between two rows."""
DISORDERED, LATE = 0.2, 0.02
"""The shares of rows out of order within the watermark's delay, and beyond it."""
NULLS = 0.05


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the rows of a source must be like."""

    name: str
    columns: Mapping[str, tuple[str, bool]]
    """Column -> type, and whether it may be NULL."""
    key: tuple[str, ...]
    event_time: str
    watermark_ms: int
    values: Mapping[str, Sequence[Any]]
    """Column -> the values it may hold, where that is known."""
    shared: frozenset[str]
    """The columns that other sources have as well: their values meet."""
    updating: bool = False
    """Whether rows of the same key replace each other."""


def made_rows(wanted: Wanted, count: int, seed: int) -> list[dict[str, Any]]:
    """`count` rows in the order in which they arrive."""
    chance = random.Random(f"{seed} {wanted.name}")
    times = _times(chance, count, wanted.watermark_ms)
    return [
        {
            name: _value(wanted, name, type_, nullable, index, count, times[index], chance)
            for name, (type_, nullable) in wanted.columns.items()
        }
        for index in range(count)
    ]


def _times(chance: random.Random, count: int, delay: int) -> list[int]:
    """Milliseconds since 1970, mostly rising."""
    found, at, newest = [], float(BEGIN_MS), BEGIN_MS
    for _ in range(count):
        at += chance.expovariate(1 / STEP_MS)
        way = chance.random()
        moved = int(at)
        if way < LATE and delay:
            moved = int(newest - delay * chance.uniform(1.5, 4))
        elif way < LATE + DISORDERED:
            moved = max(int(at - chance.random() * delay), newest - delay)
        newest = max(newest, moved)
        found.append(max(moved, BEGIN_MS))
    return found


def _value(
    wanted: Wanted,
    name: str,
    type_: str,
    nullable: bool,
    index: int,
    count: int,
    at: int,
    chance: random.Random,
) -> Any:
    if name == wanted.event_time:
        return moment(at)
    if name in wanted.key or name in wanted.shared:
        alone = wanted.key == (name,) and name not in wanted.shared and not wanted.updating
        number = index + 1 if alone else chance.randrange(max(count // 5, 1)) + 1
        return _identity(name, type_, number)
    if nullable and chance.random() < NULLS:
        return None
    if name in wanted.values:
        return chance.choice(list(wanted.values[name]))
    return _of_type(name, type_, at, chance)


def _identity(name: str, type_: str, number: int) -> Any:
    """The same number is the same value in every source."""
    kind = shape(type_).name
    if kind in ("CHAR", "VARCHAR"):
        return f"{name.removesuffix('_id')}-{number}"
    return number


def _of_type(name: str, type_: str, at: int, chance: random.Random) -> Any:
    kind = shape(type_)
    if kind.name in ("CHAR", "VARCHAR"):
        return f"{name}-{chance.randrange(1000)}"[: kind.numbers[0]]
    if kind.name == "DECIMAL":
        precision, scale = kind.numbers
        return f"{chance.randrange(10 ** min(precision, 7)) / 10**scale:.{scale}f}"
    if kind.name in ("ARRAY", "MULTISET"):
        return [_of_type(name, kind.parts[0].type, at, chance) for _ in range(chance.randrange(4))]
    if kind.name == "MAP":
        return {f"k{index}": _of_type(name, kind.parts[1].type, at, chance) for index in range(2)}
    if kind.name == "ROW":
        return {part.name: _of_type(part.name, part.type, at, chance) for part in kind.parts}
    if kind.name in ("TIMESTAMP", "TIMESTAMP_LTZ"):
        return moment(at - chance.randrange(3_600_000))
    return _plain(kind.name, chance)


def _plain(kind: str, chance: random.Random) -> Any:
    if kind in _LIMITS:
        return chance.randrange(_LIMITS[kind])
    if kind in ("FLOAT", "DOUBLE"):
        return round(chance.random() * 1000, 3)
    if kind == "BOOLEAN":
        return chance.random() < 0.5
    if kind == "DATE":
        return date(2026, 1, 1) + timedelta(days=chance.randrange(365))
    if kind in ("BINARY", "VARBINARY"):
        return chance.randbytes(8)
    return "12:00:00" if kind == "TIME" else None


_LIMITS = {"TINYINT": 100, "SMALLINT": 10_000, "INT": 100_000, "BIGINT": 100_000}
