"""Compiled projects made by hand, for tests of policies and of what reads a manifest."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from cdk_stream.results.manifest import Manifest, Node

Columns = Mapping[str, Mapping[str, Any]]


def column(type_: str = "STRING", *inputs: str, how: str = "identity", **more: Any) -> Node:
    """A column made of `inputs`, each as `source.payments.amount`; `more` is kept as it is."""
    edges = [[*name.rsplit(".", 1), how] for name in inputs]
    return {
        "type": type_,
        "nullable": True,
        "classification": "internal",
        "declared": True,
        "tags": [],
        "analysis": "exact",
        "edges": edges,
        "origins": [],
        "protections": [],
        **more,
    }


def source(name: str, columns: Columns | None = None, **more: Any) -> Node:
    """A Kafka topic with these columns."""
    return _stream("source", name, columns, {"type": "kafka_topic", "materialized": "", **more})


def model(name: str, columns: Columns | None = None, **more: Any) -> Node:
    """A virtual topic; it reads what its columns are made of, and the ids in `reads`."""
    more = {"materialized": "virtual_topic", "backend": "proxy", "features": [], **more}
    return _stream("model", name, columns, more)


def _stream(kind: str, name: str, columns: Columns | None, more: Mapping[str, Any]) -> Node:
    return {
        **_node(kind, name),
        "owner": "team",
        "cluster": "main",
        "region": "EU",
        "topic": name,
        "physical_topics": [],
        "format": "json",
        "key": [],
        "changelog": "append",
        "open": False,
        "public": False,
        "forbidden_sinks": [],
        "columns": dict(columns or {}),
        "influences": [],
        "artifacts": [],
        **more,
    }


def exposure(name: str, *consumes: str, **more: Any) -> Node:
    """An application that reads the nodes `consumes`, all columns unless `columns` says less."""
    return {
        **_node("exposure", name),
        "type": "application",
        "role": "consumer",
        "owner": "team",
        "produces": [],
        "consumes": list(consumes),
        "columns": [],
        "access": {"roles": []},
        "artifacts": [],
        **more,
    }


def check(name: str, tested: str, *assertions: Mapping[str, Any], **more: Any) -> Node:
    """A test of the node `tested`."""
    return {
        **_node("test", name),
        "model": tested,
        "type": "streaming",
        "assertions": list(assertions),
        "on_failure": {"severity": "error", "actions": []},
        **more,
    }


def _node(kind: str, name: str) -> Node:
    path = f"{kind}s/{name}.yml"
    return {
        "id": f"{kind}.{name}", "kind": kind, "name": name, "path": path,
        "pointer": f"/{kind}s/0", "tags": [], "warnings": 0,
    }  # fmt: skip


def manifest(*nodes: Node, **project: Any) -> Manifest:
    """A compiled project of `nodes`; who reads whom follows from them."""
    known = {node["id"] for node in nodes}
    parents = {node["id"]: _reads(node) for node in nodes}
    for node in nodes:
        for produced in node.get("produces", ()):
            if produced in known:
                parents[produced].add(node["id"])
    fragments = {
        node["id"]: orjson.dumps(
            {key: value for key, value in node.items() if key != "reads"},
            option=orjson.OPT_SORT_KEYS,
        )
        for node in nodes
    }
    edges = {node: tuple(sorted(found & known)) for node, found in parents.items()}
    return Manifest({"name": "shop", **project}, fragments, edges)


def _reads(node: Node) -> set[str]:
    if node["kind"] == "test":
        return {node["model"]}
    if node["kind"] == "exposure":
        return set(node["consumes"])
    edges = (edge for held in node["columns"].values() for edge in held["edges"])
    influences = (influence[0] for influence in node["influences"])
    return {edge[0] for edge in edges} | set(influences) | set(node.get("reads", ()))
