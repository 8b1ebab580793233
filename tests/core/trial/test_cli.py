"""`cdk-stream test`, as a user runs it."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from cdk_stream.cli.main import main

Shown = pytest.CaptureFixture[str]
TESTS = """\
tests:
  - name: filters
    type: unit
    model: paid
    tags: [quick]
    given: [{ input: orders, file: tests/orders.csv }]
    expect: { rows: [{ id: a, cents: 5 }] }

  - name: counts
    type: unit
    model: per_minute
    given: [{ input: paid, rows: [{ cents: 1, paid_on: "2026-01-01 10:00:00" }] }]
    expect: { rows: [{ orders: 1, window_start: "2026-01-01 10:00:00" }] }

  - name: cities_stay
    type: unit
    model: cities
    given: [{ input: customers, rows: [{ id: a, city: Rome }] }]
    expect: { rows: [{ city: Rome }] }
"""


@pytest.fixture
def tests(shop: Path) -> Path:
    """The project with three unit tests."""
    (shop / "tests/unit.yml").write_text(TESTS)
    (shop / "tests/orders.csv").write_text("id,cents\na,5\n")
    return shop


def told(shown: Shown, *arguments: str, code: int = 0) -> dict[str, Any]:
    assert main(["test", "--format", "json", *arguments]) == code
    found: dict[str, Any] = json.loads(shown.readouterr().out)
    return found


def ran(shown: Shown, *arguments: str) -> set[str]:
    return {one["name"] for one in told(shown, *arguments)["tests"]}


@pytest.mark.parametrize(
    ("selectors", "names"),
    [
        ([], {"filters", "counts", "cities_stay"}),
        (["paid"], {"filters"}),
        (["paid+"], {"filters", "counts"}),
        (["orders+"], {"filters", "counts"}),
        (["counts"], {"counts"}),
        (["tag:quick"], {"filters"}),
        (["path:tests", "--exclude", "test.counts"], {"filters", "cities_stay"}),
    ],
)
def test_selectors_pick_tests_and_the_models_they_test(
    selectors: list[str], names: set[str], tests: Path, capsys: Shown
) -> None:
    assert ran(capsys, *selectors) == names


def git(folder: Path, *arguments: str) -> None:
    subprocess.run(("git", *arguments), cwd=folder, check=True, capture_output=True)


@pytest.fixture
def committed(tests: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for who in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{who}_NAME", "test")
        monkeypatch.setenv(f"GIT_{who}_EMAIL", "test@example.org")
    git(tests, "init", "-q", "-b", "main")
    git(tests, "add", ".")
    git(tests, "commit", "-q", "-m", "start")
    return tests


CHANGES = [
    ("nothing", "tests/unit.yml", "", "", set()),
    ("a model", "models/all.yml", "cents > 0", "cents > 1", {"filters", "counts"}),
    ("a test's rows", "tests/unit.yml", "[{ city: Rome }]", "[{ id: a }]", {"cities_stay"}),
    ("a file of rows", "tests/orders.csv", "a,5", "a,5\nb,0", {"filters"}),
]


@pytest.mark.parametrize("change", CHANGES, ids=[one[0] for one in CHANGES])
def test_what_changed_is_tested(
    change: tuple[str, str, str, str, set[str]], committed: Path, capsys: Shown
) -> None:
    _, name, old, new, names = change
    path = committed / name
    path.write_text(path.read_text().replace(old, new) if old else path.read_text())
    assert ran(capsys, "--base", "main", "state:modified+") == names


def test_a_new_test_is_tested(committed: Path, capsys: Shown) -> None:
    more = TESTS.partition("\n\n")[0].replace("filters", "filters_again")
    (committed / "tests/more.yml").write_text(more + "\n")
    assert ran(capsys, "--base", "main", "state:new") == {"filters_again"}


def test_what_differs_is_shown_in_columns(tests: Path, capsys: Shown) -> None:
    (tests / "tests/orders.csv").write_text("id,cents\na,6\n")
    assert main(["test", "filters"]) == 1
    shown = capsys.readouterr().out
    assert shown.startswith("FAIL  filters  paid  ")
    assert (
        """
      tests/unit.yml:2:5
      1 row different (- expected, + came)
        id  cents
      - a   5
      + a   6        differs in cents
"""
        in shown
    )


def test_a_report_for_ci_has_a_case_for_each_test(tests: Path, capsys: Shown) -> None:
    (tests / "tests/orders.csv").write_text("id,cent\na,5\n")
    text = TESTS.replace("{ city: Rome }] }", "{ city: Oslo }] }")
    (tests / "tests/unit.yml").write_text(text)
    assert main(["test", "--format", "junit"]) == 1
    report = ElementTree.fromstring(capsys.readouterr().out)
    assert [report.get(count) for count in ("tests", "failures", "errors")] == ["3", "1", "1"]
    cases = {case.get("name"): case for case in report.iter("testcase")}
    assert [child.tag for child in cases["counts"]] == []
    (error,) = cases["filters"]
    assert (error.tag, error.get("type")) == ("error", "CS404")
    (failure,) = cases["cities_stay"]
    assert failure.tag == "failure" and "+ Rome" in (failure.text or "")
    assert (cases["cities_stay"].get("file"), cases["cities_stay"].get("line")) == (
        "tests/unit.yml",
        "15",
    )


def test_no_test_is_said(shop: Path, capsys: Shown) -> None:
    assert main(["test", "paid"]) == 0
    assert capsys.readouterr().err == "cdk-stream: 'paid' selects no test\n"
