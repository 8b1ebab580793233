"""A project with one job, as the compiler sees it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import orjson

from cdk_stream.plugin.change import Version
from cdk_stream.tree import WorkTree
from cdk_stream.workflow.change import version
from cdk_stream.workflow.compile import compile_tree
from tests.plugins.flink.state.upgrades import TABLES

_READ = re.compile(rf"\b(FROM|JOIN|TABLE) ({'|'.join(TABLES)})\b")
MODEL = "model.result"


def shop(
    folder: Path,
    sql: str,
    ttl: str = "",
    *,
    ledger: bytes = b"",
    sources: dict[str, dict[str, Any]] | None = None,
    flink: dict[str, Any] | None = None,
    **model: Any,
) -> Version:
    """A compiled project whose one model is `sql`; `sources` and `flink` add to what they have."""
    cluster = {
        "kafka": {"bootstrap_servers": "kafka:9092"},
        "flink": {"sql_gateway": "http://flink:8083", "version": "2.3", **(flink or {})},
    }
    project = {
        "name": "shop",
        "default_cluster": "main",
        "clusters": {"main": cluster},
        "functions": model.pop("functions", {}),
    }
    tables = [_source(name, (sources or {}).get(name, {})) for name in TABLES]
    body = {"name": "result", "materialized": "flink_stream", "sql": _named(sql), **model}
    if ttl:
        body["state_ttl"] = ttl.replace(" ", "")
    files = {
        "stream_project.yml": project,
        "sources/tables.yml": {"sources": tables},
        "models/result.yml": {"models": [body]},
    }
    for path, document in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(orjson.dumps(document))
    if ledger:
        (folder / "state").mkdir(exist_ok=True)
        (folder / "state" / "result.json").write_bytes(ledger)
    compiled = compile_tree(WorkTree(folder))
    assert compiled.compilation.ok, compiled.compilation.problems
    return version(compiled)


def _source(name: str, more: dict[str, Any]) -> dict[str, Any]:
    columns = TABLES[name]
    (time,) = (column for column, type_ in columns.items() if type_.startswith("TIMESTAMP"))
    return {
        "name": name,
        "type": "kafka_topic",
        "topic": name,
        "format": "json",
        "event_time": time,
        "columns": [{"name": column, "type": type_} for column, type_ in columns.items()],
        **more,
    }


def _named(sql: str) -> str:
    return _READ.sub(r'\1 {{ source("\2") }}', sql)
