"""A job -> what its cluster's Flink takes: a script, resources of Kubernetes, or statements."""

from __future__ import annotations

from cdk_stream.plugin.backend import NOTHING, Compiled
from cdk_stream.resources.flink import Flink
from cdk_stream.resources.project import Project
from cdk_stream.results.artifact import Artifact
from cdk_stream.results.stream import Stream
from cdk_stream_flink.job import Job
from cdk_stream_flink.script import job_script
from cdk_stream_flink.targets.confluent import statements, watermark
from cdk_stream_flink.targets.kubernetes import resources


def hand_over(job: Job, project: Project, flink: Flink) -> Compiled:
    """The artefacts of a job that nothing is wrong with."""
    if flink.confluent_cloud is not None and flink.target == "confluent_cloud":
        return statements(job, project, flink.confluent_cloud)
    stream = job.stream
    script = job_script(job, project)
    if flink.kubernetes is not None and flink.target == "kubernetes":
        return resources(job, script, project, flink.kubernetes)
    return Compiled((Artifact("flink_job", stream.name, stream.cluster, stream.id, script),))


def introduce(source: Stream, project: Project, flink: Flink) -> Compiled:
    """What a Flink that keeps its own tables must be told of a source."""
    if flink.confluent_cloud is not None and flink.target == "confluent_cloud":
        return watermark(source, project, flink.confluent_cloud)
    return NOTHING
