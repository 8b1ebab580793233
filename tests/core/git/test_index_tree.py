from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from cdk_stream.git import find_repository
from cdk_stream.problems import Usage

Git = Callable[..., str]
Save = Callable[[Path, str], str]


def test_what_is_staged_counts_not_what_lies_in_the_folder(repo: Path, git: Git) -> None:
    model = repo / "shop/models/orders.yml"
    model.write_text("models: [staged]\n")
    git(repo, "add", "shop")
    model.write_text("models: [not staged]\n")
    (repo / "shop/models/new.yml").write_text("")

    tree = find_repository(repo / "shop").staged()

    assert set(tree.files()) == {"models/orders.yml", "stream_project.yml"}
    assert tree.read(["models/orders.yml"]) == {"models/orders.yml": b"models: [staged]\n"}


def test_a_partial_commit_has_an_index_of_its_own(
    repo: Path, git: Git, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`git commit FILE` gives its hooks another index in GIT_INDEX_FILE."""
    shutil.copy(repo / ".git/index", repo / ".git/next-index-1.lock")
    (repo / "shop/models/new.yml").write_text("")
    git(repo, "add", "shop")
    monkeypatch.chdir(repo)
    monkeypatch.setenv("GIT_INDEX_FILE", ".git/next-index-1.lock")

    assert "models/new.yml" not in find_repository(repo / "shop").staged().files()


def test_an_index_of_another_repository_is_not_looked_at(
    repo: Path, tmp_path: Path, git: Git, monkeypatch: pytest.MonkeyPatch
) -> None:
    git(tmp_path, "init", "-q", "other")
    monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "other/.git/index"))

    assert "stream_project.yml" in find_repository(repo / "shop").staged().files()


def test_a_merge_conflict_is_refused(repo: Path, git: Git, save: Save) -> None:
    model = repo / "shop/models/orders.yml"
    git(repo, "checkout", "-q", "-b", "feature")
    model.write_text("models: [ours]\n")
    save(repo, "ours")
    git(repo, "checkout", "-q", "main")
    model.write_text("models: [theirs]\n")
    save(repo, "theirs")
    with pytest.raises(Exception, match="merge"):
        git(repo, "merge", "-q", "feature")

    with pytest.raises(Usage, match=r"'models/orders\.yml' has a merge conflict"):
        find_repository(repo / "shop").staged()
