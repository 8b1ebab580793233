"""Compilation -> what real systems say of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from cdk_stream.plugin.backend import Remark
from cdk_stream.plugin.verification import Made, Verification
from cdk_stream.problems import Problem, Severity, refuse_errors
from cdk_stream.results.manifest import Manifest
from cdk_stream.sql.template import written_at
from cdk_stream.stages.diff import diff
from cdk_stream.stages.infer.model import table_names
from cdk_stream.stages.select import select
from cdk_stream.tree import PROJECT_FILE
from cdk_stream.workflow.check import manifest_at
from cdk_stream.workflow.compile import Compiled, compile_whole


@dataclass(frozen=True, slots=True)
class Verified:
    """The answer of a verification."""

    project: str
    asked: Mapping[str, str]
    """Model id -> who answered; in the order of the graph."""
    unasked: tuple[str, ...]
    """Models that were picked, and that no plugin has anybody to ask about."""
    problems: tuple[Problem, ...]

    def passed(self, strict: bool = False) -> bool:
        """Whether every model that was asked about is taken."""
        told = {problem.severity for problem in self.problems}
        return Severity.ERROR not in told and not (strict and Severity.WARNING in told)


def verify(
    root: Path,
    selectors: Sequence[str],
    exclude: Sequence[str],
    base: str | None,
    addresses: Mapping[str, str],
) -> Verified:
    """Ask about the models picked; with `base`, about those of them whose artefacts differ.

    Raises `Refused` for a project with errors, `Usage` for what does not exist.
    """
    compiled = compile_whole(root)
    refuse_errors(p for p in compiled.compilation.problems if p.severity is Severity.ERROR)
    chosen = _chosen(root, compiled, selectors, exclude, base)
    made = [_made(compiled)[node] for node in chosen]
    answers = compiled.plugins.verify_models(compiled.project, made, addresses) if made else []
    asked = {node: by for answer in answers for node, by in answer.asked.items()}
    return Verified(
        compiled.project.name,
        {node: asked[node] for node in chosen if node in asked},
        tuple(node for node in chosen if node not in asked),
        tuple(_problems(compiled, answers)),
    )


def _chosen(
    root: Path,
    compiled: Compiled,
    selectors: Sequence[str],
    exclude: Sequence[str],
    base: str | None,
) -> list[str]:
    manifest = compiled.manifest
    before = None if base is None else manifest_at(root, base, compiled)
    changes = None if before is None else diff(before, manifest)
    chosen = select(manifest, selectors, exclude, changes)
    models = [node for node in chosen if node.startswith("model.")]
    if before is None:
        return models
    return [node for node in models if _artifacts(before, node) != _artifacts(manifest, node)]


def _artifacts(manifest: Manifest, node: str) -> Any:
    return manifest.nodes[node]["artifacts"] if node in manifest.nodes else None


def _made(compiled: Compiled) -> Mapping[str, Made]:
    return compiled.bench.made or {}


def _problems(compiled: Compiled, answers: Iterable[Verification]) -> Iterable[Problem]:
    found = [
        located(compiled, node, remark) for answer in answers for node, remark in answer.remarks
    ]
    return sorted(dict.fromkeys(found), key=lambda problem: (problem.location, problem.code))


def located(compiled: Compiled, node: str, remark: Remark) -> Problem:
    """A remark at the author's own line; the project file's for no node."""
    bench = compiled.bench
    if not node:
        location = compiled.loader.locate(PROJECT_FILE, remark.pointer)
    else:
        declaration = bench.declaration(node)
        if remark.line:
            remark = _as_written(compiled, node, remark)
        location = bench.place(declaration, remark.pointer, remark.line, remark.column)
    return Problem(location, remark.code, remark.message, remark.mend, remark.severity, node)


def _as_written(compiled: Compiled, node: str, remark: Remark) -> Remark:
    bench = compiled.bench
    splices = _made(compiled)[node].stream.analysis.splices
    names = table_names(bench.uses[node])
    sql, place = bench.declaration(node).sql, (remark.line, remark.column)
    line, column = written_at(sql, names, splices, compiled.project.vars, place)
    return replace(remark, line=line, column=column)
