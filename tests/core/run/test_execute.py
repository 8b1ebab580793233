"""Models on given rows."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from cdk_stream.problems import Refused
from cdk_stream.run.rows import NodeRows, Record
from cdk_stream.workflow.run import execute
from tests.core.run.conftest import Make

CITIES = 'SELECT city, COUNT(*) AS n FROM {{ source("customers") }} GROUP BY city'
TOTALS = """\
SELECT customer, window_start, SUM(cents) AS total
      FROM TABLE(TUMBLE(TABLE {{ source("orders") }}, DESCRIPTOR(at), INTERVAL '10' SECOND))
      GROUP BY customer, window_start, window_end"""


def order(at: str, cents: object = 1, customer: str = "ann", **more: object) -> Record:
    return {
        "id": f"o{at}",
        "customer": customer,
        "cents": cents,
        "at": f"2026-01-05T10:00:{at}Z",
    } | more


def only(answers: dict[str, NodeRows], name: str) -> list[dict[str, object]]:
    answer = answers[f"model.{name}"]
    assert answer.refusal is None, answer.refusal
    return answer.rows


def test_a_row_for_a_window_that_ended_is_late(make: Make) -> None:
    rows = [order("01"), order("09", 10), order("15", 100), order("02", 1000), order("16", 5)]
    answers = execute(make(totals=TOTALS), {"orders": rows})
    assert [row["total"] for row in only(answers, "totals")] == [11, 105]
    answer = answers["model.totals"]
    assert (answer.read, answer.late, answer.written, answer.changelog) == (5, 1, 2, "append")
    assert answer.columns == {
        "customer": "STRING",
        "window_start": "TIMESTAMP(3)",
        "total": "BIGINT",
    }


def test_a_row_that_is_late_only_later_still_counts(make: Make) -> None:
    rows = [order("01"), order("14.998", 100), order("02", 1000)]
    answers = execute(make(totals=TOTALS), {"orders": rows})
    assert [row["total"] for row in only(answers, "totals")] == [1001, 100]


def test_changes_of_a_topic_take_old_rows_back(make: Make) -> None:
    rows: list[Record] = [
        {"id": "1", "city": "Paris"},
        {"op": "c", "before": None, "after": {"id": "2", "city": "Paris"}},
        {"op": "u", "before": {"id": "1", "city": "Paris"}, "after": {"id": "1", "city": "Rome"}},
        {"op": "d", "before": {"id": "2", "city": "Paris"}, "after": None},
    ]
    answers = execute(make(cities=CITIES), {"customers": rows})
    assert only(answers, "cities") == [{"city": "Rome", "n": 1}]
    answer = answers["model.cities"]
    assert (answer.changelog, answer.key) == ("upsert", ("city",))
    assert [change.sign for change in answer.changes] == [1, -1, 1, -1, 1, 1, -1][
        : len(answer.changes)
    ]


def test_rows_given_for_a_model_stand_in_for_it(make: Make) -> None:
    big = 'SELECT customer, total FROM {{ ref("totals") }} WHERE total > 10'
    compiled = make(totals=TOTALS, big=big)
    given: dict[str, list[Record]] = {
        "model.totals": [{"customer": "ann", "total": 5}, {"customer": "bob", "total": 50}]
    }
    answers = execute(compiled, given, ["model.big"])
    assert only(answers, "big") == [{"customer": "bob", "total": 50}]
    assert set(answers) == {"model.totals", "model.big"}
    assert answers["model.totals"].given and answers["model.big"].filtered == 1


def test_a_cel_filter_keeps_rows(make: Make) -> None:
    rows = [order("01", 5), order("02", 50)]
    answers = execute(make(big="cel: 'cents > 10'"), {"orders": rows})
    assert [row["at"] for row in only(answers, "big")] == [datetime(2026, 1, 5, 10, 0, 2)]
    assert answers["model.big"].filtered == 1


def test_a_cel_filter_without_an_answer_stops_the_run(make: Make) -> None:
    answers = execute(make(big="cel: 'cents > 10'"), {"orders": [{"id": "1"}]})
    refusal = answers["model.big"].refusal
    assert (
        refusal is not None
        and refusal.code == "CS851"
        and "the CEL answers UNKNOWN" in refusal.message
    )


def test_a_construct_that_is_not_run_is_named_with_its_line(make: Make) -> None:
    sql = """SELECT id,
      customer SIMILAR TO 'a%' AS middle
      FROM {{ source("orders") }}"""
    below = 'SELECT middle FROM {{ ref("middles") }}'
    answers = execute(make(middles=sql, below=below), {"orders": [order("01")]})
    refusal = answers["model.middles"].refusal
    assert refusal is not None and refusal.code == "CS850"
    assert "SIMILAR TO" in refusal.message
    assert (refusal.location.path, refusal.location.line) == ("models/middles.yml", 5)
    told = answers["model.below"].refusal
    assert told is not None and told.code == "CS854"


def test_a_row_that_would_stop_the_job_stops_the_run(make: Make) -> None:
    sql = 'SELECT 10 / cents AS share FROM {{ source("orders") }}'
    answers = execute(make(shares=sql), {"orders": [order("01", 5), order("02", 0)]})
    refusal = answers["model.shares"].refusal
    assert refusal is not None and refusal.code == "CS851"
    assert "division by zero (row 2 of its input)" in refusal.message


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (order("01", 2**63), "'cents' of row 1 is 9223372036854775808: too big for BIGINT"),
        (order("01", cents="x"), "'cents' of row 1 is 'x': no BIGINT"),
        (order("01", nosuch=1), "row 1 has a column 'nosuch' that is not there"),
        (order("99"), "'at' of row 1"),
    ],
)
def test_a_row_that_does_not_fit_is_told(make: Make, row: Record, said: str) -> None:
    answers = execute(make(totals=TOTALS), {"orders": [row]}, ["model.totals"])
    refusal = answers["source.orders"].refusal
    assert refusal is not None and refusal.code == "CS852" and said in refusal.message


def test_a_source_without_rows_is_told(make: Make) -> None:
    refusal = execute(make(totals=TOTALS), {}, ["model.totals"])["source.orders"].refusal
    assert refusal is not None and refusal.code == "CS853"


def test_no_rows_are_rows(make: Make) -> None:
    assert only(execute(make(totals=TOTALS), {"orders": []}, ["model.totals"]), "totals") == []


def functions(shop: Path, **texts: str) -> None:
    (shop / "functions").mkdir()
    for name, text in texts.items():
        (shop / f"functions/{name}.py").write_text(text)


def test_functions_of_the_project_are_called(make: Make, shop: Path) -> None:
    functions(
        shop,
        doubled="def doubled(cents):\n    return None if cents is None else cents * 2\n",
        parts="def PARTS(text):\n    return [(one,) for one in text.split('.')]\n",
    )
    twice = """SELECT DOUBLED(cents) AS twice, p.part
      FROM {{ source("orders") }} AS o, LATERAL TABLE(PARTS(o.customer)) AS p (part)"""
    answers = execute(make(twice=twice), {"orders": [order("01", 4, "a.b")]}, root=shop)
    assert only(answers, "twice") == [{"twice": 8, "part": "a"}, {"twice": 8, "part": "b"}]


def test_an_aggregate_of_the_project_is_given_the_values_of_a_group(make: Make, shop: Path) -> None:
    functions(shop, middle="def middle(values):\n    return sorted(values)[len(values) // 2]\n")
    sql = """SELECT window_end, MIDDLE(cents) AS middle
      FROM TABLE(TUMBLE(TABLE {{ source("orders") }}, DESCRIPTOR(at), INTERVAL '10' SECOND))
      GROUP BY window_start, window_end"""
    rows = [order("01", 9), order("02", 1), order("03", 4), order("11", 7)]
    answers = execute(make(middles=sql), {"orders": rows}, root=shop)
    assert [row["middle"] for row in only(answers, "middles")] == [4, 7]


TWICE = 'SELECT DOUBLED(cents) AS twice FROM {{ source("orders") }}'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("def doubled(cents):\n    return 'x'\n", "'DOUBLED' answers 'x', which is no BIGINT"),
        ("def doubled(cents):\n    return 1 / 0\n", "'DOUBLED' fails with ZeroDivisionError"),
    ],
)
def test_a_function_that_fails_is_named(make: Make, shop: Path, text: str, said: str) -> None:
    functions(shop, doubled=text)
    refusal = execute(make(twice=TWICE), {"orders": [order("01")]}, root=shop)[
        "model.twice"
    ].refusal
    assert refusal is not None and refusal.code == "CS851" and said in refusal.message


@pytest.mark.parametrize("text", ["def other():\n    pass\n", "def doubled(:\n"])
def test_python_that_cannot_be_read_is_refused(make: Make, shop: Path, text: str) -> None:
    functions(shop, doubled=text)
    with pytest.raises(Refused) as refused:
        execute(make(twice=TWICE), {"orders": []}, root=shop)
    assert [problem.code for problem in refused.value.problems] == ["CS855"]


def test_a_function_without_python_is_named(make: Make, shop: Path) -> None:
    refusal = execute(make(twice=TWICE), {"orders": [order("01")]}, root=shop)[
        "model.twice"
    ].refusal
    assert refusal is not None and "the function 'DOUBLED', which has no Python" in refusal.message
