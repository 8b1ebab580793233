"""A transformation: SQL or CEL that makes a stream out of others."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from cdk_stream.resources.authoring import (
    Authored,
    Duration,
    ListOf,
    Meta,
    Name,
    Reference,
    TopicName,
    shared,
    unsaid,
)
from cdk_stream.resources.column import ColumnSpec
from cdk_stream.resources.security import Security
from cdk_stream.resources.source import EventTimeSpec, Format, Sla

Materialization = Literal["virtual_topic", "flink_stream", "sink", "topic"]
Compatibility = Literal[
    "none",
    "backward",
    "forward",
    "full",
    "backward_transitive",
    "forward_transitive",
    "full_transitive",
]


class From(Authored):
    """The inputs of a model; SQL that names them with `ref()` and `source()` says it too."""

    source: Reference | None = None
    """One source."""
    model: Reference | None = None
    """One model."""
    sources: ListOf[Reference] = ()
    """Several inputs; models may be named here as well."""
    models: ListOf[Reference] = ()
    """Several models."""

    @property
    def references(self) -> tuple[str, ...]:
        """Every input as written, in order."""
        one = tuple(item for item in (self.source, self.model) if item)
        return one + self.sources + self.models


def _from(value: object) -> object:
    if isinstance(value, str):
        return {"models": [value]}
    if isinstance(value, list):
        if all(isinstance(item, dict) for item in value):
            references = [reference for item in value for reference in _references(item)]
            return {"models": references}
        return {"models": value}
    return value


def _references(item: dict[str, Any]) -> list[Any]:
    found: list[Any] = []
    for key, value in item.items():
        if key not in ("source", "model", "sources", "models"):
            raise ValueError(f"'{key}' is not one of source, model, sources, models")
        found += value if isinstance(value, list) else [value]
    return found


class TopicSpec(Authored):
    """The topic a model writes."""

    name: TopicName | None = None
    """The topic's name; left out, the project's `topics: name:` gives it."""
    partitions: int | None = Field(default=None, ge=1)
    """How many partitions it gets."""
    replication_factor: int | None = Field(default=None, ge=1)
    """On how many brokers each partition lies."""
    retention: Duration | None = None
    """How long rows are kept."""
    cleanup_policy: Literal["delete", "compact", "compact,delete"] | None = None
    """Drop old rows, keep the newest of each key, or both."""
    config: dict[str, str] = {}
    """Further settings of the topic."""


def _topic(value: object) -> object:
    return {"name": value} if isinstance(value, str) else value


class SinkSpec(Authored):
    """Where a sink model writes, by Kafka Connect."""

    type: Name
    """The logical target, `snowflake_table` for instance."""
    connector: Name
    """A logical name of the project's `connectors:`."""
    cluster: Name | None = None
    """The cluster whose Kafka Connect runs the connector; left out, the model's."""
    topic: TopicName | None = None
    """The topic the connector reads; its input's own when left out."""
    config: dict[str, Any] = {}
    """Settings of the target, in words of `type` or of the connector itself."""


class Slo(Sla):
    """What consumers of a contract can count on."""


class Contract(Authored):
    """What a model promises to those who read it."""

    schema_: Literal["strict", "lenient"] | str | None = Field(default=None, alias="schema")
    """`strict`, `lenient`, or a schema reference the output must match."""
    compatibility: Compatibility | None = None
    """What a new version of the schema must still be able to read."""
    versioning: Compatibility | None = None
    """The same as `compatibility`."""
    slo: Slo | None = None
    """What readers can count on."""
    columns: tuple[ColumnSpec, ...] = ()
    """The columns that readers can count on, with their types."""
    migration_note: str = ""
    """What readers must do when a new version breaks them."""


class Model(Authored):
    """A named transformation and how its stream is made, protected and promised."""

    name: Name
    """The model's name; SQL calls it `ref("name")`."""
    description: str = ""
    """What its rows are."""
    materialized: Materialization | None = None
    """Left out, the cheapest backend that can run the model takes it."""
    cluster: Name | None = None
    """The cluster it runs on; left out, the project's default."""
    key: ListOf[Name] = ()
    """The columns that identify a row, and key the topic."""
    from_: Annotated[From, BeforeValidator(_from)] = Field(
        default_factory=shared(unsaid(From)), alias="from"
    )
    """What it reads; SQL that calls `ref()` and `source()` says so by itself."""
    sql: str | None = None
    """The query, in Flink SQL; `{{ ref("x") }}` and `{{ source("x") }}` name its inputs."""
    cel: str | None = None
    """A boolean CEL expression that keeps rows, for stateless filters."""
    sql_file: str | None = None
    """A file of the project; `models/<name>.sql` is found by itself."""
    columns: tuple[ColumnSpec, ...] = ()
    """What to say of its columns: a description, a type to hold it to, a class."""
    security: Security = Field(default_factory=shared(unsaid(Security)))
    """How sensitive its columns are, and who may see them."""
    region: str | None = None
    """Where its data lies; left out, where its cluster is."""
    allowed_clusters: ListOf[Name] | None = None
    """The only clusters that it, and what is made of it, may go to."""
    forbidden_sinks: ListOf[Name] = ()
    """Connectors, or kinds of them, that its data must never reach."""
    public: bool = False
    """Others outside the project may read it."""
    contract: Contract | None = None
    """What it promises to its readers."""
    version: int | str | None = None
    """The version of its contract."""
    owner: Name | None = None
    """Who answers for it: a name of the project's `owners:`."""
    tags: ListOf[Name] = ()
    """Free labels, for selectors and policies."""
    domain: Name | None = None
    """The part of the business it belongs to."""
    topic: Annotated[TopicSpec, BeforeValidator(_topic)] | None = None
    """The topic it writes; a name, or a mapping with settings."""
    format: Format | None = None
    """How its rows are written; left out, as its input's."""
    event_time: EventTimeSpec | None = None
    """When a row of its result happened; left out, it follows from the query."""
    state_ttl: Duration | None = None
    """How long Flink remembers a key it no longer sees."""
    parallelism: int | None = Field(default=None, ge=1)
    """With how many parallel tasks Flink runs it."""
    delivery: Literal["at_least_once", "exactly_once"] = "at_least_once"
    """For Flink: `exactly_once` writes in transactions, so that rows are seen at a checkpoint."""
    on_state_change: Literal["reset", "replay", "keep"] | None = None
    """What happens to a running job whose new query cannot use the old state."""
    sink: SinkSpec | None = None
    """Where it writes to, by Kafka Connect."""
    sla: Sla | None = None
    """What its owner promises."""
    deprecation_date: str | None = None
    """The day it goes away, as `2026-12-31`."""
    meta: Meta = {}
    """Free keys for the team's own tools."""

    @model_validator(mode="after")
    def _one_body(self) -> Model:
        if sum(body is not None for body in (self.sql, self.cel, self.sql_file)) > 1:
            raise ValueError("write one of sql, cel and sql_file, not several")
        if self.materialized == "sink" and self.sink is None:
            raise ValueError("a model with 'materialized: sink' needs a 'sink:' block")
        return self
