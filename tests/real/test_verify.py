"""`cdk-stream verify` on the real planner."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cdk_stream.cli.main import main
from tests.real.example import CALL, JAR, MODEL, SCORE, line_of, replace

Shown = pytest.CaptureFixture[str]


def verified(capsys: Shown) -> list[dict[str, Any]]:
    main(["verify", "--format", "json"])
    shown = capsys.readouterr()
    problems: list[dict[str, Any]] = json.loads(shown.out)["problems"]
    return problems


def test_the_example_is_taken(example: Path, capsys: Shown) -> None:
    assert main(["verify", "--strict"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("project fraud verified\n2 models planned by Flink 2.3.")
    assert len(list(example.parent.glob("cdk-stream-verify-fraud.*.json"))) == 2


def test_a_plan_of_last_time_is_no_hindrance_and_holds_no_options(example: Path) -> None:
    assert main(["verify"]) == main(["verify"]) == 0
    plans = [path.read_text() for path in example.parent.glob("cdk-stream-verify-fraud.*.json")]
    assert plans and not [plan for plan in plans if "bootstrap.servers" in plan]


def test_what_the_planner_alone_knows_is_told_where_it_stands(
    example: Path, strict_jar: Path, score_jar: Path, capsys: Shown
) -> None:
    replace(example / "stream_project.yml", str(score_jar), str(strict_jar))
    call = "FRAUD_SCORE(p.currency, p.card_network)"
    replace(example / MODEL, CALL, call)
    (problem,) = verified(capsys)
    assert problem["code"] == "CS660"
    assert "Invalid function call: FRAUD_SCORE(STRING NOT NULL, STRING)" in problem["message"]
    assert "FRAUD_SCORE(arg0 => BIGINT, arg1 => STRING)" in problem["message"]
    assert "mind the number and types" in problem["mend"]
    line = line_of(example, call)
    assert problem["location"] == {"path": MODEL, "line": line, "column": 11}


def test_a_class_that_is_not_in_the_jar_is_told_where_it_is_called(
    example: Path, capsys: Shown
) -> None:
    replace(example / "stream_project.yml", SCORE, "com.acme.fraud.Nowhere")
    (problem,) = verified(capsys)
    assert problem["message"].endswith("there is no class 'com.acme.fraud.Nowhere'")
    assert problem["location"] == {"path": MODEL, "line": line_of(example, CALL), "column": 11}


def test_a_jar_that_cannot_be_read_is_told(example: Path, score_jar: Path, capsys: Shown) -> None:
    replace(example / "stream_project.yml", str(score_jar), JAR)
    (problem,) = verified(capsys)
    assert problem["code"] == "CS660" and "SQL Gateway can read it" in problem["mend"]
