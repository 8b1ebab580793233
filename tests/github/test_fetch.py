"""Commits come as objects: nothing is checked out, no branch moves, the token stays here."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from cdk_stream.plugin.forge import ForgeError
from cdk_stream_github.fetch import fetch
from tests.github.conftest import Opened
from tests.github.double.server import Double


@pytest.fixture
def clone(github: Double, tmp_path: Path) -> Path:
    """What actions/checkout leaves: the base branch, without a remote that may be asked."""
    path = tmp_path / "clone"
    _git(tmp_path, "clone", "--quiet", str(github.world.git.path), str(path))
    _git(path, "remote", "remove", "origin")
    return path


def _git(path: Path, *arguments: str) -> str:
    return subprocess.run(
        ("git", *arguments), cwd=path, check=True, capture_output=True, text=True
    ).stdout.strip()


def test_a_head_of_a_fork_comes_as_objects_only(
    github: Double, reach: Callable[..., Opened], clone: Path
) -> None:
    pull = github.world.open("eve", "topic", {"sitecustomize.py": "boom"}, fork=True)
    before = _git(clone, "for-each-ref"), _git(clone, "status", "--porcelain")
    fetch(reach().environment, str(clone), [pull.base, pull.head])
    assert _git(clone, "show", f"{pull.head}:sitecustomize.py") == "boom"
    assert (_git(clone, "for-each-ref"), _git(clone, "status", "--porcelain")) == before
    assert not (clone / "sitecustomize.py").exists()
    assert not (clone / ".git" / "FETCH_HEAD").exists()


def test_the_commit_that_was_judged_comes_also_after_a_push(
    github: Double, reach: Callable[..., Opened], clone: Path
) -> None:
    pull = github.world.open("ann", "topic", {"a": "1"})
    old = pull.head
    github.world.move(pull, github.world.git.commit({"z": "1"}, (pull.base,), "Z", "a <a>"))
    fetch(reach().environment, str(clone), [old])
    assert _git(clone, "show", f"{old}:a") == "1"


def test_what_is_here_is_not_fetched(
    github: Double, reach: Callable[..., Opened], clone: Path
) -> None:
    fetch(reach().environment, str(clone), [_git(clone, "rev-parse", "HEAD"), ""])
    assert github.count("GET", "git") == 0


def test_a_shallow_clone_gets_its_history(
    github: Double, reach: Callable[..., Opened], tmp_path: Path
) -> None:
    github.world.push("main", {"b": "2"})
    pull = github.world.open("ann", "topic", {"a": "1"})
    shallow = tmp_path / "shallow"
    origin = f"file://{github.world.git.path}"
    _git(tmp_path, "clone", "--quiet", "--depth=1", "--no-tags", origin, str(shallow))
    fetch(reach().environment, str(shallow), [pull.head])
    assert _git(shallow, "rev-list", "--count", pull.head) == "3"


def test_neither_hooks_nor_helpers_of_the_repository_run(
    github: Double, reach: Callable[..., Opened], clone: Path, tmp_path: Path
) -> None:
    pull = github.world.open("ann", "topic", {"a": "1"})
    ran = tmp_path / "ran"
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\ntouch {ran}\n", encoding="utf-8")
    program.chmod(0o755)
    for name in ("reference-transaction", "post-checkout", "pre-auto-gc"):
        (clone / ".git" / "hooks").mkdir(exist_ok=True)
        hook = clone / ".git" / "hooks" / name
        hook.write_text(program.read_text(encoding="utf-8"), encoding="utf-8")
        hook.chmod(0o755)
    for setting in ("core.fsmonitor", "core.askPass", "credential.helper"):
        _git(clone, "config", setting, str(program))
    fetch(reach().environment, str(clone), [pull.head])
    assert not ran.exists()


def test_a_header_that_a_checkout_left_is_not_sent_besides(
    github: Double, reach: Callable[..., Opened], clone: Path
) -> None:
    """GitHub refuses a request with two."""
    pull = github.world.open("ann", "topic", {"a": "1"})
    header = f"http.{github.url}/.extraheader"
    _git(clone, "config", header, "AUTHORIZATION: basic bGVmdDpvdmVy")
    fetch(reach().environment, str(clone), [pull.head])
    assert _git(clone, "cat-file", "-t", pull.head) == "commit"


def test_git_s_environment_does_not_send_the_token_elsewhere(
    github: Double, reach: Callable[..., Opened], clone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pull = github.world.open("ann", "topic", {"a": "1"})
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", "url.http://127.0.0.1:1/.insteadOf")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", github.url)
    fetch(reach().environment, str(clone), [pull.head])
    assert _git(clone, "cat-file", "-t", pull.head) == "commit"


def test_a_commit_that_nobody_has_is_an_error(reach: Callable[..., Opened], clone: Path) -> None:
    with pytest.raises(ForgeError, match=r"git fetch failed: .*not our ref") as caught:
        fetch(reach().environment, str(clone), ["b" * 40])
    assert "'fetch-depth: 0'" in caught.value.mend


@pytest.mark.parametrize("commit", ["main", "--upload-pack=touch x", "refs/heads/main:x", "ABC"])
def test_only_ids_are_fetched(reach: Callable[..., Opened], clone: Path, commit: str) -> None:
    with pytest.raises(ForgeError, match="is no id of a commit"):
        fetch(reach().environment, str(clone), [commit])


def test_a_refused_token_is_an_error_without_it(
    github: Double, reach: Callable[..., Opened], clone: Path
) -> None:
    pull = github.world.open("ann", "topic", {"a": "1"})
    with pytest.raises(ForgeError, match="git fetch failed") as caught:
        fetch(reach("ghs_secret_and_wrong").environment, str(clone), [pull.head])
    assert "ghs_secret" not in f"{caught.value}{caught.value.mend}"


def test_a_folder_that_is_no_repository_is_an_error(
    reach: Callable[..., Opened], tmp_path: Path
) -> None:
    with pytest.raises(ForgeError, match="git rev-parse failed"):
        fetch(reach().environment, os.fspath(tmp_path), ["b" * 40])
