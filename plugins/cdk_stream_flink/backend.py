"""The Flink backend: one SQL script for each model."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from cdk_stream.plugin.backend import NOTHING, Backend, Compiled, Offer, Refusal
from cdk_stream.plugin.change import Version
from cdk_stream.plugin.hookspecs import hookimpl
from cdk_stream.plugin.state import StateRecord
from cdk_stream.plugin.verification import Made, Verification
from cdk_stream.problems import Problem, Severity
from cdk_stream.resources.project import Project
from cdk_stream.results.state import StateChange
from cdk_stream.results.stream import Stream
from cdk_stream_flink.check import check
from cdk_stream_flink.hops import hops
from cdk_stream_flink.job import make_job
from cdk_stream_flink.offer import offer
from cdk_stream_flink.targets.handover import hand_over, introduce
from cdk_stream_flink.version import NEWEST, release


class FlinkBackend:
    """Runs any SQL, with state or without."""

    name = "flink"
    materializations: tuple[str, ...] = ("flink_stream",)

    def offer(self, stream: Stream, project: Project) -> Offer | Refusal:
        return offer(stream, project)

    def compile(self, stream: Stream, project: Project) -> Compiled:
        cluster = project.clusters.get(stream.cluster)
        flink = cluster.flink if cluster is not None else None
        if flink is None:
            return NOTHING
        if stream.kind == "source":
            return introduce(stream, project, flink)
        if stream.backend != self.name:
            return NOTHING
        job = make_job(stream, project, flink, release(flink.version) or NEWEST)
        remarks = tuple(check(job))
        if any(remark.severity is Severity.ERROR for remark in remarks):
            return Compiled((), remarks)
        made = hand_over(job, project, flink)
        return Compiled(made.artifacts, remarks + made.remarks)

    def grant(self, exposure: Any, inputs: Mapping[str, Stream], project: Project) -> Compiled:
        return NOTHING


@hookimpl
def register_backends() -> Iterable[Backend]:
    return [FlinkBackend()]


@hookimpl
def check_project(project: Project, manifest: Mapping[str, Any]) -> Iterable[Problem]:
    return list(hops(manifest))


@hookimpl
def verify_models(
    project: Project, models: Sequence[Made], addresses: Mapping[str, str]
) -> Iterable[Verification]:
    gate: Any = importlib.import_module("cdk_stream_flink.planner.gate")  # compiling needs no HTTP
    return list(gate.verify(project, models, addresses))


@hookimpl
def watch_test(
    test: Any, model: Stream, inputs: Mapping[str, Stream], project: Project
) -> Iterable[Any]:
    query: Any = importlib.import_module("cdk_stream_flink.checks.query")  # few tests ask for it
    return [query.watch(test, model, inputs, project)]


@hookimpl
def compare_state(base: Version, head: Version, node: str) -> Iterable[StateChange]:
    if head.nodes[node].get("backend") != FlinkBackend.name:
        return []
    judge: Any = importlib.import_module("cdk_stream_flink.state.judge")  # compiling has no use
    return [judge.judge(base, head, node)]


@hookimpl
def record_state(
    project: Project, models: Sequence[Made], version: Version, addresses: Mapping[str, str]
) -> Iterable[StateRecord]:
    record: Any = importlib.import_module("cdk_stream_flink.state.record")
    return list(record.record(project, models, version, addresses))
