"""What differs in where a stream lies and how it is made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from cdk_stream.results.change import Aspect
from cdk_stream.results.manifest import Node
from cdk_stream.stages.diff.codes import aspect

_ADDRESSES = (
    ("cluster", "CLUSTER_CHANGED", "readers must connect elsewhere"),
    ("topic", "TOPIC_CHANGED", "readers must subscribe anew and have no offsets there"),
    ("format", "FORMAT_CHANGED", "readers cannot decode the rows"),
    ("type", "SOURCE_TYPE_CHANGED", "rows come another way"),
)
_SETTINGS = (
    ("partitions", "PARTITIONS_CHANGED", "rows of one key may land in another partition"),
    ("retention", "RETENTION_CHANGED", "who reads late or anew finds other rows"),
    ("schema_ref", "SCHEMA_MOVED", "it may be another schema elsewhere"),
)
# Words in the names of a connector's settings that change its pace, not what it writes where.
_PACE = ("flush", "interval", "batch", "buffer", "retries", "retry", "tasks", "timeout", "linger")


def placement_aspects(base: Node, head: Node) -> Iterator[Aspect]:
    """Aspects of cluster, topic, format, backend and sink."""
    for key, code, consequence in _ADDRESSES:
        old, new = base.get(key, ""), head.get(key, "")
        if old != new:
            message = f"{key} changes from '{old}' to '{new}': {consequence}"
            yield aspect(code, "breaking", message)
    for key, code, consequence in _SETTINGS:
        before, after = base.get(key), head.get(key)
        if before != after:
            message = f"{key} changes from {_value(before)} to {_value(after)}: {consequence}"
            yield aspect(code, "risky", message)
    yield from _materialization(base, head)
    yield from _sink(base.get("sink", {}), head.get("sink", {}))


def _materialization(base: Node, head: Node) -> Iterator[Aspect]:
    old, new = _made(base), _made(head)
    if old == new:
        return
    if "sink" in (base.get("materialized"), head.get("materialized")):
        message = f"it is {new} now, not {old}: its readers find nothing where they look"
        yield aspect("MATERIALIZATION_CHANGED", "breaking", message)
        return
    message = f"it is {new} now, not {old}"
    if base.get("materialized") == "virtual_topic":
        message += ": a copy that takes time and space, with offsets of its own"
    yield aspect("MATERIALIZATION_CHANGED", "risky", message)


def _made(node: Node) -> str:
    materialized, backend = node.get("materialized", ""), node.get("backend", "")
    return f"{materialized} ({backend})" if backend else str(materialized)


def _sink(base: Mapping[str, Any], head: Mapping[str, Any]) -> Iterator[Aspect]:
    old, new = _settings(base), _settings(head)
    for name in sorted(old.keys() | new.keys()):
        before, after = old.get(name), new.get(name)
        if before == after:
            continue
        message = f"'{name}' of the sink is {_value(after)}, it was {_value(before)}"
        if any(word in name.lower() for word in _PACE):
            yield aspect("SINK_TUNED", "risky", message)
        else:
            yield aspect("SINK_CHANGED", "breaking", message)


def _settings(sink: Mapping[str, Any]) -> dict[str, Any]:
    own = {name: value for name, value in sink.items() if name != "config"}
    return own | dict(sink.get("config") or {})


def _value(value: object) -> str:
    return "not set" if value is None else f"'{value}'"
