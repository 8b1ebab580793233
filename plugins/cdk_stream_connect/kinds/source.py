"""Connectors that fill topics: change data capture, polling, MQTT."""

from __future__ import annotations

from cdk_stream_connect.capability import Capability, Keys, To, count, text, to_milliseconds

_CAPTURE: Keys = {
    "table": To("table.include.list"),
    "tables": To("table.include.list"),
    "snapshot_mode": To("snapshot.mode"),
    "heartbeat_sec": To("heartbeat.interval.ms", to_milliseconds),
    "topic_prefix": To("topic.prefix"),
}
_SCHEMA: Keys = {"schema": To("schema.include.list")}
_DATABASE: Keys = {
    "host": To("database.hostname"),
    "port": To("database.port", count),
    "user": To("database.user"),
    "password": To("database.password"),
}
_PREFIXES = (
    "column.",
    "database.",
    "decimal.handling.",
    "heartbeat.",
    "incremental.snapshot.",
    "message.key.",
    "notification.",
    "publication.",
    "schema.history.",
    "signal.",
    "slot.",
    "snapshot.",
    "table.",
    "time.precision.",
    "tombstones.on.",
    "topic.",
)


def _debezium(
    title: str,
    connector_class: str,
    keys: Keys,
    required: str,
    keeps_history: bool = True,
    native: tuple[str, ...] = (),
) -> Capability:
    return Capability(
        title=title,
        connector_class=f"io.debezium.connector.{connector_class}",
        fills=True,
        keys=_CAPTURE | keys,
        connection=_DATABASE | keys,
        prefixes=_PREFIXES,
        native=frozenset({"max.batch.size", "max.queue.size", "poll.interval.ms", *native}),
        required=("database.hostname", "table.include.list", required),
        keeps_history=keeps_history,
        # A topic of schema changes for no reader: Connect may create none.
        defaults={"include.schema.changes": "false"} if keeps_history else {},
    )


POSTGRES = _debezium(
    "Debezium for PostgreSQL",
    "postgresql.PostgresConnector",
    _SCHEMA
    | {
        "database": To("database.dbname"),
        "slot": To("slot.name"),
        "publication": To("publication.name"),
    },
    "database.dbname",
    keeps_history=False,
    native=("plugin.name",),
)
MYSQL = _debezium(
    "Debezium for MySQL",
    "mysql.MySqlConnector",
    {"database": To("database.include.list"), "server_id": To("database.server.id", count)},
    "database.server.id",
)
SQLSERVER = _debezium(
    "Debezium for SQL Server",
    "sqlserver.SqlServerConnector",
    _SCHEMA | {"database": To("database.names")},
    "database.names",
)
ORACLE = _debezium(
    "Debezium for Oracle",
    "oracle.OracleConnector",
    _SCHEMA | {"database": To("database.dbname")},
    "database.dbname",
)

JDBC = Capability(
    title="the Aiven JDBC source",
    connector_class="io.aiven.connect.jdbc.JdbcSourceConnector",
    fills=True,
    keys={
        "table": To("table.whitelist"),
        "query": To("query"),
        "mode": To("mode"),
        "incrementing_column": To("incrementing.column.name"),
        "timestamp_column": To("timestamp.column.name"),
        "interval_sec": To("poll.interval.ms", to_milliseconds),
    },
    connection={
        "url": To("connection.url"),
        "user": To("connection.user"),
        "password": To("connection.password"),
    },
    native=frozenset(
        {
            "batch.max.rows",
            "catalog.pattern",
            "db.timezone",
            "dialect.name",
            "incrementing.column.name",
            "mode",
            "numeric.mapping",
            "poll.interval.ms",
            "schema.pattern",
            "table.poll.interval.ms",
            "table.types",
            "timestamp.column.name",
            "timestamp.delay.interval.ms",
            "topic.prefix",
            "validate.non.null",
        }
    ),
    required=("connection.url", "mode"),
    defaults={"mode": "bulk", "topic.prefix": "polled."},
)

HTTP = Capability(
    title="the HTTP source",
    connector_class="com.github.castorm.kafka.connect.http.HttpSourceConnector",
    fills=True,
    keys={
        "url": To("http.request.url"),
        "method": To("http.request.method"),
        "params": To("http.request.params"),
        "interval_sec": To("http.timer.interval.millis", to_milliseconds),
        "list_pointer": To("http.response.list.pointer"),
    },
    connection={
        "url": To("http.request.url"),
        "user": To("http.auth.user"),
        "password": To("http.auth.password"),
        "auth_type": To("http.auth.type"),
    },
    prefixes=("http.",),
    required=("http.request.url",),
    topic_key="kafka.topic",
)

MQTT = Capability(
    title="the MQTT source",
    connector_class="io.confluent.connect.mqtt.MqttSourceConnector",
    fills=True,
    keys={
        "mqtt_topics": To("mqtt.topics", text),
        "qos": To("mqtt.qos", count),
        "clean_session": To("mqtt.clean.session.enabled"),
    },
    connection={
        "url": To("mqtt.server.uri"),
        "user": To("mqtt.username"),
        "password": To("mqtt.password"),
    },
    prefixes=("mqtt.",),
    required=("mqtt.server.uri", "mqtt.topics"),
    topic_key="kafka.topic",
)
