"""Rulings are remembered for what policies see, and for nothing else."""

from __future__ import annotations

import os
import random
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
import pytest

from cdk_stream.glance import cache_folder
from cdk_stream.policy.rulings import Rulings
from cdk_stream.results.manifest import Manifest
from cdk_stream.results.verdict import Verdict
from cdk_stream.stages.decide import decide
from cdk_stream.workflow.check import check
from cdk_stream.workflow.compile import compile_project
from cdk_stream_policies import UNSEEN, register_policies

ROOT = Path(__file__).parents[3]
PROJECTS = ("examples/fraud", "tests/projects/fraud", "tests/projects/payments")
CLEAN = "models/card_payments_clean.yml"
SAID = "this was remembered"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's project, which a policy denies, checked once; what is remembered is marked."""
    monkeypatch.setenv("CDK_STREAM_CACHE", str(tmp_path / "cache"))
    folder = shutil.copytree(
        ROOT / "examples" / "fraud", tmp_path / "fraud", ignore=shutil.ignore_patterns("target")
    )
    path = folder / "sources" / "customers_cdc.yml"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace("name: risk_band, classification: confidential", "name: risk_band")
    )
    assert messages(check(folder)) != []
    mark(folder)
    return folder


def mark(folder: Path) -> None:
    file = cache_folder(folder) / "rulings.json"
    known = orjson.loads(file.read_bytes())
    for ruling in known["rulings"].values():
        for decision in ruling["decisions"]:
            decision["message"] = SAID
    file.write_bytes(orjson.dumps(known))


def messages(verdict: Verdict) -> list[str]:
    return [one.decision.message for one in verdict.decisions]


def edit(folder: Path, path: str, before: str, after: str) -> None:
    text = (folder / path).read_text(encoding="utf-8")
    assert before in text
    (folder / path).write_text(text.replace(before, after, 1), encoding="utf-8")


def test_an_equal_project_is_not_judged_again(project: Path) -> None:
    assert messages(check(project)) == [SAID]


@pytest.mark.parametrize(
    ("before", "after"),
    [("status IN ('", "status IN ('X', '"), ("description: ", "description: A ")],
)
def test_what_policies_do_not_see_changes_no_ruling(project: Path, before: str, after: str) -> None:
    edit(project, CLEAN, before, after)
    assert messages(check(project)) == [SAID]


def _own_policy(folder: Path) -> None:
    (folder / "policies").mkdir()
    (folder / "policies" / "loose.rego").write_text(
        "# METADATA\n# scope: package\n# title: Nothing is asked\n"
        "# description: Nothing is asked\n# custom:\n#   id: loose\n#   severity: warning\n"
        "#   remediation: none\npackage stream.rules.loose\n\n"
        'deny contains "never" if {\n\tinput.project.name == ""\n}\n',
        encoding="utf-8",
    )


@pytest.mark.parametrize(
    "change",
    [
        lambda folder: edit(folder, CLEAN, "owner: team-payments", "owner: team-fraud"),
        lambda folder: edit(folder, "stream_project.yml", "version: 3", "version: 4"),
        lambda folder: edit(
            folder, "stream_project.yml", "name: fraud\n",
            "name: fraud\npolicies: { levels: { sla: warn } }\n",
        ),
        _own_policy,
        lambda folder: (cache_folder(folder) / "rulings.json").write_bytes(b"{"),
    ],
    ids=["an owner", "a connector", "a level", "a policy of its own", "nothing legible"],
)  # fmt: skip
def test_what_policies_see_is_judged_anew(change: Callable[[Path], Any], project: Path) -> None:
    change(project)
    found = messages(check(project))
    assert found and SAID not in found


