"""Every connector there is a table for, by kind and major version."""

from __future__ import annotations

from cdk_stream.problems import near
from cdk_stream.resources.project import Connector
from cdk_stream_connect.capability import Capability
from cdk_stream_connect.kinds import jdbc, snowflake, source, store, warehouse

Versions = dict[int, Capability]
"""Major version -> table; version 0 stands for every one."""

CUSTOM = "custom"
"""The kind of connectors without a table: their keys are passed on as they are."""

SINKS: dict[str, Versions] = {
    "aiven_http": {0: store.HTTP},
    "aiven_jdbc": {0: jdbc.AIVEN},
    "aiven_s3": {0: store.S3},
    "bigquery": {0: warehouse.BIGQUERY},
    "clickhouse": {0: warehouse.CLICKHOUSE},
    "confluent_jdbc": {0: jdbc.CONFLUENT},
    "debezium_jdbc": {2: jdbc.DEBEZIUM_2, 3: jdbc.DEBEZIUM_3},
    "elasticsearch": {0: warehouse.ELASTICSEARCH},
    "file": {0: store.FILE},
    "iceberg": {0: warehouse.ICEBERG},
    "snowflake": {3: snowflake.V3, 4: snowflake.V4},
}
SOURCES: dict[str, Versions] = {
    "aiven_jdbc_source": {0: source.JDBC},
    "debezium_mysql": {0: source.MYSQL},
    "debezium_oracle": {0: source.ORACLE},
    "debezium_postgres": {0: source.POSTGRES},
    "debezium_sqlserver": {0: source.SQLSERVER},
    "http_source": {0: source.HTTP},
    "mqtt_source": {0: source.MQTT},
}
UPSERTING = tuple(
    sorted(kind for kind, versions in SINKS.items() if any(c.upserts for c in versions.values()))
)
"""The kinds of sinks that can replace rows."""


class Unknown(ValueError):
    """There is no table for the connector; `mend` says what there is."""

    def __init__(self, message: str, mend: str) -> None:
        super().__init__(message)
        self.mend = mend


def find(name: str, connector: Connector, known: dict[str, Versions]) -> Capability | None:
    """The table of a connector of the project; None for a custom one, raises `Unknown`."""
    if connector.kind == CUSTOM:
        return None
    versions = known.get(connector.kind)
    if versions is None:
        message = f"the connector '{name}' is of the kind '{connector.kind}', which is not known"
        mend = near(connector.kind, [*known, CUSTOM]) or f"known here: {', '.join(known)}, {CUSTOM}"
        raise Unknown(message, mend)
    if 0 in versions:
        return versions[0]
    if connector.version is None:
        raise Unknown(
            f"the connector '{name}' does not say its version, which changes its keys",
            f"add `version:`, one of {', '.join(map(str, versions))}",
        )
    major = str(connector.version).lstrip("v").split(".")[0]
    found = versions.get(int(major)) if major.isdecimal() else None
    if found is None:
        message = f"version {connector.version} of {connector.kind} is not known"
        raise Unknown(message, f"known here: {', '.join(map(str, versions))}")
    return found
