"""`cdk-stream test --record` writes a unit test that passes at once."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdk_stream import yaml
from cdk_stream.cli.main import main
from cdk_stream.workflow.capture import flow

Shown = pytest.CaptureFixture[str]
ROWS = '{"id": "a", "cents": 5, "rate": 0.1}\n{"id": "no", "cents": 0}\n{"id": "c", "cents": 7}\n'


@pytest.fixture
def sampled(shop: Path) -> Path:
    (shop / "samples").mkdir()
    (shop / "samples/orders.jsonl").write_text(ROWS)
    return shop


def test_it_passes_at_once_and_is_laid_out(sampled: Path, capsys: Shown) -> None:
    assert main(["test", "--record", "paid"]) == 0
    assert capsys.readouterr().out == "tests/paid.yml: 'paid_makes_rows', which passes\n"
    assert main(["test", "paid"]) == 0
    assert main(["format", "--check", "tests/paid.yml"]) == 0
    (test,) = yaml.load((sampled / "tests/paid.yml").read_bytes(), "paid.yml")["tests"]
    assert [row["id"] for row in test["given"][0]["rows"]] == ["a", "no", "c"]
    assert [row["id"] for row in test["expect"]["rows"]] == ["a", "c"]


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_every_line_of_the_file_stays(ending: str, sampled: Path, capsys: Shown) -> None:
    before = """\
# what is paid
tests:
  - name: old # kept
    model: paid
    assertions:
      - not_null: { column: id }

# the end
""".replace("\n", ending)
    (sampled / "tests/paid.yml").write_bytes(before.encode())
    assert main(["test", "--record", "paid", "--name", "new"]) == 0
    after = (sampled / "tests/paid.yml").read_bytes().decode()
    head, tail = before.split(f"{ending}{ending}# the end")
    assert after.startswith(head) and after.endswith(f"# the end{tail}")
    assert [one["name"] for one in yaml.load(after.encode(), "paid.yml")["tests"]] == ["old", "new"]
    assert after.count(ending) == after.count("\n")


def test_a_name_that_is_taken_gets_a_number(sampled: Path, capsys: Shown) -> None:
    for _ in range(2):
        assert main(["test", "--record", "paid"]) == 0
    assert "'paid_makes_rows_2'" in capsys.readouterr().out
    assert main(["test", "--record", "paid", "--name", "paid_makes_rows"]) == 2


def test_rows_of_a_model_in_a_file_replace_what_it_would_compute(
    sampled: Path, capsys: Shown
) -> None:
    (sampled / "day.csv").write_text("id,cents,paid_on\na,5,2026-01-01T10:00:00Z\n")
    assert main(["test", "--record", "per_minute", "--given", "paid=day.csv"]) == 0
    assert "input: paid" in (sampled / "tests/per_minute.yml").read_text()
    assert main(["test"]) == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["payd"], "did you mean 'paid'"),
        (["orders"], "there is no model 'orders'"),
        (["cities"], "name a file: --given customers=FILE"),
        (["paid", "--given", "customers=x.csv"], "'paid' reads no 'customers'"),
        (["paid", "--given", "orders=x.csv"], "there is no file 'x.csv'"),
        (["paid", "--name", "a b"], "'a b' is no name of a test"),
    ],
)
def test_what_cannot_be_recorded_is_said(
    arguments: list[str], said: str, sampled: Path, capsys: Shown
) -> None:
    assert main(["test", "--record", *arguments]) == 2
    assert said in capsys.readouterr().err
    assert not list((sampled / "tests").iterdir())


def test_a_model_that_fails_on_the_rows_is_refused(sampled: Path, capsys: Shown) -> None:
    (sampled / "samples/orders.jsonl").write_text('{"id": "a", "customer": "x"}\n')
    assert main(["test", "--record", "parsed"]) == 1
    assert "CS851" in capsys.readouterr().err
    assert not list((sampled / "tests").iterdir())


def test_a_list_that_cannot_go_on_is_left_alone(sampled: Path, capsys: Shown) -> None:
    (sampled / "tests/paid.yml").write_text("tests: []\n")
    assert main(["test", "--record", "paid"]) == 2
    assert (sampled / "tests/paid.yml").read_text() == "tests: []\n"


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab :"), inner, max_size=3),
    max_leaves=6,
)


@given(JSON)
def test_values_are_read_as_they_were(value: object) -> None:
    assert yaml.load(f"key: {flow(value)}\n".encode(), "x.yml") == {"key": value}
