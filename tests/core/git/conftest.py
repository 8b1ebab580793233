from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Git = Callable[..., str]


@pytest.fixture(autouse=True)
def _nobody(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_NAME", "test")
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "test@example.com")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    """A repository with one commit: a project in `shop/`, and a file beside it."""
    top = tmp_path / "repo"
    project = top / "shop"
    (project / "models").mkdir(parents=True)
    (project / "stream_project.yml").write_text("name: shop\n")
    (project / "models" / "orders.yml").write_text("models: []\n")
    (project / "notes.txt").write_text("not part of the project\n")
    (top / "README.md").write_text("# top\n")
    run(top, "init", "-q", "-b", "main")
    commit(top, "first")
    return top


def run(directory: Path, *arguments: str) -> str:
    done = subprocess.run(
        ("git", *arguments), cwd=directory, check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


def commit(top: Path, message: str) -> str:
    run(top, "add", "-A")
    run(top, "commit", "-q", "--allow-empty", "-m", message)
    return run(top, "rev-parse", "HEAD")


@pytest.fixture
def git() -> Git:
    """`git(directory, "log", ...)` runs the real git and gives its output."""
    return run


@pytest.fixture
def save() -> Callable[[Path, str], str]:
    """`save(top, message)` commits everything and gives the commit's id."""
    return commit
