"""`cdk-stream test --compare`: a version that makes other rows is told, and fails."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdk_stream.cli.main import main
from cdk_stream.run.shifts import kolmogorov_smirnov

Shown = pytest.CaptureFixture[str]


@pytest.fixture
def committed(shop: Path) -> Path:
    rows = "".join(f"i{n},x,{n},{n / 10},2026-01-01 10:00:{n:02d}\n" for n in range(1, 41))
    (shop / "samples").mkdir()
    (shop / "samples/orders.csv").write_text("id,customer,cents,rate,paid_on\n" + rows)
    (shop / "samples/customers.csv").write_text("id,city\na,Rome\nb,Oslo\n")
    for arguments in (("init", "-q", "-b", "main"), ("add", "."), ("commit", "-q", "-m", "start")):
        who = ("-c", "user.name=test", "-c", "user.email=test@example.org")
        subprocess.run(("git", *who, *arguments), cwd=shop, check=True, capture_output=True)
    return shop


def compared(shown: Shown, *arguments: str, code: int = 0) -> dict[str, Any]:
    assert main(["test", "--compare", "main", "--format", "json", *arguments]) == code
    return {one["node"]: one for one in json.loads(shown.readouterr().out)["tests"]}


def change(folder: Path, old: str, new: str) -> None:
    path = folder / "models/all.yml"
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))


def test_the_same_version_makes_the_same(committed: Path, capsys: Shown) -> None:
    found = compared(capsys, "paid", "per_minute", "cities")
    assert {one["status"] for one in found.values()} == {"passed"} and len(found) == 3


CHANGES = [
    ("cents > 0", "cents > 20", "rows: 40 before, 20 now"),
    ("rate * 3 AS", "rate * 6 AS", "triple: its distribution is 0.500 apart"),
    ("rate * 3 AS", "NULLIF(rate * 3, 0.3) * CAST(NULL AS DOUBLE) AS", "was NULL, 1.000 is now"),
    ("customer, cents", "UPPER(customer) AS customer, cents", "customer: its values are 1.000"),
]


@pytest.mark.parametrize(("old", "new", "message"), CHANGES)
def test_what_comes_out_otherwise_is_told(
    old: str, new: str, message: str, committed: Path, capsys: Shown
) -> None:
    change(committed, old, new)
    found = compared(capsys, "paid", code=1)["model.paid"]
    assert found["status"] == "failed" and message in found["message"]


def test_less_than_the_threshold_is_fine(committed: Path, capsys: Shown) -> None:
    change(committed, "cents > 0", "cents > 2")
    assert compared(capsys, "paid")["model.paid"]["status"] == "passed"
    assert compared(capsys, "paid", "--threshold", "0.01", code=1)


def test_rows_may_be_made_up(committed: Path, capsys: Shown) -> None:
    change(committed, "WHERE city <> 'X'", "WHERE city IS NULL")
    assert (
        "rows: "
        in compared(capsys, "cities", "--generate", "50", code=1)["model.cities"]["message"]
    )


def test_a_new_model_has_nothing_to_compare_with(committed: Path, capsys: Shown) -> None:
    path = committed / "models/new.yml"
    text = 'models:\n  - name: new\n    sql: SELECT id FROM {{ source("orders") }}\n'
    path.write_text(text + "    materialized: flink_stream\n")
    assert compared(capsys, "new") == {}


def test_a_base_without_the_project_is_said(committed: Path, capsys: Shown) -> None:
    assert main(["test", "--compare", "man"]) == 2
    assert "'man'" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--given", "orders=x.csv"], "--given and --name go with --record"),
        (["--generate", "5"], "--generate goes with --compare"),
        (["--record", "paid", "--compare", "main"], "either --record or --compare"),
        (["--compare", "main", "--threshold", "2"], "a share from 0 to 1, not 2"),
        (["--compare", "main", "--generate", "0"], "takes a number of rows, not 0"),
    ],
)
def test_options_that_say_nothing_together_are_refused(
    arguments: list[str], said: str, shop: Path, capsys: Shown
) -> None:
    assert main(["test", *arguments]) == 2
    assert said in capsys.readouterr().err


NUMBERS = st.lists(st.integers(0, 9), min_size=1, max_size=20)


@given(NUMBERS, NUMBERS)
def test_the_distance_is_one_of_distributions(old: list[int], new: list[int]) -> None:
    apart = kolmogorov_smirnov(old, new)
    assert 0 <= apart <= 1.0000001
    assert apart == pytest.approx(kolmogorov_smirnov(new, old))
    assert kolmogorov_smirnov(old, old * 3) == pytest.approx(0, abs=1e-9)
    assert (max(old) < min(new)) <= (apart == pytest.approx(1))
