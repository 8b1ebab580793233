"""Queries that mean the same have one fingerprint; others do not."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from cdk_stream.sql.analysis import Analysis

Look = Callable[[str], Analysis]

BASE = "SELECT payment_id, cents FROM $payments p WHERE status = 'A' AND cents > 10"

SAME = [
    "select payment_id,cents\n\n from $payments p where status='A' and cents>10",
    "SELECT payment_id, cents -- note\n FROM $payments p /* x */ WHERE status = 'A' AND cents > 10",
    "SELECT q.payment_id, q.cents FROM $payments AS q WHERE q.status = 'A' AND q.cents > 10",
    "SELECT payment_id, cents FROM $payments WHERE (cents > 10) AND ((status = 'A'))",
    "SELECT payment_id, cents AS cents FROM $payments WHERE 10 < cents AND 'A' = status",
    "SELECT `payment_id`, `cents` FROM $payments WHERE status = 'A' AND cents > 10;",
]
OTHER = [
    BASE.replace("10", "11"),
    BASE.replace("'A'", "'a'"),
    BASE.replace(">", ">="),
    BASE.replace("AND", "OR"),
    BASE.replace("cents FROM", "cents + 1 AS cents FROM"),
    BASE.replace("cents FROM", "cents AS amount FROM"),
    BASE.replace("payment_id, cents", "cents, payment_id"),
    BASE.replace("SELECT", "SELECT DISTINCT"),
    BASE.replace("$payments p", "$payments /*+ OPTIONS('a' = 'b') */ p"),
    BASE + " LIMIT 3",
    BASE.replace("payment_id,", "card AS payment_id,"),
]


@pytest.mark.parametrize("sql", SAME)
def test_form_does_not_matter(sql: str, look: Look) -> None:
    assert look(sql).fingerprint == look(BASE).fingerprint
    assert look(sql).filters == look(BASE).filters


@pytest.mark.parametrize("sql", OTHER)
def test_meaning_does(sql: str, look: Look) -> None:
    assert look(sql).fingerprint != look(BASE).fingerprint


def test_a_cte_is_a_sub_query(look: Look) -> None:
    inner = "SELECT cents, status FROM $payments WHERE cents > 1"
    cte = f"WITH big AS ({inner}) SELECT status FROM big b WHERE b.cents < 9"
    derived = f"SELECT x.status FROM ({inner}) AS x WHERE cents < 9"
    assert look(cte).fingerprint == look(derived).fingerprint


def test_hints_matter_whatever_their_form(look: Look) -> None:
    one = look("SELECT /*+ STATE_TTL('p'='1d') */ cents FROM $payments p")
    spaced = look("SELECT /*+  STATE_TTL('p'='1d')\n*/ cents FROM $payments p")
    other = look("SELECT /*+ STATE_TTL('p'='2d') */ cents FROM $payments p")
    assert one.fingerprint == spaced.fingerprint
    assert one.fingerprint != other.fingerprint


def test_the_list_of_in_has_no_order(look: Look) -> None:
    one = look("SELECT cents FROM $payments WHERE status IN ('A', 'B')")
    other = look("SELECT cents FROM $payments WHERE status IN ('B', 'A')")
    assert one.fingerprint == other.fingerprint


def test_the_two_sides_of_a_self_join_are_told_apart(look: Look) -> None:
    join = "FROM $payments a JOIN $payments b ON a.card = b.payment_id"
    assert look(f"SELECT a.cents {join}").fingerprint != look(f"SELECT b.cents {join}").fingerprint


def test_the_same_rows_come_out_whatever_is_selected(look: Look) -> None:
    less = look("SELECT payment_id FROM $payments WHERE cents > 1")
    more = look("SELECT payment_id, card FROM $payments WHERE cents > 1")
    fewer = look("SELECT payment_id FROM $payments WHERE cents > 2")
    assert less.rows_fingerprint == more.rows_fingerprint
    assert less.rows_fingerprint != fewer.rows_fingerprint


def test_expressions_are_spelled_and_columns_passed_on_are_not(look: Look) -> None:
    columns = look("SELECT card, 2 * p.cents AS c FROM $payments p").columns
    assert [column.spelling for column in columns] == ["", "(model.payments.cents * 2)"]
