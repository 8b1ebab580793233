"""The tree that backends translate: sqlglot's own, with a few rules about it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlglot import exp

from cdk_stream.sql.analysis import Analysis

Look = Callable[[str], Analysis]


def test_references_are_quoted_names_of_nodes(look: Look) -> None:
    tree = look("SELECT cents FROM $payments p JOIN $accounts a ON TRUE").tree
    assert [table.name for table in tree.find_all(exp.Table)] == [
        "model.payments",
        "source.accounts",
    ]
    assert all(table.this.args["quoted"] for table in tree.find_all(exp.Table))


def test_every_call_has_the_name_that_the_author_wrote(look: Look) -> None:
    tree = look(
        "SELECT upper(status) AS a, SHA256(card) AS b, SCORE(cents) AS c FROM $payments"
    ).tree
    assert [call.name for call in tree.find_all(exp.Anonymous)] == ["upper", "SHA256", "SCORE"]


def test_a_cast_holds_the_text_of_its_type(look: Look) -> None:
    tree = look("SELECT CAST(cents AS DECIMAL(10, 2)) AS a FROM $payments").tree
    assert tree.find(exp.Cast).args["to"].args["kind"] == "DECIMAL(10, 2)"


@pytest.mark.parametrize(
    ("condition", "node"),
    [
        ("status IN ('A', 'B')", exp.In),
        ("status LIKE 'A%'", exp.Like),
        ("cents BETWEEN 1 AND 2", exp.Between),
        ("note IS NULL", exp.Is),
        ("NOT cents = 1", exp.Not),
        ("cents <> 1", exp.NEQ),
        ("cents = 1 OR cents = 2", exp.Or),
        ("note IS DISTINCT FROM status", exp.NullSafeNEQ),
    ],
)
def test_conditions_are_the_nodes_of_sqlglot(
    condition: str, node: type[exp.Expr], look: Look
) -> None:
    tree = look(f"SELECT cents FROM $payments WHERE {condition}").tree
    assert isinstance(tree.args["where"].this, node)


@pytest.mark.parametrize(
    ("expression", "grouped"),
    [
        ("cents + 2 * 3", "((2 * 3) + cents)"),
        ("1 - 2 - 3", "((1 - 2) - 3)"),
        ("-1 * 2", "(-1 * 2)"),
        ("cents + 2 || 'x'", "((2 || 'x') + cents)"),
        ("NOT cents = 1 AND cents = 2", "(NOT cents = 1 AND cents = 2)"),
        ("cents = 1 OR cents = 2 AND cents = 3", "((cents = 2 AND cents = 3) OR cents = 1)"),
        ("cents + 1 BETWEEN 2 AND 3 AND TRUE", "((cents + 1) BETWEEN 2 AND 3 AND TRUE)"),
        ("cents = 1 IS TRUE", "cents = 1 IS TRUE"),
    ],
)
def test_operators_bind_as_in_flink(expression: str, grouped: str, look: Look) -> None:
    (column,) = look(f"SELECT {expression} AS x FROM $payments").columns
    assert column.spelling.replace("model.payments.", "") == grouped
