"""How a node that both versions have differs, aspect by aspect."""

from __future__ import annotations

from collections.abc import Iterator

from cdk_stream.results.change import Aspect
from cdk_stream.results.manifest import Node
from cdk_stream.stages.diff.artifacts import artifact_aspects
from cdk_stream.stages.diff.checks import check_aspects
from cdk_stream.stages.diff.codes import aspect
from cdk_stream.stages.diff.columns import column_aspects
from cdk_stream.stages.diff.exposures import exposure_aspects
from cdk_stream.stages.diff.placement import placement_aspects
from cdk_stream.stages.diff.promises import promise_aspects
from cdk_stream.stages.diff.rows import query_aspects, row_aspects
from cdk_stream.stages.diff.security import security_aspects
from cdk_stream.stages.diff.state import Judge, state_aspects

# Where a thing stands, and what follows from the rest of it.
_NOT_MEANT = {
    "artifacts", "delay_ms", "depends_on", "hops", "id", "kind", "name", "path", "physical_topics",
    "pointer", "retention_ms", "sql", "warnings",
}  # fmt: skip
_STREAM_KEYS = {
    "allowed_clusters", "backend", "cel", "changelog", "cluster", "columns", "contract",
    "delivery", "deprecation_date", "description", "domain", "event_time", "features", "filters",
    "fingerprint", "forbidden_sinks", "format", "freshness", "functions", "idle_timeout_ms",
    "influences", "key", "materialized", "meta", "on_state_change", "open", "owner", "partitions",
    "public", "region", "retention", "rows_fingerprint", "schema_ref", "security", "sink", "sla",
    "state_ttl", "tags", "topic", "type", "version", "watermark_ms", "windows",
}  # fmt: skip
_TEST_KEYS = {
    "assertions", "description", "domain", "meta", "model", "on_failure", "owner", "tags", "type",
}  # fmt: skip
_EXPOSURE_KEYS = {
    "access", "columns", "consumer_config", "consumes", "contracts", "description", "domain",
    "freshness", "language", "meta", "owner", "producer_config", "produces", "repo", "role",
    "service_accounts", "sla", "tags", "tool", "training", "type", "url",
}  # fmt: skip


def node_aspects(
    base: Node,
    head: Node,
    base_parents: set[str],
    head_parents: set[str],
    judge: Judge | None = None,
) -> list[Aspect]:
    """Every aspect in which `head` differs from `base`; [] when they mean the same."""
    if head["kind"] == "test":
        return [*check_aspects(base, head), *_settings(base, head, _TEST_KEYS)]
    if head["kind"] == "exposure":
        return [*exposure_aspects(base, head), *_settings(base, head, _EXPOSURE_KEYS)]
    found = [*_inputs(base_parents, head_parents), *column_aspects(base, head)]
    found += row_aspects(base, head)
    found += _openness(base, head)
    found += query_aspects(base, head, found)
    found += state_aspects(base, head, found, judge)
    found += security_aspects(base, head)
    found += placement_aspects(base, head)
    found += promise_aspects(base, head)
    found += _settings(base, head, _STREAM_KEYS)
    return [*found, *artifact_aspects(base, head, found)]


def _inputs(base: set[str], head: set[str]) -> Iterator[Aspect]:
    for node in sorted(head - base):
        yield aspect("INPUT_ADDED", "risky", f"it reads '{node}' as well")
    for node in sorted(base - head):
        yield aspect("INPUT_REMOVED", "breaking", f"it does not read '{node}' any more")


def _openness(base: Node, head: Node) -> Iterator[Aspect]:
    if head.get("open") and not base.get("open"):
        message = "which columns it has is not known any more"
        yield aspect("SCHEMA_OPENED", "breaking", message, mend="give it a schema or columns")
    elif base.get("open") and not head.get("open"):
        yield aspect("SCHEMA_CLOSED", "safe", "its columns are known now")


def _settings(base: Node, head: Node, compared: set[str]) -> Iterator[Aspect]:
    """Keys that nothing above compares: unknown is never treated as fine."""
    for key in sorted((base.keys() | head.keys()) - compared - _NOT_MEANT):
        if base.get(key) != head.get(key):
            message = f"'{key}' is {head.get(key, 'not set')}, it was {base.get(key, 'not set')}"
            yield aspect("SETTING_CHANGED", "breaking", message)
