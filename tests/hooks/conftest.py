"""Real repositories with projects in them, as developers have."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CLEAN = "models/card_payments_clean.yml"
Git = Callable[..., str]


@pytest.fixture(autouse=True)
def _nobody(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in [name for name in os.environ if name.startswith(("GIT_", "PRE_COMMIT"))]:
        monkeypatch.delenv(name)
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_NAME", "test")
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "test@example.com")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("CDK_STREAM_CACHE", str(tmp_path / "cache"))


@pytest.fixture
def top(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, git: Git) -> Path:
    """A repository with one commit and two projects: at `teams/fraud` and `teams/risk`."""
    folder = tmp_path / "repo"
    for team in ("fraud", "risk"):
        add_project(folder / "teams" / team)
    (folder / "README.md").write_text("# top\n", encoding="utf-8")
    git(folder, "init", "-q", "-b", "main")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "first")
    monkeypatch.chdir(folder)
    return folder


def add_project(folder: Path) -> None:
    shutil.copytree(ROOT / "examples" / "fraud", folder, ignore=shutil.ignore_patterns("target"))


@pytest.fixture
def git() -> Git:
    """`git(directory, "log", ...)` runs the real git and gives its output."""
    return run


def run(directory: Path, *arguments: str, expect: int = 0) -> str:
    done = subprocess.run(
        ("git", *arguments), cwd=directory, check=False, capture_output=True, text=True
    )
    assert done.returncode == expect, done.stdout + done.stderr
    return (done.stdout + done.stderr).strip()


def spoil(path: Path) -> None:
    """Read a column that is not there."""
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("payment_id,", "payment_idd,", 1), encoding="utf-8")
