"""Changes of a running job, and what Flink 2.3 does with the old job's savepoint.

`tests/real/test_state_matrix.py` does each of them on a real Flink, from the plans of which those
in `plans/` are kept.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from cdk_stream.results.state import StateVerdict

Outcome = Literal["goes on", "refused", "fails"]
"""The job goes on from the savepoint; Flink refuses to submit it; it fails while it restores."""

PAYMENTS = {
    "payment_id": "BIGINT NOT NULL",
    "customer_id": "INT",
    "status": "INT",
    "amount": "BIGINT",
    "country": "STRING",
    "event_time": "TIMESTAMP(3) NOT NULL",
}
CUSTOMERS = {
    "customer_id": "INT",
    "risk": "INT",
    "kyc": "INT",
    "name": "STRING",
    "updated_at": "TIMESTAMP(3) NOT NULL",
}
TABLES = {"payments": PAYMENTS, "refunds": PAYMENTS, "customers": CUSTOMERS}


class Job(NamedTuple):
    """A running job."""

    sql: str
    ttl: str = ""
    key: tuple[str, ...] = ()
    """The key it writes by, where its rows are updated."""


class Upgrade(NamedTuple):
    """A change of one of the `BASES`."""

    base: str
    sql: str
    verdict: StateVerdict
    outcome: Outcome
    ttl: str = ""
    key: tuple[str, ...] = ()
    """Left out, the base's."""
    connector: str = "blackhole"


_COUNT = "SELECT customer_id, COUNT(*) AS n FROM payments GROUP BY customer_id"
_INTERVAL = (
    "SELECT p.payment_id, c.risk FROM payments AS p JOIN customers AS c"
    " ON p.customer_id = c.customer_id"
    " AND p.event_time BETWEEN c.updated_at - INTERVAL '10' SECOND AND c.updated_at"
)
_JOIN = (
    "SELECT p.payment_id, c.risk FROM payments AS p JOIN customers AS c"
    " ON p.customer_id = c.customer_id"
)
_WINDOW = "TABLE(TUMBLE(TABLE payments, DESCRIPTOR(event_time), INTERVAL '10' SECOND))"
_TUMBLE = (
    "SELECT window_start, customer_id, COUNT(*) AS n"
    f" FROM {_WINDOW} GROUP BY window_start, window_end, customer_id"
)
_OVER = (
    "SELECT payment_id, SUM(amount) OVER (PARTITION BY customer_id ORDER BY event_time"
    " ROWS BETWEEN 3 PRECEDING AND CURRENT ROW) AS total FROM payments"
)
_TOP = (
    "SELECT payment_id, customer_id FROM (SELECT payment_id, customer_id, ROW_NUMBER() OVER"
    " (PARTITION BY customer_id ORDER BY amount DESC) AS place FROM payments) WHERE place <= 3"
)

BASES = {
    "count": Job(_COUNT, key=("customer_id",)),
    "interval": Job(_INTERVAL),
    "tumble": Job(_TUMBLE),
    "tumble of some": Job(_TUMBLE.replace(" GROUP", " WHERE status = 1 GROUP")),
    "join": Job(_JOIN),
    "over": Job(_OVER),
    "top": Job(_TOP, key=("customer_id",)),
    "count for an hour": Job(_COUNT, "1 h", ("customer_id",)),
}

