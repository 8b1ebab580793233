"""Snowflake's own connector, which appends and never updates."""

from __future__ import annotations

from cdk_stream_connect.capability import APPEND, Capability, Keys, To, count, flag, text, topic_to

_TARGETS = ("snowflake_table", "snowflake")
_VIEW = "read the table through a view that keeps the latest row of each {keys}"
_CONNECTION: Keys = {
    "url": To("snowflake.url.name"),
    "user": To("snowflake.user.name"),
    "role": To("snowflake.role.name"),
    "private_key": To("snowflake.private.key"),
    "private_key_passphrase": To("snowflake.private.key.passphrase"),
    "authenticator": To("snowflake.authenticator"),
    "oauth_client_id": To("snowflake.oauth.client.id"),
    "oauth_client_secret": To("snowflake.oauth.client.secret"),
    "oauth_refresh_token": To("snowflake.oauth.refresh.token"),
    "oauth_token_endpoint": To("snowflake.oauth.token.endpoint"),
}
_DATABASE = To("snowflake.database.name")
_SCHEMA = To("snowflake.schema.name")
_TABLE = To("snowflake.topic2table.map", topic_to(":"))
_KEYS: Keys = {
    "snowflake_database": _DATABASE,
    "database": _DATABASE,
    "snowflake_schema": _SCHEMA,
    "schema": _SCHEMA,
    "snowflake_table": _TABLE,
    "table": _TABLE,
    "role": To("snowflake.role.name"),
    "schematization": To("snowflake.enable.schematization", flag),
    "on_null_values": To("behavior.on.null.values", text),
}
_RETRIES = "it retries by time: set 'errors.retry.timeout' in milliseconds"
_REQUIRED = (
    "snowflake.url.name",
    "snowflake.user.name",
    "snowflake.database.name",
    "snowflake.schema.name",
)
_NATIVE = frozenset(
    {
        "behavior.on.null.values",
        "enable.mdc.logging",
        "jmx",
        "snowflake.enable.schematization",
        "snowflake.metadata.all",
        "snowflake.metadata.createtime",
        "snowflake.metadata.offset.and.partition",
        "snowflake.metadata.topic",
        "snowflake.streaming.client.provider.override.map",
        "snowflake.streaming.max.client.lag",
    }
)

V3 = Capability(
    title="Snowflake 3",
    connector_class="com.snowflake.kafka.connector.SnowflakeSinkConnector",
    targets=_TARGETS,
    keys=_KEYS
    | {
        "flush_interval_sec": To("buffer.flush.time", count),
        "batch_size": To("buffer.count.records", count),
    },
    connection=_CONNECTION,
    native=_NATIVE
    | {
        "buffer.count.records",
        "buffer.flush.time",
        "buffer.size.bytes",
        "snowflake.ingestion.method",
        "snowflake.streaming.enable.single.buffer",
        "snowflake.streaming.max.memory.limit.bytes",
        "snowflake.streaming.iceberg.enabled",
    },
    required=_REQUIRED,
    lacks={"max_retries": _RETRIES},
    modes=APPEND,
    upsert_mend=_VIEW,
)

V4 = Capability(
    title="Snowflake 4",
    connector_class="com.snowflake.kafka.connector.SnowflakeStreamingSinkConnector",
    targets=_TARGETS,
    keys=_KEYS,
    connection=_CONNECTION,
    native=_NATIVE
    | {
        "snowflake.autocreate.table.type",
        "snowflake.streaming.classic.offset.migration",
        "snowflake.validation",
    },
    required=_REQUIRED,
    lacks={
        "max_retries": _RETRIES,
        "flush_interval_sec": "from version 4 on Snowflake itself decides when rows are flushed",
        "batch_size": "from version 4 on Snowflake itself decides when rows are flushed",
    },
    modes=APPEND,
    upsert_mend=_VIEW,
)
