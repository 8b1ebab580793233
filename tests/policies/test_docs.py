"""What docs/policies.md shows runs as it stands."""

from __future__ import annotations

import re
import runpy
import shlex
import shutil
from pathlib import Path

import pytest
import yaml

from cdk_stream.cli.main import main
from cdk_stream.policy.bundle import project_bundle
from cdk_stream.policy.check import load_policies
from cdk_stream.policy.regorus import Regorus
from cdk_stream.policy.trial import run_tests
from cdk_stream.resources.engine import Opa
from cdk_stream.resources.project import PolicySettings
from cdk_stream.stages.decide import decide
from cdk_stream_policies import register_policies
from tests.policies.manifests import manifest

PAGE = (Path(__file__).parents[2] / "docs" / "policies.md").read_text(encoding="utf-8")
BLOCK = re.compile(r'^```(\w+)(?: title="([^"]+)")?\n(.*?)^```$', re.MULTILINE | re.DOTALL)
BLOCKS = [match.groups() for match in BLOCK.finditer(PAGE)]
FILES = {title: text for _, title, text in BLOCKS if title}
REGO = {title: text for title, text in FILES.items() if title.endswith(".rego")}
EXAMPLE = Path(__file__).parents[2] / "examples" / "fraud"
COMMAND = re.compile(r"^\$ cdk-stream (.*)\n((?:(?!\$ ).*\n)*)", re.MULTILINE)
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
    texts = [text for language, _, text in BLOCKS if language == "yaml"]
    settings = [PolicySettings(**yaml.safe_load(text)["policies"]) for text in texts]
    assert decide(manifest(1).document(), BUNDLES[:1], settings[0], {}).decisions
    assert [one.pinned for one in settings[-1].bundles] == [True]
    assert [one.engine for one in settings[1:-1]] == [
        "opa",
        Opa(opa="/usr/local/bin/opa", timeout="30s"),
        Opa(server="https://opa.acme.test:8181", ca="certs/opa.pem", timeout="30s"),
    ]


def test_the_commands_say_what_is_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    project = tmp_path / "project"
    shutil.copytree(EXAMPLE, project)
    for title, text in REGO.items():
        (project / title).parent.mkdir(exist_ok=True)
        (project / title).write_text(text, encoding="utf-8")
    monkeypatch.setenv("CDK_STREAM_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.chdir(project)
    for language, _, text in BLOCKS:
        for command, shown in COMMAND.findall(text) if language == "console" else ():
            assert main(shlex.split(command)) == 0
            said = capsys.readouterr().out
            assert not shown or said == shown
    assert (project / "policies/fixtures/payments.json").is_file()


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
