"""Unit tests say whether a model makes the rows that are expected."""

from __future__ import annotations

from pathlib import Path

import pytest

from cdk_stream.cli.main import main
from cdk_stream.problems import Refused
from cdk_stream.workflow.compile import compile_project
from cdk_stream.workflow.unit import unit_tests
from tests.core.trial.conftest import Try, unit

ORDERS = "[{ input: orders, rows: [{ id: a, cents: 5, rate: 0.1 }, { id: b, cents: 0 }] }]"

PASSING = {
    "only the columns that are named": ("paid", ORDERS, "{ rows: [{ id: a, cents: 5 }] }", ""),
    "floating numbers": ("paid", ORDERS, "{ rows: [{ triple: 0.3 }] }", ""),
    "a tolerance": ("paid", ORDERS, "{ rows: [{ cents: 6 }], tolerance: 1 }", ""),
    "no rows": ("paid", "[{ input: orders, rows: [{ id: a }] }]", "{ rows: [] }", ""),
    "CSV": ("paid", '[{ input: orders, csv: "id,cents\\na,5\\n" }]', '{ csv: "id\\na\\n" }', ""),
    "an empty field is NULL": ("paid", ORDERS, '{ csv: "id,customer\\na,\\n" }', ""),
    "any order": (
        "paid",
        "[{ input: orders, rows: [{ id: a, cents: 1 }, { id: b, cents: 1 }] }]",
        "{ rows: [{ id: b }, { id: a }] }",
        "",
    ),
    "the same row twice": (
        "paid",
        "[{ input: orders, rows: [{ id: a, cents: 1 }, { id: a, cents: 2 }] }]",
        "{ rows: [{ id: a }, { id: a }], ordered: true }",
        "",
    ),
    "late rows are dropped, late ones within the watermark are not": (
        "per_minute",
        '[{ input: ref("paid"), csv: "id,cents,paid_on\\na,1,2026-01-01 10:00:59\\n'
        "b,2,2026-01-01 10:01:04\\nc,4,2026-01-01 10:00:10\\nd,8,2026-01-01 10:01:20\\n"
        'e,16,2026-01-01 10:00:30\\n" }]',
        "{ rows: [{ orders: 2, cents: 5 }, { orders: 2, cents: 10 }] }",
        "",
    ),
    "a row replaces the one of its key": (
        "cities",
        "[{ input: customers, rows: [{ id: a, city: Rome }, { id: a, city: Oslo }] }]",
        "{ rows: [{ id: a, city: Oslo }] }",
        "",
    ),
    "an envelope of Debezium": (
        "cities",
        "[{ input: customers, rows: [{ op: c, after: { id: a, city: Rome } },"
        " { op: d, before: { id: a, city: Rome } }] }]",
        "{ rows: [] }",
        "",
    ),
    "an error by its code": (
        "parsed",
        "[{ input: orders, rows: [{ id: a, customer: x }] }]",
        "{ error: CS851 }",
        "",
    ),
    "as a role": (
        "paid",
        "[{ input: orders, rows: [{ id: a, customer: Ann, cents: 5 }] }]",
        '{ rows: [{ id: a, customer: "********" }] }',
        "as: support",
    ),
    "what a role has no right to": (
        "per_minute",
        "[{ input: paid, rows: [] }]",
        "{ error: has no right }",
        "as: nobody",
    ),
}


@pytest.mark.parametrize("case", PASSING.values(), ids=PASSING)
def test_passes(case: tuple[str, str, str, str], tried: Try) -> None:
    (one,) = tried(unit(*case))
    assert not one.problems
    assert (one.status, one.message) == ("passed", "")


