"""Analytical stores: BigQuery, Iceberg, ClickHouse."""

from __future__ import annotations

from cdk_stream_connect.capability import (
    APPEND,
    NO_KEYS,
    Capability,
    To,
    count,
    flag,
    text,
    to_milliseconds,
    topic_to,
)

_DATASET = To("defaultDataset")
BIGQUERY = Capability(
    title="the BigQuery sink",
    connector_class="com.wepay.kafka.connect.bigquery.BigQuerySinkConnector",
    targets=("bigquery_table", "bigquery"),
    keys={
        "project": To("project"),
        "dataset": _DATASET,
        "database": _DATASET,
        "schema": _DATASET,
        "table": To("topic2TableMap", topic_to(":")),
        "flush_interval_sec": To("mergeIntervalMs", to_milliseconds),
        "batch_size": To("mergeRecordsThreshold", count),
        "max_retries": To("bigQueryRetry", count),
        "delete_enabled": To("deleteEnabled", flag),
        "auto_create": To("autoCreateTables", flag),
        "auto_evolve": To("allowNewBigQueryFields", flag),
    },
    connection={
        "project": To("project"),
        "keyfile": To("keyfile"),
        "key_source": To("keySource"),
    },
    native=frozenset(
        {
            "allBQFieldsNullable",
            "allowBigQueryRequiredFieldRelaxation",
            "allowNewBigQueryFields",
            "allowSchemaUnionization",
            "autoCreateTables",
            "bigQueryMessageTimePartitioning",
            "bigQueryPartitionDecorator",
            "bigQueryRetry",
            "bigQueryRetryWait",
            "clusteringPartitionFieldNames",
            "intermediateTableSuffix",
            "kafkaDataFieldName",
            "kafkaKeyFieldName",
            "keySource",
            "mergeIntervalMs",
            "mergeRecordsThreshold",
            "partitionExpirationMs",
            "queueSize",
            "sanitizeFieldNames",
            "sanitizeTopics",
            "threadPoolSize",
            "timePartitioningType",
            "timestampPartitionFieldName",
            "useStorageWriteApi",
        }
    ),
    required=("project", "defaultDataset"),
    modes={
        "INSERT": NO_KEYS,
        "UPSERT": {"upsertEnabled": "true", "kafkaKeyFieldName": "kafka_key"},
    },
    keyed_by="record",
    names_columns=frozenset({"clusteringPartitionFieldNames", "timestampPartitionFieldName"}),
    deletes=("deleteEnabled", "true"),
    needs_schema=True,
    needs_key_fields=True,
)

ICEBERG = Capability(
    title="the Iceberg sink",
    connector_class="org.apache.iceberg.connect.IcebergSinkConnector",
    targets=("iceberg_table", "iceberg"),
    keys={
        "table": To("iceberg.tables"),
        "flush_interval_sec": To("iceberg.control.commit.interval-ms", to_milliseconds),
        "auto_create": To("iceberg.tables.auto-create-enabled", flag),
        "auto_evolve": To("iceberg.tables.evolve-schema-enabled", flag),
        "key_columns": To("iceberg.tables.default-id-columns"),
    },
    connection={
        "catalog_type": To("iceberg.catalog.type"),
        "uri": To("iceberg.catalog.uri"),
        "url": To("iceberg.catalog.uri"),
        "warehouse": To("iceberg.catalog.warehouse"),
        "token": To("iceberg.catalog.token"),
        "credential": To("iceberg.catalog.credential"),
    },
    prefixes=(
        "iceberg.catalog.",
        "iceberg.control.",
        "iceberg.hadoop.",
        "iceberg.kafka.",
        "iceberg.table.",
        "iceberg.tables.",
    ),
    required=("iceberg.tables", "iceberg.catalog.type"),
    lacks={"max_retries": "set 'errors.retry.timeout' in milliseconds"},
    modes=APPEND,
    upsert_mend="read the table through a view that keeps the latest row of each {keys}",
)

CLICKHOUSE = Capability(
    title="the ClickHouse sink",
    connector_class="com.clickhouse.kafka.connect.ClickHouseSinkConnector",
    targets=("clickhouse_table", "clickhouse"),
    keys={
        "database": To("database"),
        "table": To("topic2TableMap", topic_to("=")),
        "flush_interval_sec": To("bufferFlushTime", to_milliseconds),
        "batch_size": To("bufferCount", count),
        "max_retries": To("retryCount", count),
        "auto_evolve": To("auto.evolve", flag),
    },
    connection={
        "host": To("hostname"),
        "port": To("port", count),
        "database": To("database"),
        "user": To("username"),
        "password": To("password"),
        "ssl": To("ssl", flag),
    },
    native=frozenset(
        {
            "bufferCount",
            "bufferFlushTime",
            "bypassRowBinary",
            "clickhouseSettings",
            "exactlyOnce",
            "ignorePartitionsWhenBatching",
            "insertFormat",
            "jdbcConnectionProperties",
            "keeperOnCluster",
            "retryCount",
            "suppressTableExistenceException",
            "tableRefreshInterval",
            "tolerateStateMismatch",
            "zkDatabase",
            "zkPath",
        }
    ),
    required=("hostname",),
    modes=APPEND,
    upsert_mend="make the table a ReplacingMergeTree ordered by {keys}, and read it with FINAL",
)

ELASTICSEARCH = Capability(
    title="the Elasticsearch sink",
    connector_class="io.confluent.connect.elasticsearch.ElasticsearchSinkConnector",
    targets=("elasticsearch_index", "search_index", "elasticsearch"),
    keys={
        "index": To(
            "topic.to.external.resource.mapping",
            topic_to(":"),
            {"external.resource.usage": "INDEX"},
        ),
        "flush_interval_sec": To("linger.ms", to_milliseconds),
        "batch_size": To("batch.size", count),
        "max_retries": To("max.retries", count),
        "retry_backoff_ms": To("retry.backoff.ms", count),
        "delete_enabled": To(
            "behavior.on.null.values", lambda value, _: "delete" if value is True else "ignore"
        ),
    },
    connection={
        "url": To("connection.url", text),
        "user": To("connection.username"),
        "password": To("connection.password"),
    },
    native=frozenset(
        {
            "batch.size",
            "behavior.on.malformed.documents",
            "behavior.on.null.values",
            "compact.map.entries",
            "connection.compression",
            "connection.timeout.ms",
            "drop.invalid.message",
            "external.resource.usage",
            "flush.synchronously",
            "flush.timeout.ms",
            "linger.ms",
            "max.buffered.records",
            "max.in.flight.requests",
            "max.retries",
            "read.timeout.ms",
            "retry.backoff.ms",
            "schema.ignore",
            "topic.to.external.resource.mapping",
        }
    ),
    prefixes=("elastic.https.", "elastic.security.", "data.stream."),
    required=("connection.url",),
    defaults={"schema.ignore": "true"},
    modes={
        "INSERT": {"write.method": "INSERT", "key.ignore": "true"},
        "UPSERT": {"write.method": "UPSERT", "key.ignore": "false"},
    },
    keyed_by="record",
    deletes=("behavior.on.null.values", "delete"),
)
