"""`cdk-stream init` makes projects that are green at once."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from cdk_stream import yaml
from cdk_stream.cli.main import main
from cdk_stream.workflow.start import templates

ROOT = Path(__file__).parents[3]
Shown = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CDK_STREAM_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")


def git(folder: Path, *arguments: str) -> None:
    who = ("-c", "user.name=test", "-c", "user.email=test@example.org")
    subprocess.run(("git", *who, *arguments), cwd=folder, check=True, capture_output=True)


@pytest.mark.parametrize("template", ["cdc-clean", "customer-360", "fraud", "kyc"])
def test_a_new_project_is_green_at_once(
    template: str, monkeypatch: pytest.MonkeyPatch, capsys: Shown
) -> None:
    project = Path("shop").resolve()
    project.mkdir()
    git(project, "init", "-q", "-b", "main")
    assert main(["init", "--template", template, "shop"]) == 0
    git(project, "add", ".")
    git(project, "commit", "-q", "-m", "start")
    monkeypatch.chdir(project)
    capsys.readouterr()
    assert main(["check", "--format", "json", "--base", "main"]) == 0
    verdict = json.loads(capsys.readouterr().out)
    assert [one for one in verdict["problems"] if one["severity"] in ("error", "warning")] == []
    assert main(["test", "--format", "json"]) == 0
    tests = json.loads(capsys.readouterr().out)["tests"]
    assert len([one for one in tests if one["kind"] == "unit"]) >= 2
    assert main(["run", "--format", "json"]) == 0
    nodes = json.loads(capsys.readouterr().out)["nodes"]
    assert all(node["rows"] for node in nodes.values()), "the samples reach every model"
    assert main(["format", "--check"]) == 0
    status = subprocess.run(
        ("git", "status", "--porcelain"), cwd=project, check=True, capture_output=True, text=True
    )
    assert status.stdout == "", "what runs write is ignored"


def test_every_template_is_told_and_tried(capsys: Shown) -> None:
    assert templates() == ["cdc-clean", "customer-360", "fraud", "kyc"]
    assert main(["init", "--help"]) == 0
    said = capsys.readouterr().out
    assert all(f"\n  {name} " in said for name in templates())


def test_hooks_and_workflows_are_those_of_the_pages() -> None:
    assert main(["init", "shop"]) == 0
    hooks = yaml.load(Path("shop/.pre-commit-config.yaml").read_bytes(), "x")
    known = yaml.load((ROOT / ".pre-commit-hooks.yaml").read_bytes(), "x")
    (repo,) = hooks["repos"]
    assert {one["id"] for one in repo["hooks"]} <= {one["id"] for one in known}
    page = (ROOT / "docs/how-to/use-the-hooks.md").read_text()
    assert f"repo: {repo['repo']}\n    rev: {repo['rev']}\n" in page
    for path in (ROOT / "examples/workflows").glob("*.yml"):
        assert (Path("shop/.github/workflows") / path.name).read_bytes() == path.read_bytes()
    assert Path("shop/README.md").read_text().startswith("# shop\n")


def test_below_the_top_of_a_repository_there_are_no_hooks(capsys: Shown) -> None:
    git(Path(), "init", "-q")
    assert main(["init", "streams/shop"]) == 0
    assert f"whose top {Path().resolve()}" in capsys.readouterr().out
    assert not Path("streams/shop/.github").exists()
    assert not Path("streams/shop/.pre-commit-config.yaml").exists()


def test_the_current_folder_may_be_made_a_project(capsys: Shown) -> None:
    assert main(["init", "."]) == 0
    assert "  cd " not in capsys.readouterr().out
    assert main(["check"]) == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["full"], "'full' is not empty"),
        (["full/file"], "'full/file' is not empty"),
        (["--template", "kcy", "new"], "did you mean 'kyc'?"),
    ],
)
def test_what_is_there_stays(arguments: list[str], said: str, capsys: Shown) -> None:
    Path("full").mkdir()
    Path("full/file").write_text("mine")
    assert main(["init", *arguments]) == 2
    assert said in capsys.readouterr().err
    assert [path.name for path in Path().rglob("*")] == ["full", "file"]


def test_git_leaves_out_what_is_made_and_what_a_deploy_remembers_here() -> None:
    assert main(["init", "shop"]) == 0
    git(Path("shop"), "init", "-q")
    for made in ("target/manifest.json", ".cdk-stream/default/lease.1"):
        git(Path("shop"), "check-ignore", made)
