"""What hooks share: one verb for each project of the repository, the worst exit code for all."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from cdk_stream.cli.guard import guarded
from cdk_stream.cli.main import leave, run_verb
from cdk_stream.git.projects import Holdings
from cdk_stream.problems import Usage
from cdk_stream.tree import PROJECT_FILE


def hook(action: Callable[[list[str]], int], argv: Sequence[str] | None) -> int:
    """The exit code of `action`; without `argv` it is the process's own hook, and ends it."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    if argv is not None:
        return guarded(lambda: action(arguments), arguments)
    gc.disable()
    leave(guarded(lambda: action(arguments), arguments))


def projects_of(holdings: Holdings) -> tuple[str, ...]:
    """The repository's projects; Usage when it has none: a hook that looks at nothing misleads."""
    found = holdings.projects()
    if not found:
        raise Usage(
            f"no {PROJECT_FILE} is staged or committed in this repository\n"
            "    git add the project, or take the hook out of .pre-commit-config.yaml"
        )
    return found


def each(
    verb: str, top: Path, projects: Iterable[str], arguments: Sequence[str], *more: str
) -> int:
    """Run a verb for each project, its paths told from the top of the repository."""
    codes = [0]
    if "GIT_INDEX_FILE" in os.environ:  # Git names it from where it started the hook
        os.environ["GIT_INDEX_FILE"] = os.path.abspath(os.environ["GIT_INDEX_FILE"])
    os.chdir(top)
    for project in projects:
        told = [*more, "--project-dir", project or ".", *arguments]
        codes.append(guarded(lambda told=told: run_verb(verb, told), [verb, *told]))  # type: ignore[misc]
    return max(codes)
