"""Assertions on single rows."""

from __future__ import annotations

from collections.abc import Iterator

from cdk_stream.resources.test import AllowedValues, NotNull, Range, RowSql
from cdk_stream_flink.checks.branch import ROW, Branch, Tested
from cdk_stream_flink.quote import literal, quoted


def source(tested: Tested) -> str:
    """The tested rows."""
    return f"{quoted(tested.stream.name)} AS {ROW}"


def _row(tested: Tested, assertion: str, where: str, *shown: str) -> Branch:
    return Branch(assertion, source(tested), where, tested.stream.key, shown)


def column(name: str) -> str:
    """A column of the tested row."""
    return f"{ROW}.{quoted(name)}"


def not_null(tested: Tested, said: NotNull) -> Iterator[Branch]:
    """A branch for each column."""
    for name in said.column:
        yield _row(tested, f"not_null: {name}", f"{column(name)} IS NULL", name)


def allowed_values(tested: Tested, said: AllowedValues) -> Iterator[Branch]:
    """No value is no wrong value: NULL is for `not_null`."""
    values = ", ".join(_literal(value) for value in said.values)
    where = f"{column(said.column)} NOT IN ({values})"
    yield _row(tested, f"allowed_values: {said.column}", where, said.column)


def range_(tested: Tested, said: Range) -> Iterator[Branch]:
    """Below the smallest, or above the greatest."""
    name = column(said.column)
    bounds = [f"{name} < {_number(said.min)}"] if said.min is not None else []
    bounds += [f"{name} > {_number(said.max)}"] if said.max is not None else []
    if bounds:
        yield _row(tested, f"range: {said.column}", " OR ".join(bounds), said.column)


def row_sql(tested: Tested, said: RowSql) -> Iterator[Branch]:
    """What the author's condition does not hold for; the text may end in a comment."""
    where = f"({said.expression}\n) IS NOT TRUE"
    yield _row(tested, f"sql: {said.name or said.expression}", where)


def _literal(value: str | int | float | bool) -> str:
    if isinstance(value, str):
        return literal(value)
    return str(value).upper() if isinstance(value, bool) else _number(value)


def _number(value: float) -> str:
    whole = float(value).is_integer() and abs(value) < 1e15
    return str(int(value)) if whole else repr(float(value))
