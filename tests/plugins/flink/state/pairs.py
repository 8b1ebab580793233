"""Pairs of queries: those that share their state, and those that must not."""

from __future__ import annotations

from tests.plugins.flink.state.upgrades import BASES

COUNT = BASES["count"].sql
JOIN = BASES["join"].sql
WIDE = f"{JOIN} WHERE p.status = 1 AND c.kyc > 0"
TWICE = "SELECT customer_id, status, COUNT(*) AS n FROM payments GROUP BY customer_id, status"

HARMLESS = [
    (COUNT, COUNT.replace(" FROM", "\n  -- every one\nFROM")),
    (COUNT, COUNT.replace("COUNT(*) AS n", "count(*) AS `n`")),
    (COUNT, f"SELECT customer_id, n FROM ({COUNT})"),
    (WIDE, WIDE.replace("p.status = 1 AND c.kyc > 0", "c.kyc > 0 AND (p.status = 1)")),
    (WIDE, WIDE.replace("p.", "pay.").replace("AS p ", "AS pay ")),
    (JOIN, JOIN.replace("c.risk", "COALESCE(c.risk, 0) AS risk")),
    (JOIN, JOIN.replace("p.payment_id, c.risk", "c.risk AS r, p.payment_id AS id")),
    (
        JOIN,
        "WITH c AS (SELECT customer_id AS id, risk AS danger FROM customers)"
        " SELECT p.payment_id, c.danger FROM payments AS p JOIN c ON p.customer_id = c.id",
    ),
    (TWICE, TWICE.replace("customer_id, status, COUNT", "status, customer_id, COUNT")),
    (TWICE, TWICE.replace("COUNT(*)", "COUNT(*) + 1")),
    (
        f"WITH j AS ({JOIN}) SELECT payment_id, risk > 5 AS bad FROM j",
        f"WITH j AS ({JOIN}) SELECT payment_id, risk > 7 AS bad FROM j",
    ),
    (
        f"WITH j AS ({JOIN}) SELECT payment_id, risk > 5 AS bad FROM j",
        "SELECT payment_id, risk > 5 AS bad FROM"
        f" ({JOIN.replace('c.risk', 'ABS(c.risk) AS risk')})",
    ),
]

DRIFTING = [
    (COUNT, COUNT.replace("COUNT(*)", "COUNT(amount)")),
    (COUNT, COUNT.replace("COUNT(*)", "COUNT(*) FILTER (WHERE status = 1)")),
    (COUNT, COUNT.replace("payments", "refunds")),
    (COUNT, f"{COUNT} HAVING customer_id > 7"),
    (COUNT, f"{COUNT} HAVING MAX(amount) > 7"),
    (TWICE, TWICE.replace("BY customer_id, status", "BY status, customer_id")),
    (
        TWICE.replace("COUNT(*) AS n", "SUM(amount) AS s, MAX(amount) AS m"),
        TWICE.replace("COUNT(*) AS n", "MAX(amount) AS m, SUM(amount) AS s"),
    ),
    (JOIN, JOIN.replace("c.risk", "c.kyc")),
    (f"SELECT payment_id FROM ({JOIN})", f"SELECT risk FROM ({JOIN})"),
    (f"SELECT payment_id, risk FROM ({JOIN})", f"SELECT payment_id FROM ({JOIN})"),
    (f"SELECT payment_id FROM ({JOIN})", f"SELECT payment_id FROM ({JOIN}) WHERE risk > 1"),
    (JOIN, f"{JOIN} AND c.kyc > 1"),
    (JOIN, JOIN.replace("SELECT ", "SELECT DISTINCT ")),
    (
        "SELECT payment_id FROM payments WHERE customer_id IN (SELECT customer_id FROM"
        " customers WHERE risk > 1)",
        "SELECT payment_id FROM payments WHERE customer_id IN (SELECT customer_id FROM"
        " customers WHERE risk > 2)",
    ),
]

UNSURE = [
    (JOIN, JOIN.replace("SELECT ", "SELECT /*+ STATE_TTL('p' = '1d') */ ")),
    (
        f"SELECT a FROM (SELECT p.amount + 1 AS a, p.amount * 2 AS b, c.risk FROM ({JOIN}) AS j"
        " JOIN payments AS p ON p.payment_id = j.payment_id"
        " JOIN customers AS c ON c.customer_id = p.customer_id)",
        f"SELECT b FROM (SELECT p.amount + 1 AS a, p.amount * 2 AS b, c.risk FROM ({JOIN}) AS j"
        " JOIN payments AS p ON p.payment_id = j.payment_id"
        " JOIN customers AS c ON c.customer_id = p.customer_id)",
    ),
]
"""Harmless, as only a plan can tell."""
