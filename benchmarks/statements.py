"""The SQL of each kind of model; `$a` and `$b` stand for its inputs, `$n` for a number."""

from __future__ import annotations

from string import Template

from shape import COLUMNS, Node

_ALL = ",\n  ".join(COLUMNS)
_PLAIN = ",\n  ".join(COLUMNS[:5])

_WINDOW = """SELECT
  customer_id,
  currency,
  {start} AS window_start,
  {end} AS window_end,
  COUNT(*) AS events,
  SUM(amount_cents) AS total_cents,
  MIN(amount_cents) AS smallest_cents,
  MAX(amount_cents) AS largest_cents,
  AVG(score) AS mean_score,
  COUNT(DISTINCT event_id) AS distinct_events
FROM {table}
GROUP BY customer_id, currency, {group}
"""

FLINK = {
    "filter": f"""SELECT
  {_ALL}
FROM $a
WHERE status IN ('AUTHORIZED', 'CAPTURED') AND amount_cents > $n
""",
    "case": f"""SELECT
  {_PLAIN},
  UPPER(currency) AS currency,
  status,
  CASE
    WHEN amount_cents > 1000$n THEN 'desk'
    WHEN amount_cents > 100$n THEN 'phone'
    ELSE COALESCE(channel, 'web')
  END AS channel,
  score,
  event_time
FROM $a
""",
    "over": f"""SELECT
  {_PLAIN},
  currency,
  status,
  channel,
  CAST(SUM(amount_cents) OVER (
    PARTITION BY customer_id
    ORDER BY event_time
    RANGE BETWEEN INTERVAL '1' HOUR PRECEDING AND CURRENT ROW
  ) AS DOUBLE) AS score,
  event_time
FROM $a
""",
    "udf": f"""SELECT
  {_PLAIN},
  currency,
  status,
  channel,
  RISK_SCORE(amount_cents, currency, status, score) AS score,
  event_time
FROM $a
""",
    "subquery": f"""SELECT
  t.*
FROM (
  SELECT
    {_ALL}
  FROM $a
  WHERE score > 0.$n OR channel <> 'test'
) AS t
""",
    "window": _WINDOW.format(
        start="TUMBLE_START(event_time, INTERVAL '5' MINUTE)",
        end="TUMBLE_END(event_time, INTERVAL '5' MINUTE)",
        group="TUMBLE(event_time, INTERVAL '5' MINUTE)",
        table="$a",
    ),
    "window_tvf": _WINDOW.format(
        start="window_start",
        end="window_end",
        group="window_start, window_end",
        table="TABLE(TUMBLE(TABLE $a, DESCRIPTOR(event_time), INTERVAL '5' MINUTES))",
    ),
    "latest": f"""WITH ranked AS (
  SELECT
    {_ALL},
    ROW_NUMBER() OVER (PARTITION BY customer_id ORDER BY event_time DESC) AS row_num
  FROM $a
)
SELECT
  {_ALL}
FROM ranked
WHERE row_num = 1
""",
    "union": f"""SELECT
  {_ALL}
FROM $a
WHERE channel = 'web'
UNION ALL
SELECT
  {_ALL}
FROM $b
WHERE channel <> 'web'
""",
    "join": """SELECT
  p.event_id,
  p.customer_id,
  p.card_number,
  c.email,
  p.amount_cents + c.amount_cents AS amount_cents,
  p.currency,
  c.status,
  COALESCE(p.channel, c.channel) AS channel,
  p.score * 0.5 + c.score * 0.5 AS score,
  p.event_time
FROM $a AS p
JOIN $b AS c
  ON p.customer_id = c.customer_id
  AND p.event_time BETWEEN c.event_time AND c.event_time + INTERVAL '1' HOUR
""",
}

_BUCKET = "TIME_BUCKET(INTERVAL '5' MINUTE, event_time)"
_DUCKDB_WINDOW = _WINDOW.format(
    start=_BUCKET, end=f"{_BUCKET} + INTERVAL '5' MINUTE", group=_BUCKET, table="$a"
)
DUCKDB = FLINK | {"window": _DUCKDB_WINDOW, "window_tvf": _DUCKDB_WINDOW}

_TEMPLATES = {
    id(dialect): {kind: Template(sql) for kind, sql in dialect.items()}
    for dialect in (FLINK, DUCKDB)
}


def statement(node: Node, inputs: tuple[str, ...], dialect: dict[str, str] = FLINK) -> str:
    """The SQL of `node`, reading `inputs` as they are written in the target's language."""
    template = _TEMPLATES[id(dialect)][node.kind]
    return template.substitute(a=inputs[0], b=inputs[-1], n=node.number % 1000)
