"""A column that an author describes."""

from __future__ import annotations

from cdk_stream.resources.authoring import Authored, ListOf, Meta, Name
from cdk_stream.resources.classification import Classification


class ColumnSpec(Authored):
    """What an author says of one column; what is left out is taken from the schema or the SQL."""

    name: Name
    """The column's name."""
    description: str = ""
    """What it holds."""
    type: str | None = None
    """A Flink SQL type such as `STRING`, `BIGINT` or `TIMESTAMP(3)`."""
    nullable: bool | None = None
    """Whether it may be NULL."""
    classification: Classification | None = None
    """How sensitive its values are."""
    tags: ListOf[Name] = ()
    """Kinds of personal data: `email`, `card`, ..."""
    meta: Meta = {}
    """Free keys for the team's own tools."""
