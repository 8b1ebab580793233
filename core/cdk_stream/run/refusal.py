"""What this engine does not run, and rows that no engine gets through."""

from __future__ import annotations

from sqlglot import exp

from cdk_stream.sql.resolve.names import offset_of


class CannotRun(Exception):
    """A construct that is refused by name, never approximated; `offset` is in the SQL text."""

    def __init__(self, feature: str, node: exp.Expr | None = None, mend: str = "") -> None:
        super().__init__(feature)
        self.feature = feature
        self.mend = mend
        self.offset = offset_of(node)


class RowFailure(Exception):
    """A row on which the job fails: a cast of 'x' to INT, a division by zero."""
