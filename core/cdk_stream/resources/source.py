"""A stream that exists before the project does."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from cdk_stream.resources.authoring import (
    Authored,
    Duration,
    ListOf,
    MappingOf,
    Meta,
    Name,
    TopicName,
    shared,
    unsaid,
)
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
    """The column that holds the time."""
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
    """How far behind the newest row a reader may be, in seconds."""
    max_lag_messages: int | None = None
    """How far behind the newest row a reader may be, in rows."""
    max_latency_ms: float | None = None
    """How long a row may take through this stream, in milliseconds."""
    max_end_to_end_latency_ms: float | None = None
    """How long a row may take from the first producer to here, in milliseconds."""
    max_produce_latency_ms: float | None = None
    """How long writing a row may take, in milliseconds."""
    max_error_rate: float | None = Field(default=None, ge=0, le=1)
    """The share of rows that may fail, from 0 to 1."""
    availability: str | None = None
    """A share of time as text: `"99.9%"`."""


class Freshness(Authored):
    """How old the newest row may be."""

    max_lag_minutes: float | None = None
    """The newest row is at most this many minutes old."""
    max_lag_seconds: float | None = None
    """The newest row is at most this many seconds old."""
    warn_after: Duration | None = None
    """Warn when the newest row is older."""
    error_after: Duration | None = None
    """Fail when the newest row is older."""


class ConnectorSpec(Authored):
    """The Kafka Connect connector that fills a topic."""

    connector: Name | None = None
    """A logical name of the project's `connectors:`."""
    config: dict[str, Any] = {}
    """Settings of the connector, secrets as placeholders."""


class Source(Authored):
    """A stream that others produce and this project reads."""

    name: Name
    """The source's name; no model may have the same."""
    type: SourceType = "kafka_topic"
    """A topic as it is, one that a connector fills, or another system's stream (lineage only)."""
    description: str = ""
    """What the rows are."""
    cluster: Name | None = None
    """The cluster it lies on; left out, the project's default."""
    topic: TopicName | None = None
    """The topic that holds the rows."""
    schema_ref: str | None = None
    """`sr://subject` or `schema_registry:subject`; the snapshot lies in `schemas/`."""
    format: Format | None = None
    """How the rows are written; left out, it follows from the schema."""
    key: ListOf[Name] = ()
    """The columns that the topic is keyed by."""
    owner: Name | None = None
    """Who answers for it: a name of the project's `owners:`."""
    domain: Name | None = None
    """The part of the business it belongs to."""
    tags: ListOf[Name] = ()
    """Free labels, for selectors and policies."""
    region: str | None = None
    """Where its data lies; left out, where its cluster is."""
    pii_tags: MappingOf[ColumnLabel] = {}
    """Columns with personal data: column -> class; a mapping or a list of mappings."""
    columns: tuple[ColumnSpec, ...] = ()
    """What is known of its columns beside the schema."""
    default_classification: Classification | None = None
    """The class of columns that nothing else classifies."""
    event_time: EventTimeSpec | None = None
    """When a row happened."""
    watermark: Duration | None = None
    """How long to wait for late rows; the same as in `event_time`."""
    sla: Sla | None = None
    """What its owner promises."""
    freshness: Freshness | None = None
    """How old its newest row may be."""
    security: SourceSecurity = Field(default_factory=shared(unsaid(SourceSecurity)))
    """What its owner lets others do to it."""
    connect: ConnectorSpec | None = None
    """For sources that a connector fills (`debezium_cdc`, `http`, `mqtt`, `jdbc`, `connector`)."""
    partitions: int | None = Field(default=None, ge=1)
    """How many partitions the topic has."""
    retention: Duration | None = None
    """How long rows are kept."""
    message_class: str | None = None
    """For Protobuf: the Java class of the message, which Flink reads it with."""
    stream: str | None = None
    """The stream's name in Kinesis, Pulsar or RabbitMQ: lineage only."""
    deprecation_date: str | None = None
    """The day it goes away, as `2026-12-31`."""
    meta: Meta = {}
    """Free keys for the team's own tools."""
