"""The closed list of what can differ; docs/changes.md explains each."""

from __future__ import annotations

from typing import NamedTuple

from cdk_stream.results.change import Aspect, Axis, Category


class Kind(NamedTuple):
    """What an aspect of some code touches, and whether readers downstream notice."""

    axis: Axis
    spreads: bool = True


CODES = {
    # nodes
    "ADDED": Kind("schema", False),
    "REMOVED": Kind("schema"),
    # columns
    "COLUMN_ADDED": Kind("schema"),
    "COLUMN_REMOVED": Kind("schema"),
    "COLUMN_RENAMED": Kind("schema"),
    "TYPE_CHANGED": Kind("schema"),
    "TYPE_UNKNOWN": Kind("schema"),
    "TYPE_WIDENED": Kind("schema"),
    "NULLABLE_TO_REQUIRED": Kind("schema"),
    "REQUIRED_TO_NULLABLE": Kind("schema"),
    "SCHEMA_OPENED": Kind("schema"),
    "SCHEMA_CLOSED": Kind("schema", False),
    "SOURCE_TYPE_CHANGED": Kind("schema"),
    # rows and values
    "EXPRESSION_CHANGED": Kind("meaning"),
    "ORIGIN_CHANGED": Kind("meaning"),
    "LINEAGE_UNKNOWN": Kind("meaning"),
    "QUERY_CHANGED": Kind("meaning"),
    "FILTER_NARROWED": Kind("meaning"),
    "FILTER_WIDENED": Kind("meaning"),
    "FILTER_CHANGED": Kind("meaning"),
    "WINDOW_CHANGED": Kind("meaning"),
    "WINDOW_LENGTHENED": Kind("meaning"),
    "WINDOW_SHORTENED": Kind("meaning"),
    "JOIN_CHANGED": Kind("meaning"),
    "GROUPING_CHANGED": Kind("meaning"),
    "ROWS_CHANGED": Kind("meaning"),
    "INPUT_ADDED": Kind("meaning"),
    "INPUT_REMOVED": Kind("meaning"),
    "KEY_CHANGED": Kind("meaning"),
    "EVENT_TIME_CHANGED": Kind("meaning"),
    "WATERMARK_LENGTHENED": Kind("meaning"),
    "WATERMARK_SHORTENED": Kind("meaning"),
    "IDLE_TIMEOUT_CHANGED": Kind("meaning"),
    "CHANGELOG_CHANGED": Kind("meaning"),
    "FUNCTIONS_CHANGED": Kind("meaning"),
    # what running jobs remember
    "STATE_DRIFT": Kind("state"),
    "STATE_INCOMPATIBLE": Kind("state"),
    "STATE_UNKNOWN": Kind("state"),
    "STATE_PINNED": Kind("state", False),
    "STATE_RESET": Kind("state"),
    "STATE_KEPT": Kind("state"),
    "STATE_TTL_CHANGED": Kind("state"),
    "STATE_POLICY_CHANGED": Kind("state", False),
    # who sees what
    "CLASSIFICATION_RAISED": Kind("security"),
    "CLASSIFICATION_LOWERED": Kind("security"),
    "CLASSIFICATION_LOST": Kind("security"),
    "CLASSIFICATION_GAINED": Kind("security"),
    "DECLASSIFIED": Kind("security"),
    "PERSONAL_DATA_ADDED": Kind("security"),
    "PERSONAL_DATA_REMOVED": Kind("security"),
    "PROTECTION_ADDED": Kind("security"),
    "PROTECTION_REMOVED": Kind("security"),
    "PROTECTION_CHANGED": Kind("security"),
    "PROTECTION_DECLARED": Kind("security", False),
    "ACCESS_CHANGED": Kind("security"),
    "PUBLISHED": Kind("security", False),
    "WITHDRAWN": Kind("security", False),
    "SECURITY_CHANGED": Kind("security"),
    "RESIDENCY_LOOSENED": Kind("security", False),
    "RESIDENCY_TIGHTENED": Kind("security", False),
    "REGION_CHANGED": Kind("security"),
    # where and how it runs
    "CLUSTER_CHANGED": Kind("operation"),
    "TOPIC_CHANGED": Kind("operation"),
    "FORMAT_CHANGED": Kind("operation"),
    "MATERIALIZATION_CHANGED": Kind("operation"),
    "SCHEMA_MOVED": Kind("operation"),
    "PARTITIONS_CHANGED": Kind("operation"),
    "RETENTION_CHANGED": Kind("operation"),
    "SINK_CHANGED": Kind("operation"),
    "SINK_TUNED": Kind("operation"),
    "TOPIC_TUNED": Kind("operation"),
    "ARTIFACT_CHANGED": Kind("operation"),
    "SETTING_CHANGED": Kind("operation"),
    # what was promised
    "CONTRACT_ADDED": Kind("promise", False),
    "CONTRACT_REMOVED": Kind("promise"),
    "CONTRACT_LOOSENED": Kind("promise"),
    "CONTRACT_TIGHTENED": Kind("promise", False),
    "CONTRACT_CHANGED": Kind("promise"),
    "SLA_LOOSENED": Kind("promise"),
    "SLA_TIGHTENED": Kind("promise", False),
    "OWNER_CHANGED": Kind("promise", False),
    "DEPRECATED": Kind("promise"),
    "VERSION_CHANGED": Kind("promise", False),
    "DESCRIBED": Kind("promise", False),
    # tests
    "TEST_REMOVED": Kind("promise", False),
    "TEST_WEAKENED": Kind("promise", False),
    "TEST_TIGHTENED": Kind("promise", False),
    # exposures
    "EXPOSURE_REMOVED": Kind("promise", False),
    "PRODUCER_REMOVED": Kind("promise"),
    "READS_CHANGED": Kind("promise", False),
    "WRITES_CHANGED": Kind("promise"),
    "ACCESS_WIDENED": Kind("security", False),
    "ACCESS_NARROWED": Kind("security", False),
    # the project file
    "PROJECT_CHANGED": Kind("security", False),
    # the files beside it that rule the project
    "POLICY_CHANGED": Kind("security", False),
    "POLICY_TEST_CHANGED": Kind("promise", False),
    "WAIVERS_CHANGED": Kind("security", False),
}


def aspect(
    code: str,
    category: Category,
    message: str,
    *,
    column: str = "",
    mend: str = "",
    new_name: str = "",
) -> Aspect:
    """An aspect whose axis and spread follow from its code."""
    kind = CODES[code]
    return Aspect(code, category, kind.axis, message, column, mend, kind.spreads, new_name=new_name)
