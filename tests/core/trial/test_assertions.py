"""Assertions on what models make of sample rows."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from cdk_stream.cli.main import main
from cdk_stream.results.outcome import Outcome
from cdk_stream.workflow.asserted import assertion_outcomes
from cdk_stream.workflow.compile import compile_project

Judge = Callable[..., Outcome]
ROWS = "id,customer,cents,rate,paid_on\n"


@pytest.fixture
def judged(shop: Path) -> Judge:
    """Holds one assertion, in YAML, against the model that reads rows of orders."""

    def judged(assertion: str, rows: str, customers: str = "", model: str = "paid") -> Outcome:
        (shop / "samples").mkdir(exist_ok=True)
        (shop / "samples/orders.csv").write_text(ROWS + rows)
        (shop / "samples/customers.csv").write_text("id,city\n" + customers)
        test = f"tests:\n  - name: holds\n    model: {model}\n    assertions: [{{ {assertion} }}]\n"
        (shop / "tests/quality.yml").write_text(test)
        compiled = compile_project(shop)
        assert compiled.compilation.ok, compiled.compilation.problems
        (outcome,) = assertion_outcomes(compiled, shop, ["test.holds"])
        return outcome

    return judged


AT = "2026-01-01 10:00:0"
CASES = {
    "not_null": ("not_null: { column: [id, customer] }", "a,x,1\nb,,1\n,x,1\n", ["b", None]),
    "allowed_values": (
        "allowed_values: { column: customer, values: [x, y] }",
        "a,x,1\nb,z,1\nc,,1\n",
        ["b"],
    ),
    "allowed_values of numbers": (
        "accepted_values: { column: cents, values: [1, 2] }",
        "a,x,1\nb,x,3\n",
        ["b"],
    ),
    "range": (
        "range: { column: triple, min: 0, max: 3 }",
        "a,x,1,1\nb,x,1,2\nc,x,1,-1\nd,x,1\n",
        ["b", "c"],
    ),
    "unique_key": ("unique_key: { key: id }", "a,x,1\nb,x,1\na,y,1\n", ["a", "a"]),
    "unique_key in a window": (
        'unique_key: { key: id, window: "2 seconds" }',
        f"a,x,1,,{AT}0\nb,x,1,,{AT}1\na,x,1,,{AT}2\nb,x,1,,{AT}4\n",
        ["a", "a"],
    ),
    "foreign_key": (
        "foreign_key: { column: customer, ref_model: cities, ref_key: id }",
        "a,x,1\nb,y,1\nc,,1\n",
        ["b"],
    ),
    "sql": ('sql: "cents > 1 AND customer IS NOT NULL"', "a,x,1\nb,x,2\nc,,2\n", ["a", "c"]),
    "sql that is not known to hold": ('sql: "triple > 1"', "a,x,1,2\nb,x,1\n", ["b"]),
    "sql that ends in a comment": ('sql: "cents > 1 -- at least"', "a,x,1\nb,x,2\n", ["a"]),
    "sql with an or": ("sql: \"cents > 1 OR id = 'a'\"", "a,x,1\nb,x,1\n", ["b"]),
}


@pytest.mark.parametrize(("assertion", "rows", "broken"), CASES.values(), ids=CASES)
def test_the_rows_that_break_it_are_shown(
    assertion: str, rows: str, broken: list[str | None], judged: Judge
) -> None:
    found = judged(assertion, rows, "x,Rome\n")
    assert (found.status, found.location.line) == ("failed", 4)
    assert [line.cells["id"] for line in found.difference.lines] == broken


HOLDING = [
    ("not_null: { column: id }", "a,x,1\n"),
    ("range: { column: cents, min: 1 }", "a,x,1\n"),
    ('unique_key: { key: id, window: "1 second" }', f"a,x,1,,{AT}0\na,x,1,,{AT}2\n"),
    ("foreign_key: { column: customer, ref_model: cities, ref_key: id }", "a,x,1\n"),
    ('sql: "cents > 0"', "a,x,1\n"),
]


@pytest.mark.parametrize(("assertion", "rows"), HOLDING)
def test_what_holds_passes(assertion: str, rows: str, judged: Judge) -> None:
    assert judged(assertion, rows, "x,Rome\n").status == "passed"


BUCKETS = "distribution: { column: cents, buckets: [{ min: 0, max: 10, max_ratio: 0.5 }] }"


@pytest.mark.parametrize(
    ("assertion", "low", "message"),
    [
        (BUCKETS, 10, ""),
        (BUCKETS, 11, "0 to 10: a share of 0.550, at most 0.5 may be there"),
        (
            BUCKETS.replace("max_ratio: 0.5", "min_ratio: 0.6"),
            11,
            "0 to 10: a share of 0.550, at least 0.6 must be there",
        ),
        ('error_ratio: { max_ratio: 0.5, where: "cents < 10" }', 10, ""),
        (
            'error_ratio: { max_ratio: 0.5, where: "cents < 10" }',
            11,
            "failed rows: a share of 0.550, at most 0.5 may be there",
        ),
    ],
)
def test_shares_of_rows(assertion: str, low: int, message: str, judged: Judge) -> None:
    rows = "".join(f"i{n},x,{5 if n < low else 50}\n" for n in range(20))
    found = judged(assertion, rows)
    assert (found.status, found.message) == ("failed" if message else "passed", message)


def test_the_last_bucket_holds_its_upper_end(judged: Judge) -> None:
    rows = "".join(f"i{n},x,{10 if n < 11 else 20}\n" for n in range(20))
    two = BUCKETS.replace("}] }", "}, { min: 10, max: 20, max_ratio: 0.5 }] }")
    assert judged(two, rows).message == "10 to 20: a share of 1.000, at most 0.5 may be there"


def test_shares_are_those_of_each_window(judged: Judge) -> None:
    rows = "".join(
        f"i{n},x,{5 if n < 20 else 50},,2026-01-01 10:0{n // 20}:00\n" for n in range(40)
    )
    assert judged(BUCKETS, rows).status == "passed"
    windowed = BUCKETS.replace("buckets", 'window: "1 minute", buckets')
    assert judged(windowed, rows).message.startswith("0 to 10: a share of 1.000")


@pytest.mark.parametrize(
    ("assertion", "message"),
    [
        ("max_lag: { column: paid_on, seconds: 5 }", "max_lag is not judged here: it compares"),
        ("max_latency: { source: orders, target: paid, max_ms: 5 }", "max_latency is not judged"),
        ('freshness: { max_age: "5 minutes" }', "freshness is not judged here"),
        (BUCKETS, "shares are judged from 20 rows on, and there are 1"),
        ("error_ratio: { max_ratio: 0.5 }", "error_ratio is not judged here: it counts"),
        ("range: { column: customer, min: 1 }", "'customer' is no number but STRING"),
        (
            'foreign_key: { column: customer, ref_model: cities, ref_key: id, window: "1 hour" }',
            "a window needs an event time",
        ),
    ],
)
def test_what_samples_cannot_tell_is_named(assertion: str, message: str, judged: Judge) -> None:
    found = judged(assertion, "a,x,1\n", "x,Rome\n")
    assert found.status == "not_here" and not found.fails
    assert message in found.message


def test_without_rows_nothing_is_judged(shop: Path, judged: Judge) -> None:
    judged("not_null: { column: id }", "a,x,1\n")
    (shop / "samples/orders.csv").unlink()
    (found,) = assertion_outcomes(compile_project(shop), shop, ["test.holds"])
    assert found.status == "not_here" and "no rows for the source 'orders'" in found.message


def test_a_model_that_fails_on_a_sample_is_refused(judged: Judge) -> None:
    found = judged("not_null: { column: id }", "a,x,1\n", model="parsed")
    assert found.status == "refused" and found.problems[0].code == "CS851"


def test_a_condition_that_cannot_be_read_is_refused(judged: Judge) -> None:
    found = judged('sql: "cent > 0"', "a,x,1\n")
    assert (found.status, found.problems[0].code) == ("refused", "CS411")
    assert "'cents'" in found.problems[0].mend


@pytest.mark.parametrize(("severity", "code"), [("error", 1), ("warn", 0)])
def test_a_warning_does_not_fail_the_run(
    severity: str, code: int, shop: Path, judged: Judge, capsys: pytest.CaptureFixture[str]
) -> None:
    judged("not_null: { column: customer }", "a,,1\n")
    path = shop / "tests/quality.yml"
    path.write_text(path.read_text() + f"    on_failure: {{ severity: {severity} }}\n")
    assert main(["test"]) == code
    assert ("WARN" if code == 0 else "FAIL") in capsys.readouterr().out