# The first eighteen changes are those that were tried by hand before this project began.
UPGRADES = {
    "count: another sink": Upgrade("count", _COUNT, "safe", "goes on", connector="print"),
    "count: a filter": Upgrade(
        "count",
        "SELECT customer_id, COUNT(*) AS n FROM payments WHERE status = 1 GROUP BY customer_id",
        "drift",
        "goes on",
    ),
    "count: a sum in its place": Upgrade(
        "count", _COUNT.replace("COUNT(*)", "SUM(amount)"), "drift", "goes on"
    ),
    "count: another key of its type": Upgrade(
        "count", _COUNT.replace("customer_id", "status"), "drift", "goes on", key=("status",)
    ),
    "count: a sum as well": Upgrade(
        "count", _COUNT.replace("AS n", "AS n, SUM(amount) AS total"), "incompatible", "fails"
    ),
    "count: a key of another type": Upgrade(
        "count",
        _COUNT.replace("customer_id", "country"),
        "incompatible",
        "fails",
        key=("country",),
    ),
    "count: in windows": Upgrade("count", _TUMBLE, "drift", "goes on"),
    "count: of two streams": Upgrade(
        "count",
        "SELECT customer_id, COUNT(*) AS n FROM (SELECT customer_id FROM payments"
        " UNION ALL SELECT customer_id FROM refunds) GROUP BY customer_id",
        "incompatible",
        "refused",
    ),
    "interval: wider bounds": Upgrade(
        "interval", _INTERVAL.replace("'10'", "'20'"), "drift", "goes on"
    ),
    "interval: another column": Upgrade(
        "interval", _INTERVAL.replace("c.risk", "c.kyc"), "drift", "goes on"
    ),
    "interval: a left join": Upgrade(
        "interval", _INTERVAL.replace(" JOIN", " LEFT JOIN"), "drift", "goes on"
    ),
    "interval: one more column": Upgrade(
        "interval", _INTERVAL.replace("c.risk", "c.risk, c.kyc"), "incompatible", "fails"
    ),
    "tumble: a longer window": Upgrade(
        "tumble", _TUMBLE.replace("'10'", "'20'"), "drift", "goes on"
    ),
    "tumble: a sum in its place": Upgrade(
        "tumble", _TUMBLE.replace("COUNT(*)", "SUM(amount)"), "drift", "goes on"
    ),
    "tumble: a filter": Upgrade(
        "tumble of some",
        _TUMBLE.replace(" GROUP", " WHERE status = 2 GROUP"),
        "drift",
        "goes on",
    ),
    "tumble: hopping": Upgrade(
        "tumble",
        _TUMBLE.replace("TUMBLE(TABLE", "HOP(TABLE").replace(
            "INTERVAL", "INTERVAL '5' SECOND, INTERVAL"
        ),
        "drift",
        "goes on",
    ),
    "tumble: a sum as well": Upgrade(
        "tumble", _TUMBLE.replace("AS n", "AS n, SUM(amount) AS total"), "incompatible", "fails"
    ),
    "tumble: as a group window": Upgrade(
        "tumble",
        "SELECT TUMBLE_START(event_time, INTERVAL '10' SECOND) AS window_start, customer_id,"
        " COUNT(*) AS n FROM payments"
        " GROUP BY TUMBLE(event_time, INTERVAL '10' SECOND), customer_id",
        "incompatible",
        "refused",
    ),
    # Harmless ones.
    "count: other names": Upgrade(
        "count",
        "SELECT p.customer_id AS customer, COUNT(*) AS payments FROM payments AS p"
        " GROUP BY p.customer_id",
        "safe",
        "goes on",
        key=("customer",),
    ),
    "count: in other words": Upgrade(
        "count",
        "WITH paid AS (SELECT customer_id FROM payments)"
        " SELECT customer_id, COUNT(*) AS n FROM paid GROUP BY customer_id",
        "safe",
        "goes on",
    ),
    "count: dressed": Upgrade(
        "count", _COUNT.replace("COUNT(*)", "COUNT(*) * 100"), "safe", "goes on"
    ),
    "count: only the large ones": Upgrade(
        "count", f"{_COUNT} HAVING COUNT(*) > 5", "safe", "goes on"
    ),
    "interval: dressed": Upgrade(
        "interval",
        _INTERVAL.replace("c.risk", "CASE WHEN c.risk > 3 THEN 1 ELSE 0 END AS risky"),
        "safe",
        "goes on",
    ),
    "interval: columns the other way round": Upgrade(
        "interval",
        _INTERVAL.replace("p.payment_id, c.risk", "c.risk, p.payment_id"),
        "safe",
        "goes on",
    ),
    "tumble: the end as well": Upgrade(
        "tumble",
        _TUMBLE.replace("SELECT window_start,", "SELECT window_start, window_end,"),
        "safe",
        "goes on",
    ),
    "join: dressed": Upgrade(
        "join", _JOIN.replace("c.risk", "c.risk + 1 AS risk"), "safe", "goes on"
    ),
    "count: beside other rows": Upgrade(
        "count", f"{_COUNT} UNION ALL SELECT customer_id, amount FROM refunds", "pinned", "refused"
    ),
    # What else people do.
    "tumble: a first filter": Upgrade(
        "tumble", _TUMBLE.replace(" GROUP", " WHERE status = 1 GROUP"), "incompatible", "refused"
    ),
    "tumble: no filter": Upgrade("tumble of some", _TUMBLE, "incompatible", "refused"),
    "count: state that ends": Upgrade("count", _COUNT, "safe", "goes on", ttl="1 h"),
    "count: state that ends earlier": Upgrade(
        "count for an hour", _COUNT, "safe", "goes on", ttl="1 min"
    ),
    "count: state that ends later": Upgrade(
        "count for an hour", _COUNT, "drift", "goes on", ttl="2 h"
    ),
    "count: state that does not end": Upgrade("count for an hour", _COUNT, "drift", "goes on"),
    "count: an average": Upgrade(
        "count", _COUNT.replace("COUNT(*)", "AVG(amount)"), "incompatible", "fails"
    ),
    "count: a maximum": Upgrade(
        "count", _COUNT.replace("COUNT(*)", "MAX(amount)"), "drift", "goes on"
    ),
    "count: distinct": Upgrade(
        "count", _COUNT.replace("COUNT(*)", "COUNT(DISTINCT status)"), "incompatible", "fails"
    ),
    "count: then ranked": Upgrade(
        "count",
        "SELECT customer_id, n FROM (SELECT *, ROW_NUMBER() OVER (ORDER BY n DESC) AS place"
        f" FROM ({_COUNT})) WHERE place <= 3",
        "drift",
        "refused",
    ),
    "join: a left join": Upgrade(
        "join",
        _JOIN.replace(" JOIN", " LEFT JOIN"),
        "incompatible",
        "fails",
        key=("payment_id",),
    ),
    "join: one more column": Upgrade(
        "join", _JOIN.replace("c.risk", "c.risk, c.kyc"), "incompatible", "fails"
    ),
    "join: a filter": Upgrade("join", f"{_JOIN} WHERE p.status = 1", "drift", "goes on"),
    "join: another condition": Upgrade(
        "join", f"{_JOIN} AND c.risk > p.payment_id", "drift", "goes on"
    ),
    "over: more rows": Upgrade("over", _OVER.replace("3 PREC", "5 PREC"), "drift", "goes on"),
    "over: a maximum": Upgrade("over", _OVER.replace("SUM", "MAX"), "incompatible", "fails"),
    "top: five": Upgrade("top", _TOP.replace("<= 3", "<= 5"), "drift", "goes on"),
    "top: the other end": Upgrade("top", _TOP.replace("DESC", "ASC"), "drift", "goes on"),
}
