"""Relational databases, by the sinks of Debezium, Aiven and Confluent."""

from __future__ import annotations

from cdk_stream_connect.capability import Capability, Keys, To, count, flag, to_milliseconds

_TARGETS = (
    "jdbc_table",
    "postgres_table",
    "postgresql_table",
    "mysql_table",
    "mariadb_table",
    "sqlserver_table",
    "oracle_table",
    "db2_table",
)
_MODES = {mode: {"insert.mode": mode.lower()} for mode in ("INSERT", "UPSERT", "UPDATE")}
_DELETES = ("delete.enabled", "true")
_NO_TIMER = "it flushes by number of rows: set 'batch_size'"

_DEBEZIUM_KEYS: Keys = {
    "batch_size": To("batch.size", count),
    "delete_enabled": To("delete.enabled", flag),
    "auto_evolve": To("schema.evolution", lambda value, _: "basic" if value else "none"),
    "quote_identifiers": To("quote.identifiers", flag),
}
_DEBEZIUM_CONNECTION: Keys = {
    "url": To("connection.url"),
    "user": To("connection.username"),
    "password": To("connection.password"),
}
_DEBEZIUM_NATIVE = frozenset(
    {
        "column.naming.strategy",
        "connection.provider",
        "connection.restart.on.errors",
        "field.exclude.list",
        "field.include.list",
        "quote.identifiers",
        "schema.evolution",
        "truncate.enabled",
        "use.reduction.buffer",
        "use.time.zone",
    }
)
_DEBEZIUM_PREFIXES = ("connection.pool.", "dialect.", "hibernate.")


def _debezium(version: str, table: str, extra: Keys, lacks: dict[str, str]) -> Capability:
    return Capability(
        title=f"the Debezium JDBC sink {version}",
        connector_class="io.debezium.connector.jdbc.JdbcSinkConnector",
        targets=_TARGETS,
        keys=_DEBEZIUM_KEYS | {"table": To(table)} | extra,
        connection=_DEBEZIUM_CONNECTION,
        native=_DEBEZIUM_NATIVE | {to.key for to in extra.values()} | {table},
        prefixes=_DEBEZIUM_PREFIXES,
        required=("connection.url",),
        lacks={"flush_interval_sec": _NO_TIMER} | lacks,
        modes=_MODES,
        keyed_by="columns",
        key_mode="primary.key.mode",
        key_columns="primary.key.fields",
        names_columns=frozenset({"field.exclude.list", "field.include.list"}),
        deletes=_DELETES,
        needs_schema=True,
        reads_envelopes=True,
    )


DEBEZIUM_2 = _debezium(
    "2",
    "table.name.format",
    {},
    {"max_retries": "only version 3 has it: use that, or 'errors.retry.timeout'"},
)
DEBEZIUM_3 = _debezium(
    "3",
    "collection.name.format",
    {
        "max_retries": To("flush.max.retries", count),
        "retry_backoff_ms": To("flush.retry.delay.ms", count),
    },
    {},
)


def _classic(title: str, connector_class: str, native: frozenset[str]) -> Capability:
    return Capability(
        title=title,
        connector_class=connector_class,
        targets=_TARGETS,
        keys={
            "table": To("table.name.format"),
            "batch_size": To("batch.size", count),
            "max_retries": To("max.retries", count),
            "retry_backoff_ms": To("retry.backoff.ms", count),
            "retry_backoff_sec": To("retry.backoff.ms", to_milliseconds),
            "delete_enabled": To("delete.enabled", flag),
            "auto_create": To("auto.create", flag),
            "auto_evolve": To("auto.evolve", flag),
        },
        connection={
            "url": To("connection.url"),
            "user": To("connection.user"),
            "password": To("connection.password"),
        },
        native=native
        | {"auto.create", "auto.evolve", "batch.size", "db.timezone", "dialect.name", "max.retries"}
        | {"retry.backoff.ms", "table.name.format"},
        required=("connection.url",),
        lacks={"flush_interval_sec": _NO_TIMER},
        modes=_MODES,
        keyed_by="columns",
        key_mode="pk.mode",
        key_columns="pk.fields",
        names_columns=frozenset({"fields.whitelist"}),
        deletes=_DELETES,
        needs_schema=True,
    )


AIVEN = _classic(
    "the Aiven JDBC sink",
    "io.aiven.connect.jdbc.JdbcSinkConnector",
    frozenset(
        {
            "fields.whitelist",
            "sql.quote.identifiers",
            "table.name.normalize",
            "topics.to.tables.mapping",
        }
    ),
)
CONFLUENT = _classic(
    "the Confluent JDBC sink",
    "io.confluent.connect.jdbc.JdbcSinkConnector",
    frozenset({"fields.whitelist", "quote.sql.identifiers", "table.types", "trim.sensitive.log"}),
)
