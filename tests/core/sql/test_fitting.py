"""Values of types that Flink's planner refuses are refused here first, at their place."""

from __future__ import annotations

import pytest

from tests.core.sql.conftest import Look

# An expression with @ at the place told, a part of the message, a part of the mend.
REFUSED = [
    ("@NULL", "what type this NULL has", "CAST(NULL AS STRING)"),
    ("@UPPER(NULL)", "this NULL has", "CAST"),
    ("@cents + NULL", "this NULL has", "CAST"),
    ("@note || NULL", "this NULL has", "CAST"),
    ("@IF(cents > 1, NULL, note)", "this NULL has", "CAST"),
    ("CASE WHEN @cents > 1 THEN NULL ELSE NULL END", "this NULL has", "CAST"),
    ("@COUNT(NULL)", "this NULL has", "CAST"),
    ("@status + 1", "'+' takes numbers, and this is STRING", "CAST it to a number"),
    ("(@cents > 1) + 1", "this is BOOLEAN", "otherwise"),
    ("@event_time - event_time", "this is TIMESTAMP_LTZ(3)", "otherwise"),
    ("CAST(cents AS @DOUBLE) % 2", "whole or decimal numbers", "DECIMAL"),
    ("-@status", "'-' takes numbers", "CAST"),
    ("@status || cents", "'||' takes a text, and this is BIGINT", "CAST(... AS STRING)"),
    ("@UPPER(cents)", "UPPER takes a text", "CAST"),
    ("@TRIM(BOTH 'x' FROM cents)", "TRIM takes a text", "CAST"),
    ("@CONCAT(status, cents)", "CONCAT takes a text", "CAST"),
    ("@ABS(status)", "'ABS' takes numbers", "CAST"),
    ("@SUM(status)", "'SUM' takes numbers", "CAST"),
    ("@LISTAGG(cents)", "LISTAGG takes a text", "CAST"),
    ("@MAX(labels)", "MAX takes what has an order", "a part"),
    ("@labels[1]", "read by its key, STRING", "of that type"),
    ("@items['a']", "an array is read by an INT", "CAST"),
    ("@items[cents]", "an array is read by an INT, and this is BIGINT", "CAST"),
    ("@status[1]", "'[ ]' reads an array or a map", ""),
    ("CASE WHEN @cents > 1 THEN 1 ELSE items END", "CASE gives one type", "CAST"),
    ("@COALESCE(status, 1)", "COALESCE gives one type", "CAST"),
    ("@IF(cents > 1, status, 1)", "IF gives one type", "CAST"),
    ("@COALESCE(p.*)", "COALESCE gives one type", "CAST"),
    ("@status = 1", "'=' compares STRING with INT", "CAST"),
    ("@items = labels", "'=' compares ARRAY", "CAST"),
    ("@MOD(CAST(cents AS DOUBLE), 2)", "MOD takes whole or decimal numbers", "DECIMAL"),
    ("@NULLIF(status, 1)", "'=' compares STRING with INT", "CAST"),
    ("@IF(cents, 1, 2)", "IF takes what is true or false", "compare it"),
    ("NOT @status", "NOT takes what is true or false", "compare it"),
    ("@status AND cents > 1", "AND takes what is true or false", "compare it"),
    ("CASE @status WHEN 1 THEN 1 ELSE 2 END", "'=' compares STRING with INT", "CAST"),
    ("@YEAR(status)", "YEAR takes a date or a time", "TO_DATE"),
    ("@ARRAY[NULL]", "this NULL has", "CAST"),
    ("@cents LIKE '1%'", "LIKE takes a text", "CAST"),
]

TAKEN = [
    "CAST(NULL AS STRING)",
    "CASE WHEN cents > 1 THEN NULL ELSE 1 END",
    "COALESCE(NULL, status)",
    "NULLIF(status, NULL)",
    "status = NULL",
    "status > 1",
    "event_time > '2026-01-01 00:00:00'",
    "status IN (1, 2)",
    "(cents > 1) = 'true'",
    "event_time + INTERVAL '1' DAY",
    "INTERVAL '1' DAY * 2",
    "labels['a']",
    "items[1]",
    "MIN(cents > 1)",
    "COUNT(items)",
]


@pytest.mark.parametrize("marked, message, mend", REFUSED, ids=[case[0] for case in REFUSED])
def test_what_flink_refuses_is_refused_with_a_mend(
    look: Look, marked: str, message: str, mend: str
) -> None:
    before = f"SELECT {marked.partition('@')[0]}"
    found = look(f"SELECT {marked.replace('@', '')} AS x FROM $payments p").findings
    told = next(one for one in found if one.severity == "error")
    assert (told.code, told.line, told.column) == ("CS449", 1, len(before) + 1)
    assert message in told.message
    assert mend in told.mend


@pytest.mark.parametrize("expression", TAKEN)
def test_what_flink_takes_is_not_refused(look: Look, expression: str) -> None:
    found = look(f"SELECT {expression} AS x FROM $payments").findings
    assert [one for one in found if one.severity == "error"] == []


@pytest.mark.parametrize("rows", ["(1, NULL)", "(NULL, 'x'), (1, 'y')"])
def test_null_in_values_needs_a_type(look: Look, rows: str) -> None:
    assert "CS449" in {
        one.code for one in look(f"SELECT a FROM (VALUES {rows}) AS v (a, b)").findings
    }
