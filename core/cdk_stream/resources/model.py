"""A transformation: SQL or CEL that makes a stream out of others."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from cdk_stream.resources.authoring import Authored, Duration, ListOf, Meta, Name, Reference
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
    model: Reference | None = None
    sources: ListOf[Reference] = ()
    models: ListOf[Reference] = ()

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

    name: str | None = None
    partitions: int | None = Field(default=None, ge=1)
    replication_factor: int | None = Field(default=None, ge=1)
    retention: Duration | None = None
    cleanup_policy: Literal["delete", "compact", "compact,delete"] | None = None
    config: dict[str, str] = {}


def _topic(value: object) -> object:
    return {"name": value} if isinstance(value, str) else value


class SinkSpec(Authored):
    """Where a sink model writes, by Kafka Connect."""

    type: Name
    """The logical target, `snowflake_table` for instance."""
    connector: Name
    """A logical name of the project's `connectors:`."""
    cluster: Name | None = None
    topic: str | None = None
    """The topic the connector reads; its input's own when left out."""
    config: dict[str, Any] = {}


class Slo(Sla):
    """What consumers of a contract can count on."""


class Contract(Authored):
    """What a model promises to those who read it."""

    schema_: Literal["strict", "lenient"] | str | None = Field(default=None, alias="schema")
    """`strict`, `lenient`, or a schema reference the output must match."""
    compatibility: Compatibility | None = None
    versioning: Compatibility | None = None
    slo: Slo | None = None
    columns: tuple[ColumnSpec, ...] = ()
    migration_note: str = ""


class Model(Authored):
    """A named transformation and how its stream is made, protected and promised."""

    name: Name
    description: str = ""
    materialized: Materialization | None = None
    """Left out, the cheapest backend that can run the model takes it."""
    cluster: Name | None = None
    key: ListOf[Name] = ()
    from_: Annotated[From, BeforeValidator(_from)] = Field(default=From(), alias="from")
    sql: str | None = None
    cel: str | None = None
    """A boolean CEL expression that keeps rows, for stateless filters."""
    sql_file: str | None = None
    """A file of the project; `models/<name>.sql` is found by itself."""
    columns: tuple[ColumnSpec, ...] = ()
    security: Security = Security()
    region: str | None = None
    allowed_clusters: ListOf[Name] | None = None
    forbidden_sinks: ListOf[Name] = ()
    public: bool = False
    """Others outside the project may read it."""
    contract: Contract | None = None
    version: int | str | None = None
    owner: Name | None = None
    tags: ListOf[Name] = ()
    domain: Name | None = None
    topic: Annotated[TopicSpec, BeforeValidator(_topic)] | None = None
    format: Format | None = None
    event_time: EventTimeSpec | None = None
    state_ttl: Duration | None = None
    parallelism: int | None = Field(default=None, ge=1)
    on_state_change: Literal["reset", "replay", "keep"] | None = None
    sink: SinkSpec | None = None
    sla: Sla | None = None
    deprecation_date: str | None = None
    meta: Meta = {}

    @model_validator(mode="after")
    def _one_body(self) -> Model:
        if sum(body is not None for body in (self.sql, self.cel, self.sql_file)) > 1:
            raise ValueError("write one of sql, cel and sql_file, not several")
        if self.materialized == "sink" and self.sink is None:
            raise ValueError("a model with 'materialized: sink' needs a 'sink:' block")
        return self
