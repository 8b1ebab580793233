"""Every Flink model of a project, held against a planner."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

from cdk_stream.plugin.backend import Remark
from cdk_stream.plugin.verification import Made, Verification
from cdk_stream.problems import Severity
from cdk_stream.resources.flink import Flink
from cdk_stream.resources.project import Project
from cdk_stream.results.stream import Stream
from cdk_stream_flink.planner.advice import advice
from cdk_stream_flink.planner.choose import choose
from cdk_stream_flink.planner.planner import Desk, Planner, PlannerRefusal, Unreachable
from cdk_stream_flink.planner.refusal import refused_before, refused_insert
from cdk_stream_flink.script import SCRIPTS
from cdk_stream_flink.statement import split_statements
from cdk_stream_flink.version import line_of

Question = tuple[Stream, str]
"""A model and its script."""


def verify(
    project: Project, models: Sequence[Made], addresses: Mapping[str, str]
) -> Iterator[Verification]:
    """One verification for each cluster with jobs among `models`."""
    by_cluster: dict[str, list[Question]] = {}
    for made in models:
        for artifact in made.artifacts:
            if artifact.kind in SCRIPTS and isinstance(artifact.spec, str):
                found = by_cluster.setdefault(artifact.cluster, [])
                found.append((made.stream, artifact.spec))
    for cluster, questions in by_cluster.items():
        yield _verify_cluster(project, cluster, questions, addresses)


def _verify_cluster(
    project: Project, cluster: str, questions: Sequence[Question], addresses: Mapping[str, str]
) -> Verification:
    flink = project.clusters[cluster].flink
    if flink is None:  # nothing is made for such a cluster
        return Verification()
    try:
        planner = choose(flink, addresses)
    except Unreachable as error:
        pointer = f"/clusters/{cluster}/flink"
        return Verification({}, (("", _silence(error, pointer)),))
    remarks = _other_version(planner, flink, cluster)
    with ThreadPoolExecutor(planner.desks) as pool:
        answers = pool.map(lambda question: _ask(planner, question, project.name), questions)
        for (stream, _), answer in zip(questions, answers, strict=True):
            remarks += [(stream.id, remark) for remark in answer]
    by = f"Flink {planner.version} {planner.place}"
    return Verification({stream.id: by for stream, _ in questions}, tuple(remarks))


def _silence(error: Unreachable, pointer: str) -> Remark:
    return Remark("CS661", str(error), error.mend, Severity.ERROR, pointer)


def _other_version(planner: Planner, flink: Flink, cluster: str) -> list[tuple[str, Remark]]:
    if line_of(flink.version) == line_of(planner.version):
        return []
    message = (
        f"the planner is Flink {planner.version}, and the scripts are written for {flink.version}"
    )
    mend = f'set `version: "{line_of(planner.version)}"`, or ask a planner of {flink.version}'
    pointer = f"/clusters/{cluster}/flink/version"
    return [("", Remark("CS662", message, mend, Severity.WARNING, pointer))]


def _ask(planner: Planner, question: Question, project: str) -> list[Remark]:
    stream, script = question
    *setup, insert = split_statements(script)
    try:
        with planner.desk() as desk:
            return _answer(desk, stream, setup, insert, planner.version, f"{project}.{stream.name}")
    except Unreachable as error:
        return [_silence(error, "")]


def _answer(
    desk: Desk, stream: Stream, setup: Sequence[str], insert: str, version: str, name: str
) -> list[Remark]:
    for statement in setup:
        try:
            desk.execute(statement)
        except PlannerRefusal as refusal:
            return [refused_before(refusal, stream, version)]
    try:
        explained = desk.explain(insert)
        desk.compile_plan(insert, f"cdk-stream-verify-{name}.json")
    except PlannerRefusal as refusal:
        return [refused_insert(refusal, stream, version)]
    return list(advice(explained, setup))
