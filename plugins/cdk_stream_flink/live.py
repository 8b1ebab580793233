"""The live half of the Flink plugin."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from cdk_stream.plugin.live_hookspecs import hookimpl
from cdk_stream.plugin.system import Secrets, System, SystemFailed
from cdk_stream.resources.project import Project
from cdk_stream_flink.deploy.jobmanager import JobManager
from cdk_stream_flink.deploy.jobs import FlinkJobs
from cdk_stream_flink.deploy.start import resolved
from cdk_stream_flink.deploy.upgrade import Flink
from cdk_stream_flink.sql_gateway import open_session


@hookimpl
def connect_systems(project: Project, cluster: str, secrets: Secrets) -> Iterable[System]:
    known = project.clusters.get(cluster)
    flink = known.flink if known is not None else None
    if flink is None or flink.target != "sql_gateway" or flink.sql_gateway is None:
        return []  # an operator, or Confluent Cloud, runs what others hand it
    if flink.jobmanager is None:
        raise SystemFailed(
            f"the cluster '{cluster}' does not say where its JobManager is",
            f"add `jobmanager:` to `clusters.{cluster}.flink`: jobs are stopped and judged there",
        )
    gateway = partial(open_session, resolved(flink.sql_gateway, secrets))
    manager = JobManager(resolved(flink.jobmanager, secrets))
    return [FlinkJobs(cluster, project.name, Flink(manager, gateway, secrets))]
