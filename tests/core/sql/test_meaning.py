"""What a change inside a CTE or an inner query means outside."""

from __future__ import annotations

import pytest

from cdk_stream.results.relation import Field, Relation
from cdk_stream.sql.analysis import Analysis
from cdk_stream.sql.analyze import analyze

PAY = Relation({name: Field("BIGINT") for name in ("id", "customer", "amount", "fee", "state")})
CUST = Relation({name: Field("BIGINT") for name in ("customer", "band")})


def _analysed(sql: str) -> Analysis:
    tables = {("ref", "pay"): "model.pay", ("ref", "cust"): "model.cust"}
    analysis = analyze(sql, tables, {"model.pay": PAY, "model.cust": CUST}, {})
    assert not [finding for finding in analysis.findings if finding.severity == "error"]
    return analysis


BASE = """
WITH scored AS (
  SELECT p.id, p.amount, p.fee, p.amount + c.band AS score
  FROM {{ ref("pay") }} p JOIN {{ ref("cust") }} c ON p.customer = c.customer WHERE p.state > 1
)
SELECT id, score FROM scored WHERE score > 10
"""


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("p.fee, ", ""),
        ("p.amount, p.fee", "p.fee, p.amount"),
        ("scored", "other"),
    ],
)
def test_what_the_outer_query_does_not_use_means_nothing(old: str, new: str) -> None:
    base, head = _analysed(BASE), _analysed(BASE.replace(old, new))

    assert head.fingerprint == base.fingerprint
    assert head.rows_fingerprint == base.rows_fingerprint


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("p.amount + c.band", "p.amount - c.band"),
        ("p.state > 1", "p.state > 2"),
        ("p.customer = c.customer", "p.id = c.customer"),
        ("score > 10", "score > 11"),
        ("WHERE p.state > 1", ""),
    ],
)
def test_what_decides_the_rows_means_much(old: str, new: str) -> None:
    base, head = _analysed(BASE), _analysed(BASE.replace(old, new))

    assert head.rows_fingerprint != base.rows_fingerprint


def test_an_expression_that_is_only_shown_leaves_the_rows_alone() -> None:
    query = "SELECT id, s FROM (SELECT id, amount + fee AS s FROM {{ ref('pay') }}) WHERE id > 3"
    base, head = _analysed(query), _analysed(query.replace("amount + fee", "amount - fee"))

    assert head.rows_fingerprint == base.rows_fingerprint
    assert head.fingerprint != base.fingerprint
    assert [column.spelling for column in head.columns][1] != (
        [column.spelling for column in base.columns][1]
    )


def test_both_sides_of_a_union_count() -> None:
    query = """SELECT v FROM (
      SELECT amount AS v FROM {{ ref("pay") }} UNION ALL SELECT band + 1 AS v FROM {{ ref("cust") }}
    )"""
    base, head = _analysed(query), _analysed(query.replace("band + 1", "band + 2"))

    assert head.fingerprint != base.fingerprint
    assert head.columns[0].spelling != base.columns[0].spelling


def test_two_uses_of_a_query_are_told_apart() -> None:
    query = """
    WITH a AS (SELECT id, amount FROM {{ ref("pay") }}), b AS (SELECT id, fee AS amount FROM
    {{ ref("pay") }})
    SELECT x.id FROM a x JOIN a y ON x.id = y.id JOIN b z ON y.id = z.id WHERE x.amount < y.amount
    """
    base = _analysed(query)

    for old, new in (("x.amount < y.amount", "y.amount < x.amount"), ("JOIN a y", "JOIN b y")):
        assert _analysed(query.replace(old, new)).rows_fingerprint != base.rows_fingerprint
