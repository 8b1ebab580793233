"""Damaged projects are refused in words: no traceback, no hang.

`CDK_STREAM_FUZZ=20000 pytest tests/fuzz` tries that many files in all.
"""

from __future__ import annotations

import os
import random
import time
import traceback
from pathlib import Path

import pytest

from cdk_stream.problems import Refused
from cdk_stream.tree import PROJECT_FILE
from cdk_stream.workflow.compile import compile_tree
from tests.fuzz.mutate import Files, damage
from tests.fuzz.tree import MemoryTree, read_project

ROOT = Path(__file__).parents[2]
USERS = ROOT.parent / "shared" / "projects"
SEEDS = [
    path
    for path in (ROOT / "examples" / "fraud", USERS / "fraud", USERS / "payments")
    if path.is_dir()
]
TOTAL = int(os.environ.get("CDK_STREAM_FUZZ", "1500"))
BATCHES = 10
LIMIT_SECONDS = 2.0


PROJECTS = [read_project(folder) for folder in SEEDS]


def _try(files: Files) -> str:
    """What is wrong with how a project was compiled; empty when it was compiled or refused."""
    started = time.process_time()
    try:
        problems = compile_tree(MemoryTree(files)).compilation.problems
    except Refused as refused:
        problems = refused.problems
    except BaseException:  # whatever it is, it is ours
        return traceback.format_exc(limit=-6)
    seconds = time.process_time() - started
    if seconds > LIMIT_SECONDS:
        return f"took {seconds:.1f} s"
    for problem in problems:
        place = problem.location
        known = place.path in files or place.path in ("", PROJECT_FILE)
        if not known or not problem.message or "\n" in problem.message:
            return f"cannot be read: {problem}"
        lines = files.get(place.path, b"").count(b"\n") + 2
        if place.line > lines:
            return f"points behind the end of its file: {problem}"
    return ""


def _told(files: Files, project: Files) -> str:
    changed = {path: content for path, content in files.items() if project.get(path) != content}
    return "\n".join(f"--- {path}\n{content[:1500]!r}" for path, content in changed.items())


@pytest.mark.parametrize("batch", range(BATCHES))
def test_damaged_projects_are_refused_in_words(batch: int) -> None:
    faults = []
    for number in range(batch, TOTAL, BATCHES):
        random_ = random.Random(number)
        project = random_.choice(PROJECTS)
        files = damage(project, random_)
        wrong = _try(files)
        if wrong:
            faults.append(f"case {number}\n{wrong}\n{_told(files, project)}")
    assert not faults, f"{len(faults)} faults, the first:\n" + "\n\n".join(faults[:3])
