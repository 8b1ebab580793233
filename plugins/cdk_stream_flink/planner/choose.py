"""Whom to ask: the SQL Gateway that is named, or Flink in this process."""

from __future__ import annotations

from collections.abc import Mapping

from cdk_stream.resources.flink import Flink
from cdk_stream_flink.planner.embedded import EmbeddedPlanner
from cdk_stream_flink.planner.gateway import GatewayPlanner
from cdk_stream_flink.planner.planner import Planner, Unreachable

EMBEDDED = "embedded"


def choose(flink: Flink, addresses: Mapping[str, str]) -> Planner:
    """The planner for a cluster's jobs; raises `Unreachable`."""
    url = addresses.get("sql_gateway") or flink.sql_gateway
    if url is None:
        raise Unreachable("the cluster's Flink names no `sql_gateway:` to ask")
    if url == EMBEDDED:
        return EmbeddedPlanner()
    return GatewayPlanner(url, flink.plan_folder)
