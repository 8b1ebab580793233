"""The part of `cdk-stream compile` that compiles."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from cdk_stream.glance import Glance
from cdk_stream.workflow import compile as workflow


def compile_environment(root: Path, environment: str) -> dict[str, Any]:
    """Compile the project as an environment sees it, into a folder of its own."""
    compiled = workflow.compile_environment(root, environment)
    return workflow.summarise(compiled.compilation)


def compile_anew(root: Path, glance: Glance | None) -> dict[str, Any]:
    """Compile the project into its target folder; the summary that a next run may repeat.

    Without a `glance` at it, nothing is remembered of it.
    """
    compiled = workflow.compile_project(
        root, write=True, full_refresh=glance is None, glance=glance
    )
    return workflow.summarise(compiled.compilation)