def test_another_day_is_judged_anew(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    compiled = compile_project(project)

    rulings = Rulings(compiled.plugins.bundles, project)
    settings = compiled.project.policies
    today, later, tomorrow = (
        rulings.key(compiled.manifest, settings, {"now": f"2026-01-{now}Z"})
        for now in ("01T10:00:00", "01T11:00:00", "02T10:00:00")
    )
    assert today and today == later and today != tomorrow
    assert rulings.key(compiled.manifest, settings, {"now": "2026-01-01", "changes": []}) is None


def test_the_pack_names_nothing_that_it_does_not_see() -> None:
    (pack,) = register_policies()
    names = {part for path in UNSEEN for part in [path.rpartition("/")[2]]}
    for path, whole in pack.modules.items():
        text = re.sub(r"^\s*#.*", "", whole, flags=re.MULTILINE)
        assert not names & set(re.findall(r"\w+", text)), path
        assert "walk(" not in text and "json." not in text and "\\u" not in text, path


@pytest.mark.parametrize("name", PROJECTS)
@pytest.mark.parametrize("filling", [None, "x", [], ["deny"], {"a": 1}, 0])
def test_whatever_stands_there_the_pack_rules_alike(
    name: str, filling: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CDK_STREAM_CACHE", os.fspath(tmp_path / "cache"))
    folder = shutil.copytree(ROOT / name, tmp_path / "project")
    compiled = compile_project(folder)
    bundles = [replace(bundle) for bundle in compiled.plugins.bundles]
    settings, extra = compiled.project.policies, {"now": "2026-01-01T00:00:00Z"}
    plain = decide(compiled.manifest.document(), bundles, settings, extra, folder)
    other = decide(_filled(compiled.manifest, filling), bundles, settings, extra, folder)
    assert other == plain
    assert name == PROJECTS[0] or plain.decisions


@pytest.mark.parametrize("name", PROJECTS)
def test_what_is_remembered_is_what_would_be_ruled(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Over a row of edits of whatever stands in nodes, seen and unseen."""
    monkeypatch.setenv("CDK_STREAM_CACHE", os.fspath(tmp_path / "cache"))
    folder = shutil.copytree(ROOT / name, tmp_path / "project")
    compiled = compile_project(folder)
    bundles, settings = compiled.plugins.bundles, compiled.project.policies
    extra = {"now": "2026-01-01T00:00:00Z"}
    dice = random.Random(name)
    manifest, met = compiled.manifest, 0
    for number in range(25):
        manifest = _edited(manifest, dice)
        rulings = Rulings(bundles, folder)
        key = rulings.key(manifest, settings, extra)
        whole = decide(manifest.document(), bundles, settings, extra, folder)
        found = rulings.recall(key)
        met += found is not None
        if found is None:
            found = decide(rulings.document(key, manifest), bundles, settings, extra, folder)
            rulings.keep(key, found)
        assert found == whole
        anew = Rulings(bundles, tmp_path / str(number))
        sight = anew.document(anew.key(manifest, settings, extra), manifest)
        assert len(sight) < len(manifest.document())
        assert decide(sight, bundles, settings, extra, folder) == whole
    assert met


def _edited(manifest: Manifest, dice: random.Random) -> Manifest:
    """One member of one node, column or artefact taken away, or as it is in another."""
    nodes = {name: orjson.loads(manifest.nodes.fragment(name)) for name in sorted(manifest.nodes)}
    streams = [node for node in nodes.values() if node["kind"] in ("source", "model")]
    node, other = dice.choice(streams), dice.choice(streams)
    if dice.random() < 0.5:
        node, other = (dice.choice(list(one["columns"].values())) for one in (node, other))
    spared = {"id", "kind", "name", "columns", "edges", "origins", "artifacts"}
    member = dice.choice(sorted({*node, *other} - spared))
    if member in other:
        node[member] = other[member]
    else:
        node.pop(member, None)
    fragments = {name: orjson.dumps(content) for name, content in nodes.items()}
    return Manifest(manifest.project, fragments, manifest.parents)


def _filled(manifest: Manifest, filling: Any) -> bytes:
    document = orjson.loads(manifest.document())
    for node in document["nodes"].values():
        for path in UNSEEN:
            name, _, inner = path.partition("/")
            items = (node.get(name) or ()) if inner else [node]
            for item in items.values() if isinstance(items, dict) else items:
                item[inner or name] = filling
    return orjson.dumps(document)
