"""A job -> resources of the Flink Kubernetes Operator."""

from __future__ import annotations

import hashlib
import re
from typing import Any

from cdk_stream.plugin.backend import Compiled, Remark
from cdk_stream.problems import Severity
from cdk_stream.resources.flink import Kubernetes, PodSize
from cdk_stream.resources.project import Project
from cdk_stream.results.artifact import Artifact
from cdk_stream_flink.job import Job
from cdk_stream_flink.version import line_of

Json = dict[str, Any]

_API = "flink.apache.org/v1beta1"
_LONGEST_NAME = 45  # the operator makes longer names of it
_RUNNER = "org.apache.flink.table.runtime.application.SqlDriver"
_FOLDER = "/opt/flink/cdk-stream"
_VOLUME = "cdk-stream-script"
_SAVEPOINTS = ("execution.checkpointing.savepoint-dir", "state.savepoints.dir")


def resources(job: Job, script: str, project: Project, cluster: Kubernetes) -> Compiled:
    """The script for people to read, and the resources that run it."""
    remarks = tuple(_problems(job, script, cluster))
    if remarks:
        return Compiled((), remarks)
    name = _name(f"{project.name}-{job.stream.name}")
    if cluster.session_cluster is not None:
        made = [("flink_session_job", _session_job(job, script, name, project, cluster))]
    else:
        made = [
            ("flink_deployment", _deployment(job, script, name, project, cluster)),
            _held(job, script, name, project, cluster),
        ]
    stream = job.stream
    artifacts = [Artifact("flink_script", stream.name, stream.cluster, stream.id, script)]
    artifacts += [
        Artifact(kind, spec["metadata"]["name"], stream.cluster, stream.id, spec)
        for kind, spec in made
    ]
    return Compiled(tuple(artifacts))


def _problems(job: Job, script: str, cluster: Kubernetes) -> list[Remark]:
    found = []
    if not any(key in job.settings for key in _SAVEPOINTS):
        found.append(
            Remark(
                "CS671",
                f"the operator upgrades '{job.stream.name}' by savepoint, and no folder is named",
                f"add `{_SAVEPOINTS[0]}:` to `clusters.{job.stream.cluster}.flink.properties`",
                Severity.ERROR,
            )
        )
    if not job.release.runs_scripts and cluster.runner is None:
        found.append(
            Remark(
                "CS672",
                "this Flink has no class of its own that runs a script",
                f"add `runner:` to `clusters.{job.stream.cluster}.flink.kubernetes`, or use"
                " Flink 2.0 or newer",
                Severity.ERROR,
            )
        )
    if cluster.session_cluster is not None and "${" in script:
        found.append(
            Remark(
                "CS673",
                f"a session job of '{job.stream.name}' would show its secrets to all who may read"
                " the resource",
                f"leave `session_cluster:` out of `clusters.{job.stream.cluster}.flink.kubernetes`:"
                " a deployment keeps its script in a Secret",
                Severity.ERROR,
            )
        )
    return found


def _deployment(job: Job, script: str, name: str, project: Project, cluster: Kubernetes) -> Json:
    """An application cluster of its own, whose pods find the script in a volume."""
    arguments = ["--scriptUri", f"file://{_FOLDER}/{_file(script)}"]
    return _resource(
        "FlinkDeployment",
        name,
        job,
        project,
        cluster,
        {
            "image": cluster.image,
            "flinkVersion": f"v{line_of(job.flink.version).replace('.', '_')}",
            "serviceAccount": cluster.service_account,
            "flinkConfiguration": _configuration(job),
            "jobManager": {"resource": _size(cluster.job_manager)},
            "taskManager": {"resource": _size(cluster.task_manager)},
            "podTemplate": _pod(name, script),
            "job": _job(job, cluster, arguments),
        },
    )


def _session_job(job: Job, script: str, name: str, project: Project, cluster: Kubernetes) -> Json:
    return _resource(
        "FlinkSessionJob",
        name,
        job,
        project,
        cluster,
        {
            "deploymentName": cluster.session_cluster,
            "flinkConfiguration": _configuration(job),
            "job": _job(job, cluster, ["--script", script]),
        },
    )


def _held(
    job: Job, script: str, name: str, project: Project, cluster: Kubernetes
) -> tuple[str, Json]:
    """What the volume is made of; a Secret when secrets are filled in on the way."""
    kind, key = ("Secret", "stringData") if "${" in script else ("ConfigMap", "data")
    held = _resource(kind, name, job, project, cluster, None)
    held["apiVersion"] = "v1"
    held[key] = {_file(script): script}
    return ("secret" if kind == "Secret" else "config_map"), held


def _job(job: Job, cluster: Kubernetes, arguments: list[str]) -> Json:
    """A new file name for a new script, so that the operator sees that something changed."""
    spec: Json = {
        "args": arguments,
        "parallelism": int(job.settings.get("parallelism.default", "1")),
        "state": "running",
        "upgradeMode": "savepoint",
        "allowNonRestoredState": False,
    }
    if cluster.runner is not None:
        spec["jarURI"] = cluster.runner
    else:
        spec["entryClass"] = _RUNNER
    return spec


def _configuration(job: Job) -> dict[str, str]:
    """Without secrets, which only the script holds."""
    settings = {key: value for key, value in job.settings.items() if "${" not in value}
    return {"pipeline.name": job.name, **settings}


def _size(size: PodSize) -> Json:
    return {"memory": size.memory, "cpu": size.cpu}


def _pod(name: str, script: str) -> Json:
    source = {"secret": {"secretName": name}} if "${" in script else {"configMap": {"name": name}}
    mount = {"name": _VOLUME, "mountPath": _FOLDER, "readOnly": True}
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "spec": {
            "containers": [{"name": "flink-main-container", "volumeMounts": [mount]}],
            "volumes": [{"name": _VOLUME, **source}],
        },
    }


def _resource(
    kind: str, name: str, job: Job, project: Project, cluster: Kubernetes, spec: Json | None
) -> Json:
    metadata = {
        "name": name,
        "namespace": cluster.namespace,
        "labels": {"app.kubernetes.io/managed-by": "cdk-stream"},
        "annotations": {"cdk-stream/project": project.name, "cdk-stream/node": job.stream.id},
    }
    made: Json = {"apiVersion": _API, "kind": kind, "metadata": metadata}
    if spec is not None:
        made["spec"] = spec
    return made


def _name(text: str) -> str:
    """As Kubernetes takes names: small letters, digits and dashes, not too many."""
    name = re.sub(r"[^a-z0-9-]+", "-", text.lower()).strip("-")
    if len(name) <= _LONGEST_NAME and name == text:
        return name
    digest = hashlib.sha256(text.encode()).hexdigest()[:6]
    return f"{name[: _LONGEST_NAME - 7].rstrip('-')}-{digest}"


def _file(script: str) -> str:
    return f"{hashlib.sha256(script.encode()).hexdigest()[:12]}.sql"
