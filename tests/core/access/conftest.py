"""Small projects, compiled as a user would."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from cdk_stream.results.manifest import Manifest
from cdk_stream.workflow.compile import compile_project

PROJECT: dict[str, Any] = {
    "name": "shop",
    "version": "1",
    "default_cluster": "eu",
    "clusters": {
        "eu": {
            "kafka": {"bootstrap_servers": "kafka:9092"},
            "flink": {"sql_gateway": "http://flink:8083"},
            "gateway": {"url": "http://gateway:8888", "bootstrap_servers": "gateway:6969"},
            "connect": {"url": "http://connect:8083"},
        }
    },
    "roles": {
        "support": {"service_accounts": ["desk"]},
        "fraud": {"service_accounts": ["scoring"]},
    },
    "connectors": {"files": {"kind": "file"}},
}
PAYMENTS: dict[str, Any] = {
    "name": "payments",
    "type": "kafka_topic",
    "topic": "payments.v1",
    "columns": [
        {"name": "id", "type": "STRING", "nullable": False},
        {"name": "card", "type": "STRING", "nullable": False},
        {"name": "amount", "type": "BIGINT", "nullable": False},
    ],
}
Compile = Callable[..., Manifest]


@pytest.fixture
def compiled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Compile:
    """`compiled(models=[...], exposures=[...], rules=[...], roles={...})`."""
    monkeypatch.setenv("CDK_STREAM_CACHE", str(tmp_path / "cache"))

    def compile_(
        models: list[Any] | None = None,
        exposures: list[Any] | None = None,
        rules: list[Any] | None = None,
        source: dict[str, Any] | None = None,
        **project: Any,
    ) -> Manifest:
        security = {"policies": rules or []} | (source or {}).pop("security", {})
        payments = PAYMENTS | {"security": security} | (source or {})
        _write(tmp_path / "stream_project.yml", PROJECT | project)
        _write(tmp_path / "sources" / "a.yml", {"sources": [payments]})
        _write(tmp_path / "models" / "a.yml", {"models": models or []})
        _write(tmp_path / "exposures" / "a.yml", {"exposures": exposures or []})
        done = compile_project(tmp_path)
        assert done.compilation.ok, list(map(str, done.compilation.problems))
        return done.manifest

    return compile_


def _write(path: Path, document: Any) -> None:
    """JSON is YAML."""
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(document), encoding="utf-8")
