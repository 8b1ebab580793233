"""Which promises of an exposure a change puts at risk, and why."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cdk_stream.results.change import Aspect, Change
from cdk_stream.results.impact import AtRisk
from cdk_stream.results.manifest import Manifest, Node
from cdk_stream.stages.trace.spread import Hit

_TIMELY = ("max_lag_seconds", "max_lag_minutes", "max_latency_ms", "max_end_to_end_latency_ms",
           "warn_after", "error_after")  # fmt: skip
_SOUND = ("availability", "max_error_rate")
_KEEPING_UP = ("max_lag_messages", *_TIMELY)
_WRITING = ("max_produce_latency_ms",)

_LATER = {
    "WINDOW_LENGTHENED", "WINDOW_CHANGED", "WATERMARK_LENGTHENED", "JOIN_CHANGED",
    "GROUPING_CHANGED", "ROWS_CHANGED", "MATERIALIZATION_CHANGED", "CLUSTER_CHANGED",
    "REGION_CHANGED", "SINK_TUNED", "SINK_CHANGED", "SLA_LOOSENED", "EVENT_TIME_CHANGED",
}  # fmt: skip
_FEWER = {"FILTER_NARROWED", "FILTER_CHANGED", "WATERMARK_SHORTENED", "INPUT_REMOVED"}
_MORE = {"FILTER_WIDENED", "FILTER_CHANGED", "INPUT_ADDED", "CHANGELOG_CHANGED"}


def at_risk(
    exposure: Node, hits: list[Hit], base: Manifest, head: Manifest, hops: tuple[int, int]
) -> tuple[AtRisk, ...]:
    """The exposure's promises that the hits endanger; `hops` are its stored topics upstream."""
    promises = _promises(exposure)
    if not promises:
        return ()
    found: dict[AtRisk, None] = {}
    for hit in hits:
        for aspect in hit.aspects:
            for names, why in _dangers(hit, aspect):
                found.update(_match(promises, names, f"{hit.change.node}: {why}"))
        if restarts(hit.change, base, head):
            why = f"the Flink job of '{hit.change.node}' restarts{_emptied(hit.change)}"
            found.update(_match(promises, (*_KEEPING_UP, *_SOUND), why))
    if hops[1] > hops[0]:
        why = f"rows are stored {hops[1]} times on the way, not {hops[0]}"
        found.update(_match(promises, _TIMELY, why))
    return tuple(sorted(found, key=lambda risk: (risk.promise, risk.why)))


def _promises(exposure: Node) -> dict[str, tuple[str, Any]]:
    """Name -> (block, value) of what the application promises or asks for."""
    return {
        name: (block, value)
        for block in ("sla", "freshness")
        for name, value in (exposure.get(block) or {}).items()
    }


def _match(
    promises: dict[str, tuple[str, Any]], names: tuple[str, ...], why: str
) -> dict[AtRisk, None]:
    return {
        AtRisk(f"{promises[name][0]}.{name}: {_value(promises[name][1])}", why): None
        for name in names
        if name in promises
    }


def _value(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _dangers(hit: Hit, aspect: Aspect) -> Iterator[tuple[tuple[str, ...], str]]:
    if hit.category == "breaking" and aspect.axis in ("schema", "operation", "security"):
        yield _SOUND, aspect.message
    if aspect.axis in ("schema", "operation") and len(hit.path) == 2 and hit.category != "safe":
        yield _WRITING, aspect.message
    if aspect.code in _LATER:
        yield _KEEPING_UP, aspect.message
    if aspect.code in _FEWER:
        yield ("max_lag_minutes", "warn_after", "error_after"), aspect.message
    if aspect.code in _MORE:
        yield _KEEPING_UP, aspect.message


_EMPTYING = {"STATE_DRIFT", "STATE_INCOMPATIBLE", "STATE_RESET", "STATE_UNKNOWN"}


def restarts(change: Change, base: Manifest, head: Manifest) -> bool:
    """Whether a running Flink job must stop for the change: its script is another one."""
    if change.kind != "modified" or change.node not in head.nodes:
        return False
    old, new = base.nodes[change.node], head.nodes[change.node]
    return bool(_scripts(old)) and bool(_scripts(new)) and _scripts(old) != _scripts(new)


def _emptied(change: Change) -> str:
    """Whether it may forget what it knew."""
    reset = any(aspect.code in _EMPTYING for aspect in change.aspects)
    return ", and may not find its state again" if reset else ""


_JOBS = ("flink_job", "flink_script", "flink_statement")


def _scripts(node: Node) -> list[tuple[str, str]]:
    artifacts = (made for made in node.get("artifacts", ()) if made["kind"] in _JOBS)
    return sorted((made["name"], made["digest"]) for made in artifacts)