FAILING = {
    "a row is missing": (
        unit("paid", ORDERS, "{ rows: [{ id: a }, { id: z }] }"),
        [("=", "a"), ("-", "z")],
    ),
    "a row too many": (unit("paid", ORDERS, "{ rows: [] }"), [("+", "a")]),
    "another order": (
        unit(
            "paid",
            "[{ input: orders, rows: [{ id: a, cents: 1 }, { id: b, cents: 1 }] }]",
            "{ rows: [{ id: b }, { id: a }], ordered: true }",
        ),
        [("+", "a"), ("=", "b"), ("-", "a")],
    ),
    "once too few": (
        unit(
            "paid",
            "[{ input: orders, rows: [{ id: a, cents: 1 }, { id: a, cents: 2 }] }]",
            "{ rows: [{ id: a }] }",
        ),
        [("=", "a"), ("+", "a")],
    ),
}


@pytest.mark.parametrize(("text", "marks"), FAILING.values(), ids=FAILING)
def test_fails_and_shows_the_rows(text: str, marks: list[tuple[str, str]], tried: Try) -> None:
    (one,) = tried(text)
    assert one.status == "failed" and one.fails
    assert [(line.mark, line.cells["id"]) for line in one.difference.lines] == marks


def test_a_row_that_differs_stands_below_the_one_it_should_be(tried: Try) -> None:
    (one,) = tried(unit("paid", ORDERS, "{ rows: [{ id: a, cents: 6, triple: 0.3 }] }"))
    assert [(line.mark, line.differs) for line in one.difference.lines] == [
        ("-", ()),
        ("+", ("cents",)),
    ]
    assert (one.difference.missing, one.difference.differing) == (0, 1)


@pytest.mark.parametrize(
    ("error", "message"),
    [
        ("CS850", "'CS850' was expected, and it failed otherwise: CS851"),
        ("CS851", ""),
    ],
)
def test_an_error_must_be_the_expected_one(error: str, message: str, tried: Try) -> None:
    rows = "[{ input: orders, rows: [{ id: a, customer: x }] }]"
    (one,) = tried(unit("parsed", rows, f"{{ error: {error} }}"))
    assert one.message.startswith(message) and (one.status == "failed") == bool(message)


def test_an_expected_error_that_does_not_come_fails(tried: Try) -> None:
    (one,) = tried(unit("paid", ORDERS, "{ error: CS851 }"))
    assert (one.status, one.message) == ("failed", "'CS851' was expected, and nothing failed")


REFUSED = {
    "no such model": (unit("payd", ORDERS, "{ rows: [] }"), "4:5", "CS301", "'paid'"),
    "a source": (unit("orders", ORDERS, "{ rows: [] }"), "4:5", "CS891", "name a model"),
    "no such input": (
        unit("paid", "[{ input: order, rows: [] }]", "{ rows: [] }"),
        "5:15",
        "CS301",
        "'orders'",
    ),
    "another input": (
        unit(
            "paid", "[{ input: orders, rows: [] }, { input: customers, rows: [] }]", "{ rows: [] }"
        ),
        "5:44",
        "CS891",
        "orders",
    ),
    "an input twice": (
        unit("paid", "[{ input: orders, rows: [] }, { input: orders, rows: [] }]", "{ rows: [] }"),
        "5:44",
        "CS891",
        "put the rows together",
    ),
    "rows for the model itself": (
        unit("paid", "[{ input: paid, rows: [] }]", "{ rows: [] }"),
        "5:15",
        "CS891",
        "",
    ),
    "no rows for a source": (
        unit("paid", "[]", "{ rows: [] }"),
        "5:5",
        "CS890",
        "add { input: orders, rows: [] }",
    ),
    "no such column": (
        unit("paid", "[{ input: orders, rows: [{ cent: 5 }] }]", "{ rows: [] }"),
        "5:39",
        "CS404",
        "'cents'",
    ),
    "another type": (
        unit("paid", "[{ input: orders, rows: [{ cents: five }] }]", "{ rows: [] }"),
        "5:39",
        "CS852",
        "'cents' is BIGINT",
    ),
    "no such column in a row": (
        unit("paid", ORDERS, "{ rows: [{ cent: 5 }] }"),
        "6:24",
        "CS404",
        "'cents'",
    ),
    "no such column in a header": (
        unit("paid", ORDERS, '{ csv: "cent\\n" }'),
        "6:15",
        "CS404",
        "'cents'",
    ),
    "another type in a row": (
        unit("paid", ORDERS, "{ rows: [{ id: a }, { cents: five }] }"),
        "6:33",
        "CS852",
        "",
    ),
    "no CSV": (
        unit("paid", '[{ input: orders, csv: "id\\na,b,c\\n" }]', "{ rows: [] }"),
        "5:35",
        "CS131",
        "",
    ),
    "no such file": (
        unit("paid", "[{ input: orders, file: tests/order.csv }]", "{ rows: [] }"),
        "5:30",
        "CS131",
        "'tests/orders.csv'",
    ),
    "a file elsewhere": (
        unit("paid", "[{ input: orders, file: tests/../samples/a.csv }]", "{ rows: [] }"),
        "5:30",
        "CS131",
        "put it there",
    ),
    "no such role": (
        unit("paid", ORDERS, "{ rows: [] }", "as: suport"),
        "7:5",
        "CS892",
        "'support'",
    ),
}


