"""The how-to shows what is said on the example; CDK_STREAM_WRITE=1 renews it."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

import pytest

from cdk_stream.cli.main import main
from cdk_stream.git import find_repository
from cdk_stream.report.reviewed import render_text
from cdk_stream.testing.forge import FakeForge
from cdk_stream.workflow.prove import prove
from cdk_stream.workflow.records import keep
from tests.core.review.conftest import NOW, World

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "docs" / "how-to" / "approve-a-change.md"
_YAML = re.compile(r'^```yaml title="stream_project.yml"\n(.*?)^```$', re.MULTILINE | re.DOTALL)
_SHOWN = re.compile(r"^```text\n(.*?)```$", re.MULTILINE | re.DOTALL)
_IDS = ("5d0c1f2", "9be4a77", "c31d8e0", "27fa6b1", "e8840d3")


def steady(text: str) -> str:
    """Ids of commits and digests change with the example; what they stand for does not."""
    known: dict[str, str] = {}

    def shown(match: re.Match[str]) -> str:
        return known.setdefault(match[0], _IDS[len(known)])

    text = re.sub(r"sha256:[0-9a-f]+", "sha256:3f7c...", text)
    return re.sub(r"\b(?=[0-9a-f]*\d)[0-9a-f]{7}\b", shown, text)


@pytest.fixture
def example(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """The example with the page's rules on main."""
    monkeypatch.setenv("CDK_STREAM_CACHE", str(tmp_path / "cache"))
    root = tmp_path / "fraud"
    shutil.copytree(ROOT / "examples" / "fraud", root, ignore=shutil.ignore_patterns("target"))
    monkeypatch.chdir(root)
    project = root / "stream_project.yml"
    rules = _YAML.search(PAGE.read_text(encoding="utf-8"))
    assert rules
    text = project.read_text(encoding="utf-8")
    plain = re.sub(r"^governance:\n(?:  .*\n)+", "", text, flags=re.MULTILINE)
    project.write_text(f"{plain}\n{rules[1]}", encoding="utf-8")
    people = {name: "write" for name in ("dana", "eli", "fay", "mia")}
    forge = FakeForge(
        permissions=people,  # type: ignore[arg-type]
        teams={"acme/team-fraud": {"fay"}, "acme/team-crm": {"cleo"}, "acme/platform": {"pia"}},
    )
    world = World(root, forge)
    world.git("init", "--quiet", "--initial-branch=main")
    world.git("add", "--all")
    world.git("commit", "--quiet", "--message", "base")
    world.main = world.git("rev-parse", "HEAD")
    return world


def changed(world: World) -> dict[str, str]:
    """A filter that lets fewer rows pass."""
    path = "models/card_payments_clean.yml"
    text = (world.root / path).read_text(encoding="utf-8")
    assert "status IN ('AUTHORIZED', 'CAPTURED')" in text
    return {path: text.replace("status IN ('AUTHORIZED', 'CAPTURED')", "status = 'CAPTURED'")}


def test_the_page_shows_what_is_said(example: World, capsys: pytest.CaptureFixture[str]) -> None:
    example.number = 11
    change = example.open(changed(example))
    change.review("eli")
    waiting = example.judge(change)
    change.review("dana")
    change.review("fay")
    going = example.judge(change)
    assert (waiting.approvals.gate.state, going.approvals.gate.state) == ("pending", "success")
    example.git("checkout", "--quiet", "--detach", example.main)
    example.git("merge", "--quiet", "--no-ff", "--no-edit", change.facts.head)
    merged = example.git("rev-parse", "HEAD")
    change.change(state="merged", merge_commit=merged)
    example.forge.brought[merged] = [12]
    proof = prove(example.root, example.forge, merged, "main", now=NOW)
    keep(find_repository(example.root), merged, proof.record)
    assert main(["audit", "--exposure", "fraud_analyst_dashboard"]) == 0
    audited = capsys.readouterr().out

    said = iter([render_text(waiting), render_text(going), audited])
    page = PAGE.read_text(encoding="utf-8")
    assert len(_SHOWN.findall(page)) == 3
    renewed = _SHOWN.sub(lambda _: f"```text\n{steady(next(said))}```", page)
    if os.environ.get("CDK_STREAM_WRITE") == "1":
        PAGE.write_text(renewed, encoding="utf-8")
        page = renewed
    assert page == renewed
