"""Compilation -> the files that keep what running jobs remember."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from cdk_stream.plugin.state import StateRecord
from cdk_stream.problems import Problem, Severity, refuse_errors
from cdk_stream.stages.select import select
from cdk_stream.workflow.change import version
from cdk_stream.workflow.compile import Compiled, compile_whole
from cdk_stream.workflow.verify import located


@dataclass(frozen=True, slots=True)
class Recorded:
    """What a planner said, held against the files as they lie there."""

    project: str
    files: Mapping[str, bytes]
    """Path -> what belongs there, where that is not what lies there; b"" for no file at all."""
    kept: tuple[str, ...]
    """The files that are as they must be."""
    problems: tuple[Problem, ...]

    def passed(self) -> bool:
        """Whether everybody who was asked answered."""
        return not any(problem.severity is Severity.ERROR for problem in self.problems)


def record(
    root: Path, selectors: Sequence[str], exclude: Sequence[str], addresses: Mapping[str, str]
) -> Recorded:
    """Ask about the models picked; nothing is written.

    Raises `Refused` for a project with errors, `Usage` for what does not exist.
    """
    compiled = compile_whole(root)
    refuse_errors(p for p in compiled.compilation.problems if p.severity is Severity.ERROR)
    chosen = select(compiled.manifest, selectors, exclude, None)
    made = compiled.bench.made or {}
    models = [made[node] for node in chosen if node in made and node.startswith("model.")]
    answers = compiled.plugins.record_state(compiled.project, models, version(compiled), addresses)
    problems = [
        located(compiled, answer.node, answer.remark)
        for answer in answers
        if answer.remark is not None
    ]
    told = [answer for answer in answers if answer.remark is None]
    return Recorded(
        compiled.project.name,
        {answer.path: answer.content for answer in told if not _lies_there(compiled, answer)},
        tuple(answer.path for answer in told if answer.content and _lies_there(compiled, answer)),
        tuple(problems),
    )


def _lies_there(compiled: Compiled, answer: StateRecord) -> bool:
    loader = compiled.loader
    held = loader.content(answer.path) if answer.path in loader.blobs else b""
    return held == answer.content
