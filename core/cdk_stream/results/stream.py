"""A node of the compiled project: what a backend sees, and what the manifest holds."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from cdk_stream.results.relation import Changelog, EdgeKind, Field, InfluenceKind, Origin, Relation


class Protection(NamedTuple):
    """A rule that hides a column, wherever the column travels."""

    method: str
    """`mask` or `encrypt`."""
    origin: Origin
    """The source column that the rule hides."""
    declared_by: str
    """The id of the node whose author wrote the rule."""
    masking: str = ""
    """For masks: mask_all, mask_first_n, mask_last_n, tokenization, hash, redact or null."""
    characters: int = 0
    """For mask_first_n and mask_last_n."""
    roles: tuple[str, ...] = ()
    """The roles that are masked; empty: everyone except `allowed`."""
    allowed: tuple[str, ...] = ()
    """The roles that read in clear."""
    purpose: str = ""
    key: str = ""
    """For encryption: the address of the key, aliases resolved."""
    algorithm: str = ""


@dataclass(slots=True)
class StreamColumn:
    """A column with its type, its class and where its value comes from."""

    type: str
    nullable: bool
    classification: str | None
    """The effective class; None when nothing classifies it."""
    declared: bool
    """Whether an author classified this very column."""
    tags: tuple[str, ...] = ()
    edges: dict[Origin, EdgeKind] = field(default_factory=dict)
    """The direct inputs: (node, column) -> how the value reaches this column."""
    origins: tuple[Origin, ...] = ()
    """The source columns whose values are in this one, through any number of models."""
    copies: tuple[Origin, ...] = ()
    """Where a column holds the very same value first: a source's column, or itself if computed.

    For a field of a row it is the column that holds the row.
    """
    protections: tuple[Protection, ...] = ()
    analysis: str = "exact"
    """`exact`, `widened` (more inputs assumed than there may be) or `unknown`."""
    description: str = ""
    enum: tuple[str, ...] = ()
    """For a value that is an Avro enum at its source: the full name, then the symbols."""
    declassified: str = ""
    """The author's reason for a class below what the origin asks for."""
    expression: str = ""
    """A digest that is equal for expressions that mean the same; '' for a value passed on."""


@dataclass(slots=True)
class Stream:
    """A source or model whose rows are typed, classified and placed."""

    id: str
    """`source.NAME` or `model.NAME`."""
    name: str
    kind: str
    """`source` or `model`."""
    resource: Any
    """The author's `Source` or `Model`."""
    path: str
    pointer: str
    """The resource's place in its file: `/models/0`."""
    columns: dict[str, StreamColumn]
    event_time: str
    watermark_ms: int
    idle_timeout_ms: int
    key: tuple[str, ...]
    changelog: Changelog
    open: bool
    cluster: str
    region: str
    format: str
    """How its rows are written: json, json_schema, avro, protobuf, debezium_json, ..."""
    topic: str
    """The Kafka topic that holds or shows the rows: a virtual topic's name for a view."""
    physical_topics: tuple[str, ...]
    """The topics that really store the rows; for a view, those of what it reads."""
    inputs: dict[str, Stream]
    """Node id -> stream, for everything the node reads."""
    influences: dict[Origin, tuple[InfluenceKind, ...]]
    """Input columns that decide which rows come out."""
    features: frozenset[str]
    """What the query does; see `cdk_stream.sql.analysis.FEATURES`."""
    sql: str
    """The text to run: the author's own, references named, `f(t.*)` written out; '' for none."""
    analysis: Any = None
    """The `Analysis` of the query, for backends that translate it; None for sources and sinks."""
    backend: str = ""
    materialized: str = ""
    depends_on: tuple[str, ...] = ()
    delay_ms: int | None = 0
    """The least time a row needs to get here; see `cdk_stream.results.delay`."""
    hops: int = 0
    """How many jobs and connectors a row passes on its slowest way."""

    def relation(self) -> Relation:
        """The rows as a query that reads this stream must know them."""
        return Relation(
            {name: Field(column.type, column.nullable) for name, column in self.columns.items()},
            self.event_time,
            self.key,
            self.changelog,
            self.open,
        )
