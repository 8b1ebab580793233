"""Alert rules as Prometheus reads them: a group of expressions with labels and a summary."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from cdk_stream.cli.main import main

ROOT = Path(__file__).parents[3]
PROJECT = """\
name: shop
default_cluster: main
owners: { team: {} }
clusters:
  main:
    kafka: { bootstrap_servers: "kafka:9092" }
    flink: { sql_gateway: "http://flink:8083", version: "2.2" }
environments: { dev: {} }
"""
NODES = """\
sources:
  - name: orders
    topic: orders
    format: json
    columns: [{ name: id, type: STRING }]
"""
REST = """\
tests:
  - name: fine
    model: orders
    owner: team
    continuous: true
    assertions: [{ not_null: { column: id } }]
    on_failure: { severity: warn }
  - name: seldom
    model: orders
    assertions: [{ not_null: { column: id } }]
exposures:
  - name: board
    type: dashboard
    owner: team
    consumes: [orders]
    consumer_config: { consumer_group: board, max_lag_messages: 500, max_lag_seconds: 1.5 }
  - name: script
    type: application
    consumes: [orders]
    consumer_config: { max_lag_messages: 500 }
"""
_METRIC = re.compile(r"cdk_stream_\w+")


@pytest.fixture
def rules(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> list[dict[str, Any]]:
    monkeypatch.setenv("CDK_STREAM_CACHE", str(tmp_path / "cache"))
    for name, text in (
        ("stream_project.yml", PROJECT),
        ("sources/orders.yml", NODES),
        ("tests/orders.yml", REST),
    ):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    command = ["alerts", "--environment", "dev", "--project-dir", str(tmp_path)]
    assert main(command) == 0, capsys.readouterr()
    document = yaml.safe_load(capsys.readouterr().out)
    (group,) = document["groups"]
    assert group["name"] == "cdk-stream shop dev"
    found: list[dict[str, Any]] = group["rules"]
    return found


def test_a_rule_is_as_prometheus_wants_it(rules: list[dict[str, Any]]) -> None:
    for rule in rules:
        assert rule.keys() == {"alert", "expr", "for", "labels", "annotations"}
        assert re.fullmatch(r"\d+[sm]", rule["for"])
        assert rule["expr"].count("{") == rule["expr"].count("}") == 1
        assert set(rule["labels"]) <= {"severity", "owner"}


def test_each_limit_and_each_continuous_test_has_a_rule(rules: list[dict[str, Any]]) -> None:
    place = 'project="shop",environment="dev"'
    assert [rule["expr"] for rule in rules] == [
        f"absent(cdk_stream_fine{{{place}}})",
        f"cdk_stream_resource_fine{{{place}}} == 0",
        f'cdk_stream_reader_lag_rows{{{place},exposure="exposure.board"}} > 500',
        f'cdk_stream_reader_lag_seconds{{{place},exposure="exposure.board"}} > 1.5',
        f'increase(cdk_stream_violations_total{{{place},test="fine"}}[5m]) > 0',
    ]
    assert [rule["labels"] for rule in rules[2:]] == [
        {"severity": "error", "owner": "team"},
        {"severity": "error", "owner": "team"},
        {"severity": "warn", "owner": "team"},
    ]


def test_every_metric_is_one_that_is_written(rules: list[dict[str, Any]]) -> None:
    written = (ROOT / "core/cdk_stream/report/status_prometheus.py").read_text(encoding="utf-8")
    for rule in rules:
        assert f'"{_METRIC.findall(rule["expr"])[0]}"' in written
