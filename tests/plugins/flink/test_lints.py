"""Lints on whole projects: none on the example, the right ones on one that asks for them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from cdk_stream.cli.main import main

ROOT = Path(__file__).parents[3]
Shown = pytest.CaptureFixture[str]
LINTS = {"CS433", "CS434", "CS435", "CS439", "CS448", "CS622", "CS623", "CS631", "CS632"}
PROJECT = """\
name: shop
default_cluster: prod
clusters:
  prod:
    kafka: { bootstrap_servers: "kafka:9092" }
    schema_registry: { url: "http://registry:8081" }
    flink: { sql_gateway: "http://flink:8083", version: "2.3" }
default_classification: internal
"""
SOURCES = """\
sources:
  - name: orders
    type: kafka_topic
    topic: orders
    format: json
    key: id
    event_time: { column: at, watermark: 5 seconds }
    columns:
      - { name: id, type: STRING }
      - { name: product, type: STRING }
      - { name: cents, type: BIGINT }
      - { name: at, type: TIMESTAMP_LTZ(3) }
  - name: products
    type: kafka_topic
    topic: products
    format: debezium_json
    key: sku
    columns:
      - { name: sku, type: STRING }
      - { name: label, type: STRING }
"""
MODELS = """\
models:
  - name: big
    materialized: flink_stream
    sql: SELECT id, product, cents, `at` FROM {{ source("orders") }} WHERE cents > 1000
  - name: per_minute
    materialized: flink_stream
    sql: |
      SELECT product, window_start, SUM(cents) AS cents
      FROM TABLE(TUMBLE(TABLE {{ ref("big") }}, DESCRIPTOR(`at`), INTERVAL '1' MINUTE))
      GROUP BY product, window_start, window_end
  - name: labelled
    key: [id, sku]
    materialized: flink_stream
    sql: |
      SELECT o.id, p.sku, p.label, NOW() AS seen FROM {{ source("orders") }} o
      JOIN {{ source("products") }} p ON o.product = p.sku
"""


def codes(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: Shown) -> dict[str, str]:
    """Code -> file and line, of the lints that a check tells."""
    monkeypatch.setenv("CDK_STREAM_CACHE", str(folder.parent / "cache"))
    main(["check", "--format", "json", "--project-dir", str(folder)])
    problems = json.loads(capsys.readouterr().out)["problems"]
    return {
        problem["code"]: f"{problem['location']['path']}:{problem['location']['line']}"
        for problem in problems
        if problem["code"] in LINTS
    }


def test_the_example_gets_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Shown
) -> None:
    example = ROOT / "examples" / "fraud"
    shutil.copytree(example, tmp_path / "fraud", ignore=shutil.ignore_patterns("target"))
    assert codes(tmp_path / "fraud", monkeypatch, capsys) == {}


def test_a_project_that_asks_for_them_gets_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Shown
) -> None:
    folder = tmp_path / "shop"
    for name, text in (("sources/a", SOURCES), ("models/a", MODELS), ("stream_project", PROJECT)):
        path = folder / f"{name}.yml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert codes(folder, monkeypatch, capsys) == {
        "CS434": "models/a.yml:16",  # a join that keeps all rows
        "CS439": "models/a.yml:15",  # NOW() in rows that are taken back
        "CS623": "models/a.yml:12",  # written by another key than the query's
        "CS631": "models/a.yml:7",  # a window that an idle partition holds open
        "CS632": "models/a.yml:2",  # two jobs where one would do
    }
