"""`cdk-stream review` as a person runs it, against GitHub."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from cdk_stream.cli.main import main
from tests.github.gate.conftest import BROKEN, CONTEXT, Gate

Shown = pytest.CaptureFixture[str]


@pytest.fixture
def here(gate: Gate, monkeypatch: pytest.MonkeyPatch) -> Gate:
    for variable, value in gate.github.environ("ghs_actions").items():
        monkeypatch.setenv(variable, value)
    monkeypatch.chdir(gate.workspace)
    return gate


def test_a_dry_run_says_everything_and_writes_nothing(here: Gate, capfd: Shown) -> None:
    pull = here.open(BROKEN)
    here.approve(pull, "ana")

    assert main(["review", "--pull-request", str(pull.number), "--dry-run"]) == 0

    shown = capfd.readouterr().out
    assert f"pull request #{pull.number} (" in shown
    assert "pending, waiting for team-billing\n" in shown
    assert "approved  team-shop\n" in shown
    assert not here.state(pull)
    assert here.comments() == []


def test_a_review_writes_its_record_and_reports(here: Gate, capfd: Shown, tmp_path: Path) -> None:
    pull = here.open(BROKEN)
    here.approve(pull, "ana", "bea")
    record, page = tmp_path / "records" / "a.json", tmp_path / "page.md"
    options = ["--record", str(record), "--also", f"markdown={page}", "--format", "json"]

    assert main(["review", "--pull-request", str(pull.number), *options]) == 0

    told = json.loads(capfd.readouterr().out)
    assert (told["state"], told["format"]) == ("success", "cdk-stream/review@1")
    assert told["record"] == json.loads(record.read_bytes())["digest"]
    assert here.state(pull, CONTEXT) == "success"
    assert "team-billing" in page.read_text(encoding="utf-8")
    assert main(["audit", "--records", str(tmp_path / "records"), "--person", "bea"]) == 0
    assert "approved by bea" in capfd.readouterr().out


def test_a_merged_commit_is_proved_and_kept(here: Gate, capfd: Shown) -> None:
    world = here.github.world
    pull = here.open(BROKEN)
    here.approve(pull, "ana")
    commit = world.merge(pull)
    options = ["review", "--merged", commit, "--branch", "main", "--keep"]
    _fetch(here)

    assert main(options) == 1
    assert "pending, waiting for team-billing" in capfd.readouterr().out
    here.approve(pull, "bea")
    assert main(options) == 0
    assert main(["audit", "--person", "bea"]) == 0
    assert f"merged as {commit[:7]}" in capfd.readouterr().out


def test_glass_is_broken_with_an_untouched_review(here: Gate, capfd: Shown) -> None:
    world = here.github.world
    project = Path("stream_project.yml").read_text(encoding="utf-8")
    rules = 'owners: [platform]\n  break_glass: { people: ["@mia"] }'
    world.push("main", {"stream_project.yml": project.replace("owners: [platform]", rules)})
    pull = here.open(BROKEN)
    given = world.review(pull, "mia", body="break-glass: payments are down")

    assert main(["review", "--pull-request", str(pull.number), "--dry-run"]) == 0
    assert "success, mia broke the glass: payments are down" in capfd.readouterr().out

    given["edited_at"] = "2026-01-06T09:00:00Z"
    assert main(["review", "--pull-request", str(pull.number), "--dry-run"]) == 0
    assert "may have been edited since; approve once more" in capfd.readouterr().out


@pytest.mark.parametrize("options", [["--pull-request", "999"], ["--merged", "HEAD"]])
def test_what_github_does_not_know_is_refused(here: Gate, capfd: Shown, options: list[str]) -> None:
    assert main(["review", *options]) == 1
    assert "CS90" in capfd.readouterr().err


def _fetch(gate: Gate) -> None:
    """As the workflow of a deploy has what was merged."""
    origin = str(gate.github.world.git.path)
    subprocess.run(("git", "fetch", "--quiet", origin, "main"), cwd=gate.workspace, check=True)
