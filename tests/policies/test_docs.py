"""What docs/policies.md shows runs as it stands."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import pytest
import yaml

from cdk_stream.policy.bundle import project_bundle
from cdk_stream.policy.check import load_policies
from cdk_stream.policy.regorus import Regorus
from cdk_stream.policy.trial import run_tests
from cdk_stream.resources.project import PolicySettings
from cdk_stream.stages.decide import decide
from cdk_stream_policies import register_policies
from tests.policies.manifests import manifest

PAGE = (Path(__file__).parents[2] / "docs" / "policies.md").read_text(encoding="utf-8")
BLOCK = re.compile(r'^```(\w+)(?: title="([^"]+)")?\n(.*?)^```$', re.MULTILINE | re.DOTALL)
BLOCKS = [match.groups() for match in BLOCK.finditer(PAGE)]
FILES = {title: text for _, title, text in BLOCKS if title}
REGO = {title: text for title, text in FILES.items() if title.endswith(".rego")}
BUNDLES = [*register_policies(), project_bundle(REGO)]


def test_the_policy_judges_a_project() -> None:
    found = decide(
        manifest(1).document(), BUNDLES, PolicySettings(), {"now": "2026-01-01T00:00:00Z"}
    )
    assert [
        (decision.policy, decision.effect, decision.message) for decision in found.decisions
    ] == [("domains", "warn", "model 'm0' has no domain")]


def test_its_tests_hold() -> None:
    tests = {title: text for title, text in REGO.items() if title.endswith("_test.rego")}
    trials = run_tests(BUNDLES, tests, Regorus())
    assert [trial.name for trial in trials if not trial.passed] == []
    assert len(trials) == 3


def test_the_runner_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for title, text in FILES.items():
        (tmp_path / title).parent.mkdir(exist_ok=True)
        (tmp_path / title).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    found = runpy.run_path("test_policies.py")
    assert found["tests"].keys() == {"policies/domains_test.rego"}


def test_the_package_registers_its_rego(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "acme_policies"
    folder.mkdir()
    (folder / "__init__.py").write_text(FILES["acme_policies/__init__.py"], encoding="utf-8")
    (folder / "domains.rego").write_text(FILES["policies/domains.rego"], encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    (bundle,) = __import__("acme_policies").register_policies()
    assert list(bundle.modules) == ["acme_policies/domains.rego"]


def test_the_settings_are_settings() -> None:
    (text,) = (text for language, _, text in BLOCKS if language == "yaml")
    settings = PolicySettings(**yaml.safe_load(text)["policies"])
    assert decide(manifest(1).document(), BUNDLES[:1], settings, {}).decisions


def test_every_policy_and_parameter_is_told() -> None:
    for policy in load_policies(BUNDLES[:1], Regorus()):
        anchor = policy.metadata.docs.partition("#")[2]
        heading = (
            f"### {anchor}" if f"### {anchor}\n" in PAGE else f"### {anchor.replace('-', ' ')}"
        )
        section = PAGE.partition(f"{heading}\n")[2].partition("\n##")[0]
        assert section
        told = set(re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE))
        assert told == policy.metadata.params.keys()
