"""PyFlink as the planner; CDK_STREAM_PYFLINK names a Python that has the `pyflink` extra."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.real.example import CALL, MODEL, line_of, replace

PYTHON = os.environ.get("CDK_STREAM_PYFLINK", "")
pytestmark = pytest.mark.skipif(not PYTHON, reason="CDK_STREAM_PYFLINK names no Python")


def verify(example: Path, *arguments: str) -> dict[str, Any]:
    command = [PYTHON, "-m", "cdk_stream.cli.main", "verify", "--sql-gateway", "embedded"]
    done = subprocess.run(
        [*command, "--format", "json", *arguments],
        cwd=example,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    document: dict[str, Any] = json.loads(done.stdout)
    return document


def test_the_example_is_taken_and_a_refusal_has_its_place(
    example: Path, strict_jar: Path, score_jar: Path
) -> None:
    taken = verify(example)
    assert taken["passed"] and not taken["problems"]
    assert set(taken["asked"].values()) == {"Flink 2.3.0 in this process"}
    replace(example / "stream_project.yml", str(score_jar), str(strict_jar))
    call = "FRAUD_SCORE(p.currency, p.card_network)"
    replace(example / MODEL, CALL, call)
    (problem,) = verify(example, "card_payments_fraud_events")["problems"]
    assert problem["message"].startswith("Flink 2.3.0 refuses it: ")
    line = line_of(example, call)
    assert problem["location"] == {"path": MODEL, "line": line, "column": 11}
