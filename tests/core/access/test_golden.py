"""The answers for real projects, whole; CDK_STREAM_WRITE=1 writes them."""

from __future__ import annotations

import csv
import json
import os
import shutil
from pathlib import Path

import pytest

from cdk_stream.cli.main import main
from cdk_stream.report.access import CSV_COLUMNS

ROOT = Path(__file__).parents[3]
GOLDEN = Path(__file__).parent / "golden"
EXAMPLE = ROOT / "examples" / "fraud"
USERS = ROOT / "tests" / "projects"
ASKED = {
    "example_card_number": (EXAMPLE, ["source.card_payments_raw.card_number"]),
    "example_risk_band": (EXAMPLE, ["source.customers_cdc.risk_band"]),
    "example_role": (EXAMPLE, ["--role", "support"]),
    "example_exposure": (EXAMPLE, ["--exposure", "fraud_scoring_service"]),
    "example_principal": (EXAMPLE, ["--principal", "tableau"]),
    "fraud_card_number": (USERS / "fraud", ["source.card_payments_raw.card_number"]),
    "payments_role": (USERS / "payments", ["--role", "fraud-engine"]),
}
Shown = pytest.CaptureFixture[str]


@pytest.fixture
def inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CDK_STREAM_CACHE", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _enter(folder: Path, inside: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(folder, inside / "project", ignore=shutil.ignore_patterns("target"))
    monkeypatch.chdir(inside / "project")


@pytest.mark.parametrize("name", ASKED)
def test_the_answer(
    name: str, inside: Path, monkeypatch: pytest.MonkeyPatch, capsys: Shown
) -> None:
    folder, asked = ASKED[name]
    _enter(folder, inside, monkeypatch)
    assert main(["access", *asked]) == 0
    shown = capsys.readouterr().out
    path = GOLDEN / f"{name}.txt"
    if os.environ.get("CDK_STREAM_WRITE") == "1":
        path.write_text(shown, encoding="utf-8")
    assert shown == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ASKED)
def test_every_format_tells_the_same(
    name: str, inside: Path, monkeypatch: pytest.MonkeyPatch, capsys: Shown
) -> None:
    folder, asked = ASKED[name]
    _enter(folder, inside, monkeypatch)
    assert main(["access", *asked, "--format", "json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["format"] == "cdk-stream/access@1"
    assert main(["access", *asked, "--format", "csv"]) == 0
    header, *rows = csv.reader(capsys.readouterr().out.splitlines())
    assert tuple(header) == CSV_COLUMNS
    assert document["readings"]
    assert [(row[0], row[6], row[12], row[14] == "yes") for row in rows] == [
        (one["who"], one["column"], one["form"], one["certain"]) for one in document["readings"]
    ]


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ([], "name one: MODEL.COLUMN, --role, --principal or --exposure"),
        (["a.b", "--role", "support"], "name one"),
        (["card_payments_raw.card_numbr"], "did you mean 'card_number' or 'card_network'?"),
        (["--role", "suport"], "did you mean 'support'?"),
        (["--principal", "User:bi-readr"], "did you mean 'bi-reader'?"),
        (["--exposure", "fraud_scoring"], "did you mean 'fraud_scoring_service'?"),
    ],
)
def test_what_is_not_there_is_usage(
    asked: list[str],
    message: str,
    inside: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: Shown,
) -> None:
    _enter(EXAMPLE, inside, monkeypatch)
    assert main(["access", *asked]) == 2
    shown = capsys.readouterr()
    assert shown.out == "" and message in shown.err
