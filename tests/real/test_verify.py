"""`cdk-stream verify` on the real planner."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from cdk_stream.cli.main import main
from tests.real.stubs import Function, function_jar

ROOT = Path(__file__).parents[2]
MODEL = "models/card_payments_fraud_events.yml"
SCORE = "com.acme.fraud.FraudScore"
CALL = "FRAUD_SCORE(p.amount_cents, p.currency, p.card_network, c.risk_band, c.kyc_status)"
ANY_JAR = "s3://acme-artifacts/fraud-udf-1.4.jar"
Shown = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def jar(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return function_jar(tmp_path_factory.mktemp("stubs"), [Function(SCORE, "DOUBLE")])


@pytest.fixture
def project(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, flink: dict[str, str], jar: Path
) -> Path:
    """The example project, current folder, on the real gateway and its release."""
    monkeypatch.setenv("CDK_STREAM_CACHE", str(tmp_path / "cache"))
    folder = tmp_path / "fraud"
    shutil.copytree(ROOT / "examples" / "fraud", folder, ignore=shutil.ignore_patterns("target"))
    settings = folder / "stream_project.yml"
    replace(settings, "http://flink-eu.internal:8083", flink["url"])
    replace(settings, 'version: "2.2"', f'version: "2.3"\n      plan_folder: "{tmp_path.as_uri()}"')
    replace(settings, ANY_JAR, str(jar))
    monkeypatch.chdir(folder)
    return folder


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def verified(capsys: Shown) -> list[dict[str, Any]]:
    main(["verify", "--format", "json"])
    shown = capsys.readouterr()
    problems: list[dict[str, Any]] = json.loads(shown.out)["problems"]
    return problems


def test_the_example_is_taken(project: Path, capsys: Shown) -> None:
    assert main(["verify", "--strict"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("project fraud verified\n2 models planned by Flink 2.3.")
    assert len(list(project.parent.glob("cdk-stream-verify-fraud.*.json"))) == 2


def test_a_plan_of_last_time_is_no_hindrance_and_holds_no_options(project: Path) -> None:
    assert main(["verify"]) == main(["verify"]) == 0
    plans = [path.read_text() for path in project.parent.glob("cdk-stream-verify-fraud.*.json")]
    assert plans and not [plan for plan in plans if "bootstrap.servers" in plan]


@pytest.mark.parametrize(
    ("call", "says", "column"),
    [
        ("UPPER(p.amount_cents)", "Cannot apply 'UPPER' to arguments of type", 11),
        ("FRAUD_SCORE(p.currency, SPLIT_INDEX(p.amount_cents, ',', 0))", "'SPLIT_INDEX'", 35),
    ],
)
def test_what_the_planner_alone_knows_is_told_where_it_stands(
    project: Path, call: str, says: str, column: int, capsys: Shown
) -> None:
    replace(project / MODEL, CALL, call)
    (problem,) = verified(capsys)
    assert problem["code"] == "CS660" and says in problem["message"]
    assert problem["mend"] == "CAST the arguments to a form that is supported"
    assert problem["location"] == {"path": MODEL, "line": line_of(project, call), "column": column}


def line_of(project: Path, words: str) -> int:
    text = (project / MODEL).read_text(encoding="utf-8")
    return text[: text.index(words)].count("\n") + 1


def test_a_class_that_is_not_in_the_jar_is_told_where_it_is_called(
    project: Path, capsys: Shown
) -> None:
    replace(project / "stream_project.yml", SCORE, "com.acme.fraud.Nowhere")
    (problem,) = verified(capsys)
    assert problem["message"].endswith("there is no class 'com.acme.fraud.Nowhere'")
    assert problem["location"] == {"path": MODEL, "line": line_of(project, CALL), "column": 11}


def test_a_jar_that_cannot_be_read_is_told(project: Path, jar: Path, capsys: Shown) -> None:
    replace(project / "stream_project.yml", str(jar), ANY_JAR)
    (problem,) = verified(capsys)
    assert problem["code"] == "CS660" and "SQL Gateway can read it" in problem["mend"]
