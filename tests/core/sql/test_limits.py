"""No text makes the analysis fail, hang or take long."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cdk_stream.results.relation import Field, Relation
from cdk_stream.sql.analysis import Analysis
from cdk_stream.sql.analyze import analyze
from cdk_stream.sql.functions import FunctionSpec
from cdk_stream.sql.template import references

Look = Callable[[str], Analysis]

HOSTILE = {
    "brackets": "SELECT " + "(" * 1000 + "1" + ")" * 1000,
    "brackets that never close": "SELECT " + "(" * 100_000,
    "sub-queries": "SELECT * FROM " + "(SELECT * FROM " * 1000 + "x" + ")" * 1000,
    "arrays": "SELECT " + "a[" * 1000,
    "NOT": "SELECT " + "NOT " * 10_000 + "TRUE",
    "minus": "SELECT " + "- " * 10_000 + "1",
    "CASE": "SELECT " + "CASE WHEN TRUE THEN " * 1000 + "1" + " END" * 1000,
    "sums": "SELECT 1" + " + 1" * 20_000,
    "conditions": "SELECT 1 AS a FROM $payments WHERE " + " AND ".join(["cents > 1"] * 5000),
    "unions": " UNION ALL ".join(["SELECT cents FROM $payments"] * 400),
    "joins": "SELECT 1 AS a FROM $payments p" + " JOIN $payments ON TRUE" * 400,
    "columns": "SELECT " + ", ".join(f"cents AS c{i}" for i in range(5000)) + " FROM $payments",
    "size": "SELECT '" + "x" * 1_000_000 + "'",
    "CTEs that double": "WITH a0 AS (SELECT cents FROM $payments)"
    + "".join(
        f", a{i} AS (SELECT l.cents FROM a{i - 1} l JOIN a{i - 1} r ON l.cents = r.cents)"
        for i in range(1, 40)
    )
    + " SELECT cents FROM a39",
    "types": "SELECT CAST(cents AS " + "ARRAY<" * 2000 + "INT) AS a FROM $payments",
    "templates": "{{" * 20_000,
    "quotes": "'" * 50_001,
    "comments": "SELECT 1 AS a " + "/*" * 20_000,
}


@pytest.mark.parametrize("sql", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_text_is_answered_within_a_second(sql: str, look: Look) -> None:
    start = time.process_time()
    look(sql)
    references(sql)
    assert time.process_time() - start < 1


@pytest.mark.parametrize("name", ["brackets", "sub-queries", "NOT", "CASE", "sums", "size"])
def test_what_is_too_deep_or_too_long_is_refused(name: str, look: Look) -> None:
    assert [finding.code for finding in look(HOSTILE[name]).findings] == ["CS424"]


_VOCABULARY = """
SELECT FROM WHERE GROUP BY HAVING ORDER LIMIT JOIN LEFT ON USING AS AND OR NOT IN IS NULL CASE WHEN
THEN ELSE END BETWEEN LIKE UNION ALL EXCEPT WITH DISTINCT OVER PARTITION TUMBLE HOP INTERVAL MINUTE
CAST COUNT SUM ROW_NUMBER UNNEST LATERAL TABLE DESCRIPTOR EXISTS VALUES ROW ARRAY JSON_VALUE
JSON_OBJECT RETURNING EXTRACT TRIM FOR SYSTEM_TIME OF MATCH_RECOGNIZE PATTERN DEFINE MEASURES FILTER
WINDOW QUALIFY GROUPING SETS ROLLUP FETCH FIRST ROWS ONLY payments p cents status card event_time
items address labels SCORE WORDS MEDIAN
( ) [ ] , . * + - / % = <> < <= > >= || => ; : ' ` " { } /* */ -- /*+ '5' 1 2.5 1e9
"""
_REFERENCES = ['{{ ref("payments") }}', '{{ source("x") }}', '{{ var("limit") }}', "{{ x }}"]
_TOKENS = st.sampled_from([*_VOCABULARY.split(), *_REFERENCES])
_QUERIES = [
    "SELECT p.cents, SCORE(p.*) AS s FROM {{ ref(\"payments\") }} p WHERE status IN ('A', 'B')",
    'SELECT status, SUM(cents) AS s FROM {{ ref("payments") }} GROUP BY status HAVING COUNT(*) > 1',
    'SELECT window_end, COUNT(*) AS n FROM TABLE(TUMBLE(TABLE {{ ref("payments") }},'
    " DESCRIPTOR(event_time), INTERVAL '5' MINUTE)) GROUP BY window_start, window_end",
    'SELECT a.cents FROM {{ ref("payments") }} a JOIN {{ ref("payments") }} b ON a.card = b.card'
    " AND a.event_time BETWEEN b.event_time AND b.event_time + INTERVAL '1' HOUR",
    "WITH t AS (SELECT *, ROW_NUMBER() OVER (PARTITION BY card ORDER BY event_time DESC) AS rn FROM"
    ' {{ ref("payments") }}) SELECT cents FROM t WHERE rn = 1 UNION ALL SELECT 1',
    "SELECT CAST(address AS ROW<a STRING>).a, items[1].sku, JSON_VALUE(card, '$.x' RETURNING INT)"
    ' FROM {{ ref("payments") }} CROSS JOIN UNNEST(items) AS i (sku, qty)',
    'SELECT * FROM {{ ref("payments") }} MATCH_RECOGNIZE (PARTITION BY card ORDER BY event_time'
    " MEASURES A.cents AS c PATTERN (A B+) WITHIN INTERVAL '1' HOUR DEFINE B AS B.cents > A.cents)",
]


@st.composite
def _mutated(draw: st.DrawFn) -> str:
    """A query with words taken out, doubled, moved and strewn in."""
    words = draw(st.sampled_from(_QUERIES)).split(" ")
    for _ in range(draw(st.integers(0, 5))):
        place = draw(st.integers(0, max(len(words) - 1, 0)))
        change = draw(st.sampled_from(["insert", "drop", "double", "swap", "cut"]))
        if change == "insert":
            words.insert(place, draw(_TOKENS))
        elif change == "drop":
            words[place : place + 1] = []
        elif change == "double":
            words[place:place] = words[place : place + draw(st.integers(1, 6))]
        elif change == "swap":
            words[place : place + 2] = words[place : place + 2][::-1]
        else:
            words[place:] = []
    return " ".join(words)


_PAYMENTS = Relation(
    {
        "cents": Field("BIGINT", False),
        "status": Field("STRING", False),
        "card": Field("STRING"),
        "event_time": Field("TIMESTAMP_LTZ(3)", False),
        "items": Field("ARRAY<ROW<sku STRING, qty INT>>"),
        "address": Field("ROW<city STRING>"),
        "labels": Field("MAP<STRING, STRING>"),
    },
    "event_time",
    ("card",),
)
_FUNCTIONS = {
    "SCORE": FunctionSpec("DOUBLE"),
    "WORDS": FunctionSpec("ROW<word STRING>", kind="table"),
    "MEDIAN": FunctionSpec("no type", kind="aggregate", masks="internal"),
}


def _analyzed(sql: str) -> Analysis:
    return analyze(
        sql,
        {("ref", "payments"): "model.payments"},
        {"model.payments": _PAYMENTS},
        _FUNCTIONS,
        variables={"limit": 3},
    )


@settings(max_examples=400, deadline=None)
@given(_mutated())
def test_a_mutated_query_is_answered(sql: str) -> None:
    analysis = _analyzed(sql)
    size = sql.count("\n") + 1
    assert all(0 <= finding.line <= size for finding in analysis.findings)
    assert all(
        origin[0] == "model.payments" for column in analysis.columns for origin in column.edges
    )


@settings(max_examples=200, deadline=None)
@given(st.lists(_TOKENS, max_size=40).map(" ".join))
def test_words_in_any_order_are_answered(sql: str) -> None:
    _analyzed(sql)
    references(sql)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=80))
def test_any_text_is_answered(text: str) -> None:
    _analyzed(text)
    _analyzed(f"SELECT {text} FROM {{{{ ref('payments') }}}}")
    references(text)
