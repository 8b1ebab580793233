"""A stream that exists before the project does."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from cdk_stream.resources.authoring import Authored, Duration, ListOf, MappingOf, Meta, Name
from cdk_stream.resources.classification import Classification, ColumnLabel
from cdk_stream.resources.column import ColumnSpec
from cdk_stream.resources.security import SourceSecurity

SourceType = Literal[
    "kafka_topic",
    "debezium_cdc",
    "http",
    "mqtt",
    "jdbc",
    "connector",
    "kinesis",
    "pulsar",
    "rabbitmq",
]
Format = Literal["json", "json_schema", "avro", "protobuf", "debezium_json", "debezium_avro", "raw"]


class EventTime(Authored):
    """Which column says when a row happened, and how late it may come."""

    column: Name
    watermark: Duration | None = None
    """How long to wait for late rows."""
    idle_timeout: Duration | None = None
    """After this long without rows a partition no longer holds time back."""


def _event_time(value: object) -> object:
    return {"column": value} if isinstance(value, str) else value


EventTimeSpec = Annotated[EventTime, BeforeValidator(_event_time)]
"""A column's name, or a mapping with `column`, `watermark` and `idle_timeout`."""


class Sla(Authored):
    """What the owner promises of a stream or an application."""

    max_lag_seconds: float | None = None
    max_lag_messages: int | None = None
    max_latency_ms: float | None = None
    max_end_to_end_latency_ms: float | None = None
    max_produce_latency_ms: float | None = None
    max_error_rate: float | None = Field(default=None, ge=0, le=1)
    availability: str | None = None
    """A share of time as text: `"99.9%"`."""


class Freshness(Authored):
    """How old the newest row may be."""

    max_lag_minutes: float | None = None
    max_lag_seconds: float | None = None
    warn_after: Duration | None = None
    error_after: Duration | None = None


class ConnectorSpec(Authored):
    """The Kafka Connect connector that fills a topic."""

    connector: Name | None = None
    """A logical name of the project's `connectors:`."""
    config: dict[str, Any] = {}


class Source(Authored):
    """A stream that others produce and this project reads."""

    name: Name
    type: SourceType = "kafka_topic"
    description: str = ""
    cluster: Name | None = None
    topic: str | None = None
    schema_ref: str | None = None
    """`sr://subject` or `schema_registry:subject`; the snapshot lies in `schemas/`."""
    format: Format | None = None
    key: ListOf[Name] = ()
    owner: Name | None = None
    domain: Name | None = None
    tags: ListOf[Name] = ()
    region: str | None = None
    pii_tags: MappingOf[ColumnLabel] = {}
    """Columns with personal data: column -> class; a mapping or a list of mappings."""
    columns: tuple[ColumnSpec, ...] = ()
    default_classification: Classification | None = None
    """The class of columns that nothing else classifies."""
    event_time: EventTimeSpec | None = None
    watermark: Duration | None = None
    sla: Sla | None = None
    freshness: Freshness | None = None
    security: SourceSecurity = SourceSecurity()
    connect: ConnectorSpec | None = None
    """For sources that a connector fills (`debezium_cdc`, `http`, `mqtt`, `jdbc`, `connector`)."""
    partitions: int | None = Field(default=None, ge=1)
    retention: Duration | None = None
    message_class: str | None = None
    """For Protobuf: the Java class of the message, which Flink reads it with."""
    stream: str | None = None
    """The stream's name in Kinesis, Pulsar or RabbitMQ: lineage only."""
    deprecation_date: str | None = None
    meta: Meta = {}
