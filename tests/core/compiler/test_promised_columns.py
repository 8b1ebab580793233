"""Columns that a model, or its contract, is held to; a sink's are those that its target expects."""

from __future__ import annotations

import json
from typing import Any

import pytest

from cdk_stream.workflow.compile import compile_tree
from tests.core.compiler.test_reuse import Held

PROJECT = {
    "name": "shop",
    "default_cluster": "eu",
    "clusters": {
        "eu": {"kafka": {"bootstrap_servers": "k:9092"}, "connect": {"url": "http://c:8083"}}
    },
    "connectors": {"files": {"kind": "file"}},
}
ORDERS = {
    "name": "orders",
    "columns": [{"name": "id", "type": "STRING"}, {"name": "amount", "type": "BIGINT"}],
}
SINK = {
    "name": "out",
    "materialized": "sink",
    "from": {"source": "orders"},
    "sink": {"type": "file", "connector": "files", "config": {"path": "/tmp/out"}},
}


def told(**keys: Any) -> list[tuple[str, int, str]]:
    """(code, line, message); every key of the sink stands on a line of its own."""
    documents = {"sources/a.yml": {"sources": [ORDERS]}, "models/a.yml": {"models": [SINK | keys]}}
    files = {path: json.dumps(found, indent=1) for path, found in documents.items()}
    files["stream_project.yml"] = json.dumps(PROJECT)
    compilation = compile_tree(Held(files)).compilation
    return [(one.code, one.location.line, one.message) for one in compilation.problems]


@pytest.mark.parametrize("column", [{"name": "id", "type": "STRING"}, {"name": "amount"}])
def test_columns_that_are_there(column: dict[str, str]) -> None:
    assert told(columns=[column], contract={"columns": [column]}) == []


@pytest.mark.parametrize("at", ["columns", "contract"])
def test_a_column_that_is_not_there(at: str) -> None:
    expected: Any = [{"name": "amuont", "type": "BIGINT"}]
    keys = {"columns": expected} if at == "columns" else {"contract": {"columns": expected}}
    ((code, line, message),) = told(**keys)
    assert (code, message) == ("CS404", "there is no column 'amuont' in the output")
    assert line > 1


@pytest.mark.parametrize("at", ["columns", "contract"])
def test_a_column_of_another_type(at: str) -> None:
    expected: Any = [{"name": "amount", "type": "STRING"}]
    keys = {"columns": expected} if at == "columns" else {"contract": {"columns": expected}}
    ((code, _, message),) = told(**keys)
    assert code == "CS406"
    assert message.startswith("'amount' is BIGINT in ") and message.endswith("not STRING")
