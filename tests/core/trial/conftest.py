"""A project with a model that filters, one that joins, and whatever tests are written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from cdk_stream.results.outcome import Outcome
from cdk_stream.workflow.compile import compile_project
from cdk_stream.workflow.unit import UnitRunner, unit_tests

PROJECT = """\
name: shop
default_cluster: prod
clusters:
  prod:
    kafka: { bootstrap_servers: "localhost:1" }
    gateway: { url: "http://localhost:1", bootstrap_servers: "localhost:1", version: "3.15" }
    flink: { sql_gateway: "http://localhost:1", version: "2.3" }
roles:
  support: { group: support, service_accounts: [desk] }
  nobody: { group: nobody, service_accounts: [none] }
event_time: { watermark: "5 seconds" }
"""
SOURCES = """\
sources:
  - name: orders
    event_time: { column: paid_on, watermark: "5 seconds" }
    columns:
      - { name: id, type: STRING, classification: internal }
      - { name: customer, type: STRING, classification: internal }
      - { name: cents, type: BIGINT, classification: internal }
      - { name: rate, type: DOUBLE, classification: internal }
      - { name: paid_on, type: TIMESTAMP(3), classification: internal }
  - name: customers
    format: debezium_json
    key: id
    columns:
      - { name: id, type: STRING, classification: internal }
      - { name: city, type: STRING, classification: confidential }
"""
MODELS = """\
models:
  - name: paid
    materialized: flink_stream
    owner: shop
    sql: |
      SELECT id, customer, cents, rate * 3 AS triple, paid_on
      FROM {{ source("orders") }} WHERE cents > 0
    security:
      policies:
        - mask:
            column: customer
            method: mask_all
            applied_in: [{ roles: [support] }]
  - name: per_minute
    materialized: flink_stream
    sql: |
      SELECT window_start, COUNT(*) AS orders, SUM(cents) AS cents
      FROM TABLE(TUMBLE(TABLE {{ ref("paid") }}, DESCRIPTOR(paid_on), INTERVAL '1' MINUTE))
      GROUP BY window_start, window_end
  - name: cities
    materialized: flink_stream
    sql: SELECT id, city FROM {{ source("customers") }} WHERE city <> 'X'
  - name: parsed
    materialized: flink_stream
    sql: SELECT id, CAST(customer AS INT) AS number FROM {{ source("orders") }}
"""
EXPOSURES = """\
exposures:
  - name: desk
    type: application
    role: consumer
    consumes: [ref("paid")]
    access: { allowed_roles: [support] }
"""
Try = Callable[[str], list[Outcome]]


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The project's folder, current."""
    monkeypatch.setenv("CDK_STREAM_CACHE", str(tmp_path / "cache"))
    root = tmp_path / "shop"
    for folder in ("models", "sources", "tests", "exposures"):
        (root / folder).mkdir(parents=True)
    (root / "stream_project.yml").write_text(PROJECT)
    (root / "sources/all.yml").write_text(SOURCES)
    (root / "models/all.yml").write_text(MODELS)
    (root / "exposures/all.yml").write_text(EXPOSURES)
    monkeypatch.chdir(root)
    return root


@pytest.fixture
def tried(shop: Path) -> Try:
    """Writes tests/unit.yml and runs what it holds."""

    def tried(text: str) -> list[Outcome]:
        (shop / "tests/unit.yml").write_text(text)
        compiled = compile_project(shop)
        assert compiled.compilation.ok, compiled.compilation.problems
        runner = UnitRunner(compiled, shop)
        return [runner.run(one) for one in unit_tests(compiled).values()]

    return tried


def unit(model: str, given: str, expect: str, more: str = "") -> str:
    """A file with one unit test, its parts in YAML's flow style."""
    lines = ["tests:", "  - name: it_works", "    type: unit", f"    model: {model}"]
    lines += [f"    given: {given}", f"    expect: {expect}"]
    return "\n".join(lines + ([f"    {more}"] if more else [])) + "\n"
