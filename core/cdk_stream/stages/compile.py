"""A placed stream or a granted exposure -> the artefacts of every backend."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cdk_stream.plugin.backend import Backend, Compiled, Remark
from cdk_stream.resources.project import Project
from cdk_stream.results.artifact import Artifact
from cdk_stream.results.stream import Stream

Made = tuple[list[Artifact], list[Remark]]


def compile_stream(stream: Stream, backends: Sequence[Backend], project: Project) -> Made:
    """Ask every backend for its part of a stream, in the order of their names."""
    return _gather([backend.compile(stream, project) for backend in backends])


def grant(
    exposure: Any, inputs: Mapping[str, Stream], backends: Sequence[Backend], project: Project
) -> Made:
    """Ask every backend for what an exposure needs to produce and consume."""
    return _gather([backend.grant(exposure, inputs, project) for backend in backends])


def _gather(parts: list[Compiled]) -> Made:
    artifacts: list[Artifact] = []
    remarks: list[Remark] = []
    for part in parts:
        artifacts.extend(part.artifacts)
        remarks.extend(part.remarks)
    artifacts.sort(key=lambda artifact: (artifact.cluster, artifact.kind, artifact.name))
    return artifacts, remarks
