from __future__ import annotations

import pytest

from cdk_stream.results.relation import Field, Relation
from cdk_stream.sql.cel import analyze_cel

ORDERS = Relation(
    {
        "status": Field("STRING", False),
        "cents": Field("BIGINT"),
        "price": Field("DECIMAL(10, 2)"),
        "at": Field("TIMESTAMP(3)", False),
        "labels": Field("MAP<STRING, STRING>"),
    },
    "at",
    ("status",),
    "upsert",
)
OPEN = Relation({"status": Field("STRING")}, open=True)


def test_a_filter_keeps_columns_time_and_key() -> None:
    analysis = analyze_cel("status in ['A', 'B'] && cents > 100", ORDERS, "source.orders")
    assert analysis.findings == []
    assert [column.name for column in analysis.columns] == list(ORDERS.columns)
    assert analysis.columns[0].edges == {("source.orders", "status"): "identity"}
    assert (analysis.event_time, analysis.key, analysis.changelog) == ("at", ("status",), "upsert")
    assert analysis.features == {"filter"}


def test_the_columns_it_names_decide_which_rows_come_out() -> None:
    analysis = analyze_cel("cents == null || has(labels.x)", ORDERS, "source.orders")
    assert analysis.findings == []
    assert analysis.influences == {
        ("source.orders", "cents"): {"filter"},
        ("source.orders", "labels"): {"filter"},
    }


@pytest.mark.parametrize(
    ("expression", "place", "code", "message", "mend"),
    [
        ("status == 'A' && stats == 1", "1:18", "CS452", "'stats'", "did you mean 'status'?"),
        ("status == 'A' &&\n  nope", "2:3", "CS452", "'nope'", "status"),
        ("status ==", "1:10", "CS451", "syntax error: the expression ends too early", ""),
        ("status == == 'A'", "1:11", "CS451", "error: '==' is not expected here", ""),
        ("status > 3", "1:8", "CS453", "'>' does not apply to (string, int)", "same type"),
        ("cents + 1", "1:1", "CS453", "answers int", "compare"),
        ("   ", "1:1", "CS451", "empty", "condition"),
        ("(" * 1000 + ")" * 1000, "1:1", "CS451", "nested", "split"),
        ("!" * 1000 + "true", "1:1", "CS451", "nested", "split"),
        ("true || " * 20_000 + "true", "1:1", "CS451", "too long", "split"),
    ],
)
def test_what_is_wrong_is_told_where_it_is(
    expression: str, place: str, code: str, message: str, mend: str
) -> None:
    analysis = analyze_cel(expression, ORDERS, "source.orders")
    assert [(f"{one.line}:{one.column}", one.code) for one in analysis.findings] == [(place, code)]
    assert message in analysis.findings[0].message
    assert mend in analysis.findings[0].mend
    assert analysis.influences == {}


def test_all_errors_are_told_at_once() -> None:
    analysis = analyze_cel("a == 1 && b == 2", ORDERS, "source.orders")
    assert [one.column for one in analysis.findings] == [1, 11]


def test_an_input_without_a_schema_may_have_any_column() -> None:
    analysis = analyze_cel("secret == status && at(1)", OPEN, "source.open")
    assert [one.code for one in analysis.findings] == ["CS452"]
    analysis = analyze_cel("secret == status", OPEN, "source.open")
    assert analysis.findings == []
    assert set(analysis.influences) == {("source.open", "secret"), ("source.open", "status")}
    assert analysis.open


def test_form_does_not_matter_to_the_fingerprint() -> None:
    one = analyze_cel("status == 'A' && cents > 1", ORDERS, "source.orders")
    spaced = analyze_cel("(status=='A')\n&&  cents>1", ORDERS, "source.orders")
    other = analyze_cel("status == 'A' && cents > 2", ORDERS, "source.orders")
    assert one.fingerprint == spaced.fingerprint
    assert one.fingerprint != other.fingerprint
