"""`environments:`, as compiling and checking see them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from cdk_stream.cli.main import main

ROOT = Path(__file__).parents[3]
ENVIRONMENTS = """
environments:
  dev:
    clusters: { prod-eu: { kafka: { bootstrap_servers: "localhost:9092" } } }
    topics: { replication_factor: 1 }
  pr: { ephemeral: true }
  staging: { prefix: "staging." }
"""
Shown = pytest.CaptureFixture[str]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CDK_STREAM_CACHE", str(tmp_path / "cache"))
    folder = tmp_path / "fraud"
    shutil.copytree(ROOT / "examples" / "fraud", folder, ignore=shutil.ignore_patterns("target"))
    monkeypatch.chdir(folder)
    return folder


def declare(project: Path, environments: str = ENVIRONMENTS) -> None:
    with open(project / "stream_project.yml", "a", encoding="utf-8") as file:
        file.write(environments)


def files(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and ".environments" not in path.parts
    }


def test_compiling_without_one_gives_the_same_bytes(project: Path, capsys: Shown) -> None:
    assert main(["compile"]) == 0
    before = files(project / "target")
    declare(project)
    assert main(["compile"]) == 0
    assert files(project / "target") == before
    assert main(["compile", "--environment", "dev"]) == 0
    assert capsys.readouterr().out.endswith("23 artefacts under target/.environments/dev/\n")
    assert files(project / "target") == before
    assert main(["compile", "--full-refresh"]) == 0
    assert files(project / "target") == before
    assert (project / "target" / ".environments" / "dev" / "manifest.json").exists()


def test_settings_are_laid_over(project: Path) -> None:
    declare(project)
    main(["compile", "--environment", "dev"])
    folder = project / "target" / ".environments" / "dev" / "prod-eu"
    topic = json.loads((folder / "topic" / "customer_risk_profile.json").read_text())
    assert topic["spec"]["replicationFactor"] == 1
    job = (folder / "flink_job" / "customer_risk_profile.sql").read_text()
    assert "localhost:9092" in job and "kafka-eu.internal" not in job


def test_every_name_of_an_ephemeral_one_is_its_own(project: Path) -> None:
    declare(project)
    main(["compile", "--environment", "pr-7"])
    folder = project / "target" / ".environments" / "pr-7"
    nodes = json.loads((folder / "manifest.json").read_text())["nodes"]
    assert nodes["model.card_payments_clean"]["topic"] == "pr-7.card_payments_clean"
    assert nodes["model.card_payments_fraud_events"]["topic"] == "pr-7.fraud.events.enriched"
    assert nodes["source.card_payments_raw"]["topic"] == "payments.raw.v1"  # others write it
    connector = json.loads((folder / "prod-eu/connector/fraud_events_warehouse.json").read_text())
    assert connector["name"] == "pr-7.fraud.fraud_events_warehouse"
    assert connector["config"]["topics"] == "pr-7.fraud.events.enriched"
    job = (folder / "prod-eu/flink_job/card_payments_fraud_events.sql").read_text()
    assert "'pipeline.name' = 'pr-7.fraud.card_payments_fraud_events'" in job
    assert "'cdk-pr-7-fraud-card_payments_fraud_events'" in job  # its group and its account
    assert "'topic' = 'pr-7.card_payments_clean'" in job
    main(["compile"])
    shared = files(project / "target").keys() & files_of(folder)
    # files of jobs and connectors are named after their models, but what is in them differs
    assert {name.split("/")[1] for name in shared if "/" in name} <= {
        "acl",
        "connector",
        "flink_job",
        "group",
        "subject_compatibility",
    }


def files_of(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_checking_sees_it(project: Path, capsys: Shown) -> None:
    declare(project)
    assert main(["check", "--environment", "staging"]) == 0
    assert "project staging.fraud passed" in capsys.readouterr().out
    assert main(["check", "--environment", "stagin"]) == 2
    assert "there is no environment 'stagin'" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("environment", "message"),
    [
        ("dev: { protectd: true }", "CS111 unknown key 'protectd'"),
        (
            "dev: { clusters: { prod-eu: { kafka: { bootstrap: x } } } }",
            "CS111 environment 'dev': unknown key 'bootstrap'",
        ),
        (
            "dev: { deploy: { state: { file: a, topic: b } } }",
            "CS113 environment 'dev': write one of file and topic, not both",
        ),
        ("dev: { prefix: 'a b' }", "CS113 'a b' is not a name for 'prefix'"),
    ],
)
def test_what_does_not_fit_is_told_whichever_is_looked_at(
    project: Path, capsys: Shown, environment: str, message: str
) -> None:
    declare(project, f"environments:\n  {environment}\n")
    assert main(["check"]) == 1
    shown = capsys.readouterr().out
    assert message in shown
    line = len((project / "stream_project.yml").read_text().splitlines())
    assert f"stream_project.yml:{line}:" in shown
