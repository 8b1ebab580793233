"""The hook before a commit: what is staged counts, and all of it."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from cdk_stream_hooks import check
from tests.hooks.conftest import CLEAN, Git, spoil

Shown = pytest.CaptureFixture[str]
FRAUD, RISK = Path("teams/fraud"), Path("teams/risk")


def test_projects_in_order_pass(top: Path) -> None:
    assert check.main([]) == 0


def test_an_error_is_told_by_its_path_from_the_top(top: Path, git: Git, capsys: Shown) -> None:
    spoil(top / FRAUD / CLEAN)
    git(top, "add", "-A")
    assert check.main([]) == 1
    said = capsys.readouterr().out
    assert f"\n{FRAUD}/{CLEAN}:14:" in said and " CS411 " in said
    assert said.count(" passed") == 1  # the other project


def test_the_folder_it_runs_in_does_not_matter(
    top: Path, git: Git, capsys: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    spoil(top / FRAUD / CLEAN)
    git(top, "add", "-A")
    monkeypatch.chdir(top / RISK / "models")
    assert check.main([]) == 1
    assert f"\n{FRAUD}/{CLEAN}:" in capsys.readouterr().out


def test_what_is_not_staged_does_not_count(top: Path, git: Git) -> None:
    spoil(top / FRAUD / CLEAN)
    (top / FRAUD / "models" / "half.yml").write_text("models: [\n", encoding="utf-8")
    assert check.main([]) == 0


def test_what_is_staged_counts_though_the_folder_is_mended(top: Path, git: Git) -> None:
    path = top / FRAUD / CLEAN
    whole = path.read_text(encoding="utf-8")
    spoil(path)
    git(top, "add", "-A")
    path.write_text(whole, encoding="utf-8")
    assert check.main([]) == 1
    git(top, "add", "-A")
    assert check.main([]) == 0


def test_a_commit_that_only_deletes_is_looked_at(top: Path, git: Git, capsys: Shown) -> None:
    git(top, "rm", "-q", f"{RISK}/{CLEAN}")
    assert check.main([]) == 1
    assert f"{RISK}/models/card_payments_fraud_events.yml:" in capsys.readouterr().out


def test_a_project_whose_folder_is_gone_is_still_staged(top: Path) -> None:
    shutil.rmtree(top / RISK)
    assert check.main([]) == 0


def test_a_repository_without_a_project_is_told_so(top: Path, git: Git, capsys: Shown) -> None:
    git(top, "rm", "-qr", "teams")
    assert check.main([]) == 2
    assert "no stream_project.yml is staged or committed in this repository" in (
        capsys.readouterr().err
    )


def test_a_merge_conflict_is_told(top: Path, git: Git, capsys: Shown) -> None:
    path = top / FRAUD / CLEAN
    git(top, "checkout", "-q", "-b", "other")
    path.write_text("models: []\n", encoding="utf-8")
    git(top, "commit", "-qam", "other")
    git(top, "checkout", "-q", "main")
    path.write_text("models: [ ]\n", encoding="utf-8")
    git(top, "commit", "-qam", "main")
    git(top, "merge", "-q", "other", expect=1)
    assert check.main([]) == 2
    assert "has a merge conflict" in capsys.readouterr().err


def test_warnings_refuse_when_asked(top: Path, git: Git) -> None:
    with (top / FRAUD / "stream_project.yml").open("a", encoding="utf-8") as project:
        project.write("policies: { levels: { classification: warn } }\n")
    path = top / FRAUD / "sources" / "customers_cdc.yml"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace("name: risk_band, classification: confidential", "name: risk_band")
    )
    git(top, "add", "-A")
    assert check.main([]) == 0
    assert check.main(["--strict"]) == 1


@pytest.fixture
def hooked(top: Path) -> Path:
    """The repository with the hook in `.git/hooks`, as Git itself runs it."""
    hook = top / ".git" / "hooks" / "pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(
        f"#!/bin/sh\nexec '{sys.executable}' -c 'from cdk_stream_hooks.check import main; main()'\n"
    )
    hook.chmod(0o755)
    return top


def test_commit_all_is_judged_by_the_index_that_git_makes_for_it(hooked: Path, git: Git) -> None:
    spoil(hooked / FRAUD / CLEAN)
    assert f"{FRAUD}/{CLEAN}:14:" in git(hooked, "commit", "-q", "-a", "-m", "bad", expect=1)
    git(hooked, "checkout", "-q", FRAUD.as_posix())
    (hooked / FRAUD / "README.md").write_text("# Fraud\n", encoding="utf-8")
    git(hooked, "add", "-N", "teams")
    git(hooked, "commit", "-q", "-a", "-m", "good")


def test_commit_of_a_path_leaves_out_what_else_is_staged(hooked: Path, git: Git) -> None:
    spoil(hooked / FRAUD / CLEAN)
    git(hooked, "add", "-A")
    (hooked / "README.md").write_text("# better\n", encoding="utf-8")
    git(hooked, "commit", "-q", "-m", "good", "--", "README.md")
    git(hooked, "commit", "-q", "-m", "bad", expect=1)
