from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from cdk_stream.git import find_repository
from cdk_stream.problems import Usage

Git = Callable[..., str]
Save = Callable[[Path, str], str]


def test_resolves_branches_and_short_ids(repo: Path, git: Git) -> None:
    commit = git(repo, "rev-parse", "HEAD")
    repository = find_repository(repo / "shop")

    assert {repository.resolve(ref) for ref in ("main", "HEAD", commit[:9], commit)} == {commit}


def test_the_merge_base_is_where_the_branch_left(repo: Path, git: Git, save: Save) -> None:
    fork = git(repo, "rev-parse", "HEAD")
    git(repo, "checkout", "-q", "-b", "feature")
    save(repo, "on the branch")
    git(repo, "checkout", "-q", "main")
    save(repo, "main goes on")

    assert find_repository(repo / "shop").merge_base("main", "feature") == fork


@pytest.mark.parametrize(
    "reference", ["", "-p", "--output=/tmp/x", "main\nHEAD", "--upload-pack=touch x"]
)
def test_a_reference_is_never_an_option(repo: Path, reference: str) -> None:
    with pytest.raises(Usage, match="not the name of a commit"):
        find_repository(repo).resolve(reference)


def test_an_unknown_branch_names_a_near_one(repo: Path) -> None:
    with pytest.raises(Usage, match="no commit 'mian' in this repository\n    did you mean 'main'"):
        find_repository(repo).resolve("mian")


def test_a_branch_that_only_the_remote_has_is_named(repo: Path, tmp_path: Path, git: Git) -> None:
    git(repo, "checkout", "-q", "-b", "release")
    git(tmp_path, "clone", "-q", str(repo), "clone")
    git(tmp_path / "clone", "checkout", "-q", "--detach")
    git(tmp_path / "clone", "branch", "-q", "-D", "release")

    with pytest.raises(Usage, match="did you mean 'origin/main'"):
        find_repository(tmp_path / "clone").resolve("main")


def test_a_shallow_clone_says_how_to_fetch_the_base(
    repo: Path, tmp_path: Path, git: Git, save: Save
) -> None:
    first = git(repo, "rev-parse", "HEAD")
    save(repo, "second")
    git(tmp_path, "clone", "-q", "--depth=1", f"file://{repo}", "shallow")

    with pytest.raises(Usage, match="fetch-depth: 0"):
        find_repository(tmp_path / "shallow").resolve(first)


def test_a_shallow_clone_without_the_fork_says_so(
    repo: Path, tmp_path: Path, git: Git, save: Save
) -> None:
    git(repo, "checkout", "-q", "-b", "feature")
    save(repo, "on the branch")
    git(repo, "checkout", "-q", "main")
    save(repo, "main goes on")
    git(tmp_path, "clone", "-q", "--depth=1", "--no-single-branch", f"file://{repo}", "shallow")

    with pytest.raises(Usage, match="no commit in common here\n    fetch the history"):
        find_repository(tmp_path / "shallow").merge_base("origin/main", "origin/feature")


def test_a_plain_folder_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))

    with pytest.raises(Usage, match="not in a git repository"):
        find_repository(tmp_path)


def test_a_machine_without_git_is_told(repo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")

    with pytest.raises(Usage, match="git is not installed"):
        find_repository(repo)


def test_a_hook_of_another_repository_does_not_lead_astray(
    repo: Path, tmp_path: Path, git: Git, monkeypatch: pytest.MonkeyPatch
) -> None:
    git(tmp_path, "init", "-q", "other")
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "other/.git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(tmp_path / "other"))

    assert find_repository(repo / "shop").prefix == "shop/"


def test_commands_in_the_repositorys_own_settings_do_not_run(repo: Path, git: Git) -> None:
    mark = repo / "ran"
    script = repo / ".git/evil"
    script.write_text(f"#!/bin/sh\ntouch {mark}\n")
    script.chmod(0o755)
    git(repo, "config", "core.fsmonitor", str(script))
    git(repo, "config", "core.pager", str(script))
    repository = find_repository(repo / "shop")

    tree = repository.at("main")
    assert tree is not None
    tree.read(tree.files())
    repository.staged().files()

    assert not mark.exists()
