"""Asks a planner what jobs would remember."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

import orjson

from cdk_stream.plugin.backend import Remark
from cdk_stream.plugin.change import Version
from cdk_stream.plugin.state import StateRecord
from cdk_stream.plugin.verification import Made
from cdk_stream.problems import Severity
from cdk_stream.resources.project import Project
from cdk_stream.results.stream import Stream
from cdk_stream_flink.planner.choose import choose
from cdk_stream_flink.planner.planner import Planner, PlannerRefusal, Unreachable
from cdk_stream_flink.planner.refusal import refused_before, refused_insert
from cdk_stream_flink.script import SCRIPTS
from cdk_stream_flink.state.ledger import Entry, ledger_path, write_entry
from cdk_stream_flink.state.outline import outline
from cdk_stream_flink.state.plan import NoPlan, read_plan
from cdk_stream_flink.state.signature import Signature, signature
from cdk_stream_flink.statement import split_statements

Question = tuple[Stream, str]
"""A model and its script."""


def record(
    project: Project, models: Sequence[Made], version: Version, addresses: Mapping[str, str]
) -> Iterator[StateRecord]:
    """The ledger's file for each model with a job; "" in it for a job without state."""
    by_cluster: dict[str, list[Question]] = {}
    for made in models:
        for artifact in made.artifacts:
            if artifact.kind in SCRIPTS and isinstance(artifact.spec, str):
                found = by_cluster.setdefault(artifact.cluster, [])
                found.append((made.stream, artifact.spec))
    for cluster, questions in by_cluster.items():
        yield from _of_cluster(project, cluster, questions, version, addresses)


def _of_cluster(
    project: Project,
    cluster: str,
    questions: Sequence[Question],
    version: Version,
    addresses: Mapping[str, str],
) -> Iterator[StateRecord]:
    flink = project.clusters[cluster].flink
    if flink is None:  # nothing is made for such a cluster
        return
    try:
        planner = choose(flink, addresses)
    except Unreachable as error:
        pointer = f"/clusters/{cluster}/flink"
        remark = Remark("CS661", str(error), error.mend, Severity.ERROR, pointer)
        yield StateRecord("", remark=remark)
        return
    with ThreadPoolExecutor(planner.desks) as pool:
        yield from pool.map(lambda asked: _ask(planner, asked, version, project.name), questions)


def _ask(planner: Planner, question: Question, version: Version, project: str) -> StateRecord:
    stream, script = question
    path = ledger_path(stream.name)
    try:
        plan = _plan(planner, stream, script, f"cdk-stream-state-{project}.{stream.name}.json")
        return StateRecord(stream.id, path, _content(stream, plan, version))
    except _Refused as refused:
        return StateRecord(stream.id, path, remark=refused.remark)


class _Refused(Exception):
    def __init__(self, remark: Remark) -> None:
        super().__init__(remark.message)
        self.remark = remark


def _plan(planner: Planner, stream: Stream, script: str, name: str) -> str:
    *setup, insert = split_statements(script)
    try:
        with planner.desk() as desk:
            for statement in setup:
                try:
                    desk.execute(statement)
                except PlannerRefusal as refusal:
                    raise _Refused(refused_before(refusal, stream, planner.version)) from refusal
            return desk.compile_plan(insert, name)
    except PlannerRefusal as refusal:
        raise _Refused(refused_insert(refusal, stream, planner.version)) from refusal
    except Unreachable as error:
        raise _Refused(Remark("CS661", str(error), error.mend, Severity.ERROR)) from error


def _content(stream: Stream, plan: str, version: Version) -> bytes:
    if not plan:
        message = "the gateway wrote the plan where it cannot be read from here"
        mend = (
            "name a folder that both see under `flink: plan_folder:`, or use --sql-gateway embedded"
        )
        raise _Refused(Remark("CS822", message, mend, Severity.ERROR))
    now = outline(version, stream.id)
    if now is None:
        message = "the query is not understood, and what is recorded could not be held against it"
        raise _Refused(Remark("CS823", message, "write it in other words", Severity.ERROR, "/sql"))
    found = _signature(plan)
    return write_entry(stream.name, Entry(now.digest, found)) if found.operators else b""


def _signature(plan: str) -> Signature:
    try:
        return signature(read_plan(orjson.loads(plan)))
    except (NoPlan, orjson.JSONDecodeError) as error:
        mend = "tell the authors of cdk-stream, with the query and Flink's version"
        message = f"the planner's plan is not understood: {error}"
        raise _Refused(Remark("CS823", message, mend, Severity.ERROR)) from error
