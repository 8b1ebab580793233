"""The typed rows of a node, as SQL sees them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

Changelog = Literal["append", "upsert", "retract"]
"""append: rows are only added; upsert: updates by key; retract: updates take old rows back."""


class Field(NamedTuple):
    """A column's type in Flink's spelling and whether it may be NULL.

    `STRING`, `TIMESTAMP(3)`, `ROW<a INT>`; the empty type means unknown.
    """

    type: str
    nullable: bool = True


@dataclass(frozen=True, slots=True)
class Relation:
    """What a query must know of an input: columns in order, time, key and changelog mode."""

    columns: dict[str, Field]
    event_time: str = ""
    """The column that is the event-time attribute; empty when there is none."""
    key: tuple[str, ...] = ()
    """The columns that identify a row in an updating stream, or the declared key of the topic."""
    changelog: Changelog = "append"
    open: bool = False
    """True when there may be columns that are not listed: the schema is unknown."""


EdgeKind = Literal["identity", "transformation", "aggregation", "count", "mask", "conditional"]
"""How an input column's value reaches an output column, from verbatim to a mere condition."""

InfluenceKind = Literal["filter", "join", "group_by", "sort", "window", "match"]
"""How an input column decides which rows come out, without its value being shown."""

Origin = tuple[str, str]
"""(node id, column): `("source.payments", "card_number")`."""


@dataclass(slots=True)
class OutputColumn:
    """One column that a query gives, and the input columns its value is made of."""

    name: str
    type: str
    """In Flink's spelling; empty when unknown."""
    nullable: bool = True
    edges: dict[Origin, EdgeKind] = field(default_factory=dict)
    """(input node id, input column) -> how; when several ways exist, the most revealing one."""
    exact: bool = True
    """False when the analysis had to assume: the edges then hold every column it could be."""
    ceiling: str = ""
    """For `mask` edges: the class that the masking function brings its input down to."""
    spelling: str = ""
    """Equal for expressions that mean the same; '' for a column passed on as it is."""
