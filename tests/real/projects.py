"""Projects, compiled by the command as a user would."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
PROJECTS = {
    "examples/fraud": ROOT / "examples" / "fraud",
    "fraud": ROOT.parent / "shared" / "projects" / "fraud",
    "payments": ROOT.parent / "shared" / "projects" / "payments",
}
COMMAND = Path(sys.executable).parent / "cdk-stream"


def compiled(name: str, folder: Path) -> Path:
    """The target folder of a project, compiled in `folder`; skips when the project is not here."""
    source = PROJECTS[name]
    if not source.exists():
        pytest.skip(f"there is no {source}")
    shutil.copytree(source, folder / "project", ignore=shutil.ignore_patterns("target"))
    return compile_folder(folder / "project")


def compile_folder(project: Path) -> Path:
    done = subprocess.run(
        [COMMAND, "compile"], cwd=project, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return project / "target"


def artefacts(target: Path, kind: str) -> list[Any]:
    """The JSON documents of one kind, of every cluster."""
    return [json.loads(path.read_text()) for path in sorted(target.glob(f"*/{kind}/*.json"))]
