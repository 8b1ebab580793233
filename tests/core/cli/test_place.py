"""Where paths start, for a person and for a tool."""

from __future__ import annotations

from pathlib import Path

import pytest

from cdk_stream.cli.place import from_here, in_repository


def test_from_the_current_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = tmp_path / "projects" / "fraud"
    project.mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    assert from_here(project) == "projects/fraud/"
    monkeypatch.chdir(project)
    assert from_here(project) == ""
    assert from_here(tmp_path) == ""


@pytest.mark.parametrize("git_is_a_file", [False, True], ids=["clone", "worktree"])
def test_from_the_top_of_the_repository(tmp_path: Path, git_is_a_file: bool) -> None:
    project = tmp_path / "projects" / "fraud"
    project.mkdir(parents=True)
    if git_is_a_file:
        (tmp_path / ".git").write_text("gitdir: elsewhere")
    else:
        (tmp_path / ".git").mkdir()
    assert in_repository(project) == "projects/fraud/"
    assert in_repository(tmp_path) == ""
