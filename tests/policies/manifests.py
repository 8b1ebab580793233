"""Manifests as the compiler writes them, of any size, for judging without compiling."""

from __future__ import annotations

from typing import Any

import orjson

from cdk_stream.results.manifest import Manifest

COLUMNS = 10
MODELS_PER_SOURCE = 20
MODELS_PER_SINK = 10
MODELS_PER_EXPOSURE = 10
CLASSES = ("public", "internal", "confidential", "sensitive", "highly_sensitive")

PROJECT: dict[str, Any] = {
    "name": "large",
    "version": "1.0",
    "default_cluster": "prod-eu",
    "owners": {f"team-{i}": {"github": [f"@acme/team-{i}"]} for i in range(8)},
    "governance": {"owners": ["team-0"]},
    "clusters": {"prod-eu": {"region": "EU"}, "prod-eu-2": {"region": "EU"}},
    "roles": {"support": {"group": "support", "service_accounts": ["support-ui"]}},
    "connectors": {"warehouse": {"kind": "snowflake", "region": "EU", "version": "3"}},
    "kms": ["kms://prod"],
}


def manifest(models: int) -> Manifest:
    """A green project: chains of models under a source each, sinks, tests and exposures."""
    nodes: dict[str, dict[str, Any]] = {}
    parents: dict[str, tuple[str, ...]] = {}
    for i in range(models):
        source = f"source.s{i // MODELS_PER_SOURCE}"
        if i % MODELS_PER_SOURCE == 0:
            nodes[source] = _source(source)
            parents[source] = ()
        parent = source if i % MODELS_PER_SOURCE == 0 else f"model.m{i - 1}"
        sink = i % MODELS_PER_SINK == MODELS_PER_SINK - 1
        model = f"model.m{i}"
        nodes[model] = _model(model, parent, source, i, sink)
        parents[model] = (parent,)
        test = f"test.t{i}"
        nodes[test] = _test(test, model)
        parents[test] = (model,)
        if i % MODELS_PER_EXPOSURE == 0:
            exposure = f"exposure.e{i}"
            nodes[exposure] = _exposure(exposure, model)
            parents[exposure] = (model,)
    fragments = {
        name: orjson.dumps(node, option=orjson.OPT_SORT_KEYS) for name, node in nodes.items()
    }
    return Manifest(PROJECT, fragments, parents)


def _name(node_id: str) -> str:
    return node_id.partition(".")[2]


def _place(node_id: str, kind: str, number: int = 0) -> dict[str, Any]:
    return {
        "id": node_id,
        "kind": kind,
        "name": _name(node_id),
        "path": f"{kind}s/{_name(node_id)}.yml",
        "pointer": f"/{kind}s/{number}",
        "tags": [],
    }


def _stream(node_id: str, kind: str) -> dict[str, Any]:
    name = _name(node_id)
    return {
        **_place(node_id, kind),
        "owner": f"team-{len(name) % 8}",
        "cluster": "prod-eu",
        "region": "EU",
        "topic": name,
        "physical_topics": [name],
        "format": "json",
        "key": ["c0"],
        "event_time": "c9",
        "watermark_ms": 5000,
        "changelog": "append",
        "delay_ms": 0,
        "hops": 0,
        "open": False,
        "influences": [],
        "features": [],
        "artifacts": [],
        "warnings": 0,
    }


def _column(index: int, edges: list[list[str]], origin: list[str]) -> dict[str, Any]:
    level = CLASSES[index % 5]
    protection = {
        "method": "mask",
        "origin": origin,
        "declared_by": "model.m0",
        "masking": "mask_all",
        "roles": ["support"],
        "allowed": [],
    }
    column = {
        "type": "STRING",
        "nullable": True,
        "classification": level,
        "declared": not edges,
        "tags": [],
        "analysis": "exact",
        "edges": edges,
        "origins": [origin],
        "copies": [origin],
    }
    return column | ({"protections": [protection]} if level == "highly_sensitive" else {})


def _columns(source: str, parent: str = "") -> dict[str, Any]:
    return {
        f"c{i}": _column(i, [[parent, f"c{i}", "identity"]] if parent else [], [source, f"c{i}"])
        for i in range(COLUMNS)
    }


def _source(node_id: str) -> dict[str, Any]:
    return {
        **_stream(node_id, "source"),
        "type": "kafka_topic",
        "materialized": "kafka_topic",
        "columns": _columns(node_id),
    }


def _model(node_id: str, parent: str, source: str, number: int, sink: bool) -> dict[str, Any]:
    node = {
        **_stream(node_id, "model"),
        "materialized": "virtual_topic",
        "backend": "proxy",
        "columns": _columns(source, parent),
        "influences": [[parent, "c3", ["filter"]]],
        "features": ["filter", "projection"],
        "sql": f"SELECT {', '.join(f'c{i}' for i in range(COLUMNS))} FROM {parent} WHERE c3 = 'A'",
        "allowed_clusters": ["prod-eu", "prod-eu-2"],
        "forbidden_sinks": [],
        "public": False,
        "functions": [],
        "fingerprint": f"{number:064x}",
        "filters": ["c3 IN ('A', 'B')"],
        "artifacts": [_artifact(node_id, number)],
    }
    if sink:
        target = {"type": "snowflake_table", "connector": "warehouse", "config": {"table": "T"}}
        node |= {"materialized": "sink", "backend": "connect", "sink": target}
    return node


def _artifact(node_id: str, number: int) -> dict[str, Any]:
    name = _name(node_id)
    return {
        "kind": "interceptor",
        "name": name,
        "cluster": "prod-eu",
        "file": f"prod-eu/interceptor/{name}.json",
        "digest": f"{number:064x}",
    }


def _test(node_id: str, model: str) -> dict[str, Any]:
    assertion = {"kind": "not_null", "column": ["c0"]}
    return {
        **_place(node_id, "test"),
        "model": model,
        "type": "streaming",
        "assertions": [assertion],
        "on_failure": {"severity": "error"},
        "depends_on": [model],
        "warnings": 0,
    }


def _exposure(node_id: str, model: str) -> dict[str, Any]:
    return {
        **_place(node_id, "exposure"),
        "type": "application",
        "role": "consumer",
        "owner": "team-1",
        "produces": [],
        "consumes": [model],
        "columns": [],
        "access": {"roles": ["support"]},
        "service_accounts": [],
        "artifacts": [],
        "warnings": 0,
    }
