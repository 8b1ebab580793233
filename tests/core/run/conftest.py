"""A project of a few sources and whatever models a test writes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from cdk_stream.workflow.compile import Compiled, compile_project

PROJECT = """\
name: shop
default_cluster: prod
clusters:
  prod:
    kafka: { bootstrap_servers: "localhost:1" }
    gateway: { url: "http://localhost:1", bootstrap_servers: "localhost:1", version: "3.15" }
    flink: { sql_gateway: "http://localhost:1", version: "2.3" }
event_time: { watermark: "5 seconds" }
functions:
  DOUBLED: { returns: BIGINT, class: a.Doubled, jar: "file:///a.jar" }
  MIDDLE: { returns: BIGINT, kind: aggregate, class: a.Middle, jar: "file:///a.jar" }
  PARTS: { returns: "ROW<part STRING>", kind: table, class: a.Parts, jar: "file:///a.jar" }
"""
SOURCES = """\
sources:
  - name: orders
    event_time: { column: at, watermark: "5 seconds" }
    columns:
      - { name: id, type: STRING }
      - { name: customer, type: STRING }
      - { name: cents, type: BIGINT }
      - { name: at, type: TIMESTAMP(3) }
  - name: customers
    format: debezium_json
    key: id
    columns:
      - { name: id, type: STRING }
      - { name: city, type: STRING }
"""
Make = Callable[..., Compiled]


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The project's folder."""
    monkeypatch.setenv("CDK_STREAM_CACHE", str(tmp_path / "cache"))
    root = tmp_path / "shop"
    (root / "models").mkdir(parents=True)
    (root / "sources").mkdir()
    (root / "stream_project.yml").write_text(PROJECT)
    (root / "sources/all.yml").write_text(SOURCES)
    return root


@pytest.fixture
def make(shop: Path) -> Make:
    """Compiles the project with a model for each name that is given a query, or CEL."""

    def make(**models: str) -> Compiled:
        for name, text in models.items():
            body = text if text.startswith("cel: ") else f"sql: |\n      {text}"
            lines = ["models:", f"  - name: {name}", f"    {body}"]
            if text.startswith("cel: "):
                lines.append("    from: { source: orders }")
            else:
                lines.append("    materialized: flink_stream")
            (shop / f"models/{name}.yml").write_text("\n".join(lines) + "\n")
        compiled = compile_project(shop)
        assert compiled.compilation.ok, compiled.compilation.problems
        return compiled

    return make
