"""Plans that Flink 2.3 made of the upgrades, as they were recorded."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import orjson

from cdk_stream_flink.state.plan import read_plan
from cdk_stream_flink.state.signature import Signature, signature

FOLDER = Path(__file__).parent / "plans"
Plan = dict[str, Any]


def path_of(name: str) -> Path:
    return FOLDER / f"{re.sub(r'[^a-z]+', '-', name)}.json"


def load(name: str) -> Plan:
    plan: Plan = orjson.loads(path_of(name).read_bytes())
    return plan


def signed(name: str) -> Signature:
    return signature(read_plan(load(name)))


def keep(name: str, plan: Plan) -> None:
    """Write a plan down, its ids counted from 1: they say how many plans were made before."""
    ids = {node["id"]: number for number, node in enumerate(plan["nodes"], 1)}
    nodes = [{**node, "id": ids[node["id"]]} for node in plan["nodes"]]
    edges = [
        {**edge, "source": ids[edge["source"]], "target": ids[edge["target"]]}
        for edge in plan["edges"]
    ]
    path_of(name).parent.mkdir(exist_ok=True)
    path_of(name).write_bytes(orjson.dumps({**plan, "nodes": nodes, "edges": edges}) + b"\n")