@pytest.mark.parametrize(("text", "place", "code", "mend"), REFUSED.values(), ids=REFUSED)
def test_is_refused_with_its_place(
    text: str, place: str, code: str, mend: str, tried: Try, shop: Path
) -> None:
    (shop / "tests/orders.csv").write_text("id\n")
    (one,) = tried(text)
    assert one.status == "refused" and one.fails
    problem = one.problems[0]
    assert (str(problem.location), problem.code) == (f"tests/unit.yml:{place}", code)
    assert mend in problem.mend


@pytest.mark.parametrize("ending", ["csv", "jsonl"])
def test_rows_may_lie_in_files(ending: str, tried: Try, shop: Path) -> None:
    (shop / "tests/rows").mkdir()
    for name in ("given", "expect"):
        content = "id,cents\na,5\n" if ending == "csv" else '{"id": "a", "cents": 5}\n'
        (shop / f"tests/rows/{name}.{ending}").write_text(content)
    files = (f"tests/rows/{name}.{ending}" for name in ("given", "expect"))
    given, expect = files
    (one,) = tried(unit("paid", f"[{{ input: orders, file: {given} }}]", f"{{ file: {expect} }}"))
    assert one.status == "passed"


def test_two_tests_of_one_name_are_refused(tried: Try) -> None:
    text = unit("paid", ORDERS, "{ rows: [] }")
    with pytest.raises(Refused) as refused:
        tried(text + text.removeprefix("tests:\n"))
    (problem,) = refused.value.problems
    assert (problem.code, str(problem.location)) == ("CS130", "tests/unit.yml:7:5")


def test_what_is_no_unit_test_is_told_when_it_is_loaded(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (shop / "tests/unit.yml").write_text(unit("paid", "[{ input: orders }]", "{ row: [] }"))
    assert main(["check"]) == 1
    said = capsys.readouterr().out
    assert "tests/unit.yml:5:13: CS113 write exactly one of rows, csv, file" in said
    assert "tests/unit.yml:6:15: CS111 unknown key 'row'" in said and "'rows'" in said


def test_a_unit_test_is_no_node_of_the_project(shop: Path) -> None:
    (shop / "tests/unit.yml").write_text(unit("paid", ORDERS, "{ rows: [] }"))
    compiled = compile_project(shop, write=True)
    assert list(unit_tests(compiled)) == ["test.it_works"]
    assert not [node for node in compiled.manifest.nodes if node.startswith("test.")]
    assert b"it_works" not in (shop / "target/manifest.json").read_bytes()
    again = compile_project(shop)
    assert list(unit_tests(again)) == ["test.it_works"], "when nothing was read anew, too"
