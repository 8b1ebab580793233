"""CEL filters on rows: the same library that Gateway's filters are checked with."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from cdk_stream.results.relation import Relation
from cdk_stream.run.model import Input, Ran
from cdk_stream.run.refusal import RowFailure
from cdk_stream.run.rows import Row
from cdk_stream.sql.cel import compiled_cel


def cel_kept(expression: str, given: Input) -> Ran:
    """The rows for which the expression is true; raises RowFailure where it has no answer."""
    test = _test(expression, given.relation)
    kept = [change for change in given.changes if test(change.row)]
    return Ran(kept, len(given.changes), len(given.changes) - len(kept))


def _test(expression: str, relation: Relation) -> Callable[[Row], bool]:
    program = compiled_cel(expression, relation)
    names = list(relation.columns)

    def test(row: Row) -> bool:
        values = {name: _value(value) for name, value in zip(names, row, strict=True)}
        found = program.eval(data=values).value()
        if not isinstance(found, bool):
            raise RowFailure(f"the CEL answers {found}")
        return found

    return test


def _value(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.replace(tzinfo=UTC)
    if isinstance(value, Decimal):
        return float(value)
    return list(value) if isinstance(value, tuple) else value
