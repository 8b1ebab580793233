"""ORDER BY: a key that sorts rows as Flink does, NULL first upwards and last downwards."""

from __future__ import annotations

from collections.abc import Callable
from functools import cmp_to_key
from typing import Any

from sqlglot import exp

from cdk_stream.run.expressions import compute
from cdk_stream.run.names import Context, Names
from cdk_stream.run.refusal import CannotRun
from cdk_stream.run.rows import Row
from cdk_stream.run.step import Compute

Sorter = Callable[[Row], Any]


def sorter(parts: list[tuple[Compute, bool]]) -> Sorter:
    """What rows are sorted by; each part with whether it goes downwards."""
    if len(parts) == 1 and not parts[0][1]:
        only = parts[0][0]
        return lambda row: _upwards(only(row))

    def key(row: Row) -> Any:
        return tuple([_part(part(row), down) for part, down in parts])

    return key


def _upwards(value: Any) -> Any:
    return (value is not None, value) if value is not None else (False,)


@cmp_to_key
def _backwards(one: Any, other: Any) -> int:
    return int(other > one) - int(other < one)


def _part(value: Any, down: bool) -> Any:
    if value is None:
        return (1,) if down else (0,)
    return (0, _backwards(value)) if down else (1, value)


def ordering(context: Context, names: Names, clause: exp.Expr | None) -> list[tuple[Compute, bool]]:
    """The parts of an ORDER BY."""
    found = []
    for part in clause.args["expressions"] if clause is not None else ():
        if part.args.get("nulls_first"):
            raise CannotRun("NULLS FIRST", part.args["this"])
        value = compute(context, names, part.args["this"])
        found.append((value, bool(part.args.get("desc"))))
    return found
