"""What decides the state of a job, read from the compiled model without asking Flink.

Strict on purpose: whatever might reach an operator that keeps state is in the outline, so that two
equal outlines have the same state. What is computed from the results of the last such operator
is not.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from cdk_stream.plugin.change import Version
from cdk_stream.resources.authoring import milliseconds
from cdk_stream.sql.grammar.lexer import SqlError
from cdk_stream.sql.grammar.parser import parse
from cdk_stream_flink.state.block import Block

Node = Mapping[str, Any]

_BY_TIME = frozenset(("interval_join", "temporal_join", "match_recognize", "over", "window")) | {
    "rank",
    "deduplicate",
}
MAX_PARALLELISM = "pipeline.max-parallelism"
_PLANNING = ("table.", "pipeline.")


@dataclass(frozen=True, slots=True)
class Outline:
    """Each part as texts that are equal when they mean the same."""

    kinds: tuple[str, ...]
    """What keeps state: `group_by`, `interval_join`; `sink` for rows that are replaced later."""
    parts: Mapping[str, tuple[str, ...]]
    """Part of the query -> its spelling; see `PARTS`."""
    types: Mapping[str, str]
    """`payments.amount` -> its type, for the columns of inputs that reach state, in order."""
    apart: Mapping[str, str] = field(default_factory=dict)
    """What matters and no plan shows: topics, functions, parallelism."""
    ttl: int = 0
    """For how many milliseconds state is kept; 0 for ever."""

    @property
    def digest(self) -> str:
        """Equal for equal outlines."""
        types = [*self.types.items()]
        told = [self.kinds, dict(self.parts), types, dict(self.apart), self.ttl]
        return hashlib.sha256(orjson.dumps(told, option=orjson.OPT_SORT_KEYS)).hexdigest()[:32]


def outline(version: Version, node_id: str) -> Outline | None:
    """The outline of a model's job; None when its query is not understood."""
    node = version.nodes[node_id]
    inputs = [version.nodes[name] for name in _inputs(node, version)]
    try:
        tree, tokens = parse(node.get("sql", ""), {}, {})
        block = Block(node, inputs, tree, _own_aggregates(version))
        parts = block.parts()
    except (SqlError, RecursionError):
        return None
    parts["hints"] = tuple(sorted(tokens.hints))
    parts["settings"] = tuple(_settings(version, node))
    parts["how inputs come"] = tuple(_streams(node, inputs))
    return Outline(
        tuple(block.kinds()),
        parts,
        block.types(),
        dict(_apart(version, node, inputs, block.speller.functions)),
        milliseconds(node["state_ttl"]) if node.get("state_ttl") else 0,
    )


def _own_aggregates(version: Version) -> frozenset[str]:
    declared = version.project.functions.items()
    return frozenset(name.upper() for name, spec in declared if spec.kind == "aggregate")


def _inputs(node: Node, version: Version) -> list[str]:
    return [name for name in version.parents[node["id"]] if not name.startswith("exposure.")]


def _settings(version: Version, node: Node) -> Iterator[str]:
    """Options that may change the plan; what a job is allowed to use does not."""
    for key, value in sorted(_properties(version, node).items()):
        if key.startswith(_PLANNING) and key != MAX_PARALLELISM:
            yield f"{key} = {value}"


def _properties(version: Version, node: Node) -> Mapping[str, str]:
    cluster = version.project.clusters.get(node["cluster"])
    return cluster.flink.properties if cluster is not None and cluster.flink is not None else {}


def _streams(node: Node, inputs: Iterable[Node]) -> Iterator[str]:
    """How the rows of each input come."""
    is_timed = bool(_BY_TIME & set(node.get("features", ())))
    for stream in sorted(inputs, key=lambda one: str(one["name"])):
        key = ", ".join(stream["key"]) if stream["changelog"] != "append" else ""
        time = stream.get("event_time", "")
        patience = stream["watermark_ms"] if is_timed and time else ""
        yield f"{stream['name']}: {stream['changelog']} by '{key}', time '{time}' {patience}"


def _apart(
    version: Version, node: Node, inputs: Iterable[Node], called: Iterable[str]
) -> Iterator[tuple[str, str]]:
    for stream in inputs:
        yield f"topic of {stream['name']}", str(stream["topic"])
    declared = {name.upper(): spec for name, spec in version.project.functions.items()}
    for name in sorted({*called} & declared.keys()):
        text = declared[name].model_dump_json(by_alias=True)
        yield f"function {name}", hashlib.sha256(text.encode()).hexdigest()[:16]
    properties = _properties(version, node)
    if MAX_PARALLELISM in properties:
        yield MAX_PARALLELISM, properties[MAX_PARALLELISM]
