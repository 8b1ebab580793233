"""`cdk-stream run`, as a user runs it."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path
from typing import Any

import fastavro
import pytest

from cdk_stream.cli.main import main
from cdk_stream.cli.saves import stamps, watched

ROOT = Path(__file__).parents[3]
Shown = pytest.CaptureFixture[str]


@pytest.fixture
def fraud(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The example, current folder."""
    monkeypatch.setenv("CDK_STREAM_CACHE", str(tmp_path / "cache"))
    folder = tmp_path / "fraud"
    shutil.copytree(ROOT / "examples" / "fraud", folder, ignore=shutil.ignore_patterns("target"))
    monkeypatch.chdir(folder)
    return folder


def ran(shown: Shown, *arguments: str, code: int = 0) -> dict[str, Any]:
    assert main(["run", "--format", "json", *arguments]) == code
    told: dict[str, Any] = json.loads(shown.readouterr().out)
    return told


def test_the_example_runs_at_once_and_leaves_its_rows(fraud: Path, capsys: Shown) -> None:
    told = ran(capsys)
    assert told["passed"]
    events = told["nodes"]["model.card_payments_fraud_events"]
    assert [row["decision"] for row in events["rows"]] == ["ALLOW", "BLOCK", "ALLOW", "BLOCK"]
    written = (fraud / "target/run/model.card_payments_clean.jsonl").read_text().splitlines()
    assert len(written) == 5 and json.loads(written[0])["payment_id"] == "p-1"
    with (fraud / "target/run/fraud_events_warehouse.csv").open() as table:
        assert [row["decision"] for row in csv.DictReader(table)] == [
            "ALLOW",
            "BLOCK",
            "ALLOW",
            "BLOCK",
        ]


def test_a_role_sees_what_the_gateway_shows_it(fraud: Path, capsys: Shown) -> None:
    told = ran(capsys, "--as", "support")["nodes"]
    cards = told["source.card_payments_raw"]
    assert cards["right"] == "unknown"
    assert {row["card_number"] for row in cards["rows"]} == {"*" * 8}
    assert {row["customer_email"] for row in cards["rows"]} == {"*" * 8, None}
    denied = told["model.card_payments_fraud_events"]
    assert (denied["right"], denied["rows"]) == ("denied", [])
    assert (fraud / "target/run/model.card_payments_fraud_events.jsonl").read_text() == ""
    scoring = ran(capsys, "--as", "fraud-engine")["nodes"]["model.card_payments_fraud_events"]
    assert scoring["right"] == "given" and len(scoring["rows"]) == 4


def test_a_role_that_is_not_there_is_told(fraud: Path, capsys: Shown) -> None:
    assert main(["run", "--as", "suport"]) == 2
    assert "did you mean 'support'?" in capsys.readouterr().err


def test_made_up_rows_are_the_same_for_the_same_seed(fraud: Path, capsys: Shown) -> None:
    first, again = (ran(capsys, "--generate", "300", "--seed", "5") for _ in range(2))
    other = ran(capsys, "--generate", "300", "--seed", "6")
    rows = [told["nodes"]["source.card_payments_raw"]["rows"] for told in (first, again, other)]
    assert rows[0] == rows[1] != rows[2]
    events = first["nodes"]["model.card_payments_fraud_events"]["counts"]
    assert events["written"] > 30, "customers of both sources meet"
    clean = first["nodes"]["model.card_payments_clean"]["counts"]
    assert 30 < clean["filtered"] < 270


def convert(fraud: Path, ending: str) -> None:
    """The payments in another kind of file."""
    path = fraud / "samples/card_payments_raw.jsonl"
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    path.unlink()
    target = fraud / f"samples/card_payments_raw{ending}"
    if ending == ".csv":
        with target.open("w", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
        return
    fields = [
        {"name": name, "type": "long" if name == "amount_cents" else ["null", "string"]}
        for name in rows[0]
    ]
    with target.open("wb") as binary:
        fastavro.writer(binary, {"type": "record", "name": "payment", "fields": fields}, rows)


@pytest.mark.parametrize("ending", [".csv", ".avro"])
def test_samples_may_be_csv_or_avro(fraud: Path, capsys: Shown, ending: str) -> None:
    before = ran(capsys)["nodes"]["model.card_payments_fraud_events"]["rows"]
    convert(fraud, ending)
    assert ran(capsys)["nodes"]["model.card_payments_fraud_events"]["rows"] == before


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("customers_cdc.jsonl", b'{"customer_id": "c"}\n{"x"', "customers_cdc.jsonl:2: CS856"),
        ("customers_cdc.jsonl", b"[1]\n", "a row is a JSON object"),
        ("customers_cdc.jsonl", b"\xff\n", "byte 1 is no UTF-8"),
        ("customers_cdc.avro", b"junk", "there are customers_cdc.jsonl and customers_cdc.avro"),
        ("customers_cdc.csv", b"a\n1,2\n", "there are"),
    ],
)
def test_a_file_that_cannot_be_read_is_told(
    fraud: Path, capsys: Shown, name: str, content: bytes, said: str
) -> None:
    (fraud / "samples" / name).write_bytes(content)
    assert main(["run"]) == 1
    told = capsys.readouterr()
    assert said in told.out + told.err


def test_a_broken_avro_file_is_told(fraud: Path, capsys: Shown) -> None:
    (fraud / "samples/customers_cdc.jsonl").unlink()
    (fraud / "samples/customers_cdc.avro").write_bytes(b"junk")
    assert main(["run"]) == 1
    assert "no Avro file" in "".join(capsys.readouterr())


def test_a_source_without_rows_stops_its_readers_only(fraud: Path, capsys: Shown) -> None:
    (fraud / "samples/card_payments_raw.jsonl").unlink()
    told = ran(capsys, code=1)
    assert not told["passed"]
    assert [problem["code"] for problem in told["problems"]] == ["CS853", "CS854", "CS854", "CS854"]
    assert told["nodes"]["model.customer_risk_profile"]["counts"]["written"] == 3


def test_text_shows_what_was_refused(fraud: Path, capsys: Shown) -> None:
    (fraud / "functions/fraud_score.py").unlink()
    assert main(["run", "card_payments_fraud_events"]) == 1
    out = capsys.readouterr().out
    assert (
        "CS850 'card_payments_fraud_events' cannot be run here: the function 'FRAUD_SCORE'" in out
    )


def test_another_run_starts_when_a_sample_changes(fraud: Path) -> None:
    rounds = watched(fraud, pause=0)
    next(rounds)
    before = stamps(fraud)
    with (fraud / "samples/customers_cdc.jsonl").open("a") as file:
        file.write("\n")
    next(rounds)
    assert stamps(fraud) != before
