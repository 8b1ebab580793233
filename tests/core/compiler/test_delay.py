"""How long a row needs at least, over a chain of models."""

from __future__ import annotations

import pytest

from cdk_stream.workflow.compile import compile_tree
from tests.core.compiler.test_reuse import Held

MINUTE = 60_000
PROJECT = {
    "stream_project.yml": """
name: chain
default_cluster: eu
clusters:
  eu:
    kafka: {bootstrap_servers: "k:9092"}
    gateway: {url: "http://g:8888", bootstrap_servers: "g:6969"}
    flink: {sql_gateway: "http://f:8083"}
""",
    "sources/raw.yml": """
sources:
  - name: raw
    key: id
    columns:
      - {name: id, type: STRING}
      - {name: amount, type: BIGINT}
      - {name: ts, type: TIMESTAMP_LTZ(3)}
    event_time: {column: ts, watermark: 5 seconds}
""",
}
SLOW = """
models:
  - name: slow
    materialized: flink_stream
    DELIVERY
    sql: |
      SELECT id, QUERY
"""
AFTER = """
  - name: after
    materialized: virtual_topic
    sql: SELECT id FROM {{ ref("slow") }} WHERE id <> ''
"""


def ways(query: str, delivery: str = "") -> list[tuple[object, object]]:
    text = (SLOW + AFTER).replace("QUERY", query).replace("DELIVERY", delivery)
    compilation = compile_tree(Held({**PROJECT, "models/slow.yml": text})).compilation
    assert compilation.ok, compilation.problems
    nodes = compilation.manifest().nodes
    return [
        (nodes[node].get("delay_ms"), nodes[node]["hops"])
        for node in ("source.raw", "model.slow", "model.after")
    ]


RAW = '{{ source("raw") }}'


@pytest.mark.parametrize(
    ("query", "waits"),
    [
        (f"amount FROM {RAW} WHERE amount > 1", 0),
        (f"COUNT(*) AS n FROM {RAW} GROUP BY id, TUMBLE(ts, INTERVAL '5' MINUTE)", 5 * MINUTE),
        (
            f"COUNT(*) AS n FROM {RAW}"
            " GROUP BY id, HOP(ts, INTERVAL '1' MINUTE, INTERVAL '1' HOUR)",
            MINUTE,
        ),
        (
            f"COUNT(*) AS n FROM TABLE(TUMBLE(TABLE {RAW}, DESCRIPTOR(ts), INTERVAL '2' MINUTE))"
            " GROUP BY id, window_start, window_end",
            2 * MINUTE,
        ),
    ],
)
def test_a_window_is_waited_for(query: str, waits: int) -> None:
    source, slow, after = ways(query)
    late = 5_000 if waits else 0  # and for the watermark
    assert source == (0, 0)
    assert slow == (waits + late, 1)
    assert after == slow


def test_transactions_are_seen_when_they_end() -> None:
    _, slow, _ = ways(f"amount FROM {RAW} WHERE amount > 1", "delivery: exactly_once")
    assert slow == (MINUTE, 1)


def test_a_longer_window_upstream_reaches_who_is_not_compiled_anew() -> None:
    query = f"COUNT(*) AS n FROM {RAW} GROUP BY id, TUMBLE(ts, INTERVAL '5' MINUTE)"
    slow = SLOW.replace("DELIVERY", "").replace("QUERY", query)
    files = {**PROJECT, "models/slow.yml": slow, "models/after.yml": f"models:\n{AFTER}"}
    before = compile_tree(Held(files)).compilation
    files["models/slow.yml"] = slow.replace("'5'", "'7'")
    after = compile_tree(Held(files), before).compilation
    assert after.manifest().nodes["model.after"]["delay_ms"] == 7 * MINUTE + 5_000
