"""The part of `cdk-stream compile` that compiles."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from cdk_stream.workflow import compile as workflow


def compile_environment(root: Path, environment: str) -> dict[str, Any]:
    """Compile the project as an environment sees it, into a folder of its own."""
    compiled = workflow.compile_environment(root, environment)
    return workflow.summarise(compiled.compilation)


def compile_anew(root: Path, full_refresh: bool) -> dict[str, Any]:
    """Compile the project into its target folder; the summary that a next run may repeat."""
    compiled = workflow.compile_project(root, write=True, full_refresh=full_refresh)
    return workflow.summarise(compiled.compilation)
