"""One node -> its entry: classified, placed, and made into artefacts."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from cdk_stream.compiler.impositions import Imposition, asks
from cdk_stream.compiler.workbench import Workbench
from cdk_stream.plugin.verification import Made
from cdk_stream.problems import Severity
from cdk_stream.resources.authoring import reference_name
from cdk_stream.resources.parse import Complaint
from cdk_stream.results.artifact import Artifact
from cdk_stream.results.declaration import Declaration
from cdk_stream.results.entry import Entry
from cdk_stream.results.fragment import (
    as_input,
    exposure_fragment,
    seal,
    stream_fragment,
)
from cdk_stream.results.fragments import fragment
from cdk_stream.results.stream import Stream
from cdk_stream.results.tested import test_fragment
from cdk_stream.stages.attach import check_exposure, check_test
from cdk_stream.stages.compile import compile_stream, grant
from cdk_stream.stages.place import place, settle
from cdk_stream.stages.protect import classify

_LIST_FLINK = "list the plugin 'flink' under `plugins:`"
_ELSEWHERE = ("kinesis", "pulsar", "rabbitmq")


def stream_entry(bench: Workbench, declaration: Declaration, imposed: Imposition) -> Entry:
    """A source or model; it must have been inferred."""
    node_id = declaration.id
    inferred = bench.inferred[node_id]
    stream = inferred.stream
    stream.inputs = {used: bench.input(used) for used in stream.inputs}
    mark = len(bench.problems)
    stream.topic = imposed.topic or stream.topic
    asked = asks(bench, node_id)
    inferred.complaints.extend(classify(stream, imposed.rules, bench.project))
    for complaint, severity in inferred.complaints:
        bench.tell(declaration, complaint, severity)
    for finding in inferred.findings:
        bench.tell_finding(declaration, finding)
    artifacts = _placed(bench, declaration, stream) if _sound(bench, mark) else []
    bench.streams[node_id] = as_input(stream)
    face = bench.faces[node_id]
    problems = tuple(bench.problems[mark:])
    found = bench.uses[node_id]
    if bench.made is not None and stream.kind == "model":
        bench.made[node_id] = Made(stream, tuple(artifacts))
    del bench.inferred[node_id]  # its query and all that was found out about it
    return Entry(
        declaration.path,
        _files(bench, declaration),
        found.ids,
        face=face,
        seal=seal(stream, face),
        fragment=fragment(stream_fragment(stream, artifacts, len(problems))),
        imposes=asked.imposes,
        claims=asked.claims,
        imposed=imposed.digest,
        backend=stream.backend,
        artifacts=len(artifacts),
        problems=problems,
        holds=_held_topic(stream),
    )


def _held_topic(stream: Stream) -> str:
    """The place of the node's own topic; a sink has none, and other systems' streams are none."""
    if stream.materialized in ("sink", *_ELSEWHERE) or not stream.topic:
        return ""
    return f"{stream.cluster}/{stream.topic}"


def _placed(bench: Workbench, declaration: Declaration, stream: Stream) -> list[Artifact]:
    backends = bench.plugins.backends
    if stream.kind == "model":
        placement = bench.placements[stream.id] = place(stream, backends, bench.project)
        if placement.backend is None or placement.offer is None:
            if placement.complaint:
                bench.tell(declaration, placement.complaint)
            return []
        settle(stream, placement.backend, placement.offer)
    artifacts, remarks = compile_stream(stream, backends, bench.project)
    bench.collect(declaration, artifacts, remarks)
    return artifacts


def _sound(bench: Workbench, mark: int) -> bool:
    return all(problem.severity is not Severity.ERROR for problem in bench.problems[mark:])


def _files(bench: Workbench, declaration: Declaration) -> tuple[str, ...]:
    files = [declaration.path]
    if declaration.kind == "source":
        files += bench.snapshots.candidates(declaration.resource.schema_ref)
    elif declaration.resource.sql is None:
        files.append(declaration.sql_path or f"models/{declaration.name}.sql")
    return tuple(files)


def test_entry(bench: Workbench, declaration: Declaration) -> Entry:
    """A test."""
    found = bench.uses[declaration.id]
    mark = len(bench.problems)
    inputs = {used: bench.input(used) for used in found.ids}
    for complaint, severity in check_test(declaration, inputs):
        bench.tell(declaration, complaint, severity)
    model = bench.names.get(reference_name(declaration.resource.model), "")
    artifacts: list[Artifact] = []
    if declaration.resource.continuous and model in inputs and _sound(bench, mark):
        artifacts = _watched(bench, declaration, inputs[model], inputs)
    problems = tuple(bench.problems[mark:])
    made = fragment(test_fragment(declaration, found, model, len(problems), artifacts))
    return Entry(
        declaration.path,
        (declaration.path,),
        found.ids,
        fragment=made,
        artifacts=len(artifacts),
        problems=problems,
    )


def _watched(
    bench: Workbench, declaration: Declaration, model: Stream, inputs: Mapping[str, Stream]
) -> list[Artifact]:
    """The job that watches a test, and what it writes to: compiled as those of a model are."""
    test, project = declaration.resource, bench.project
    watch = bench.plugins.watch_test(test, model, inputs, project)
    if watch is None:
        message = f"no plugin watches '{test.name}'"
        bench.tell(declaration, Complaint("CS677", "/continuous", message, _LIST_FLINK))
        return []
    bench.collect(declaration, [], list(watch.remarks))
    if not watch.sql:
        return []
    watching: Any = importlib.import_module("cdk_stream.plugin.watching")  # few tests ask for it
    stream = watching.violations(test.name, model, watch, project)
    artifacts, remarks = compile_stream(stream, bench.plugins.backends, project)
    bench.collect(declaration, artifacts, [replace(one, pointer="/continuous") for one in remarks])
    return artifacts


def exposure_entry(bench: Workbench, declaration: Declaration) -> Entry:
    """An exposure."""
    found = bench.uses[declaration.id]
    mark = len(bench.problems)
    inputs = {used: bench.input(used) for used in found.ids}
    for complaint, severity in check_exposure(declaration, inputs):
        bench.tell(declaration, complaint, severity)
    artifacts, remarks = grant(declaration.resource, inputs, bench.plugins.backends, bench.project)
    bench.collect(declaration, artifacts, remarks)
    problems = tuple(bench.problems[mark:])
    return Entry(
        declaration.path,
        (declaration.path,),
        found.ids,
        found.produces,
        fragment=fragment(exposure_fragment(declaration, found, artifacts, len(problems))),
        artifacts=len(artifacts),
        problems=problems,
    )
