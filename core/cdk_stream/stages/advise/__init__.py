"""Changes and whom they hit -> the migrations that fit, with the YAML to write."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cdk_stream.results.change import Change
from cdk_stream.results.impact import Impact
from cdk_stream.results.migration import Migration
from cdk_stream.stages.advise.situation import Situation, Written
from cdk_stream.stages.advise.smaller import access, confirm, consumer_group, replay
from cdk_stream.stages.advise.version import expand_contract, new_names, new_version

__all__ = ["Situation", "Written", "advise"]

_IN_PLACE = {"COLUMN_REMOVED", "COLUMN_RENAMED"}
_MOVED = {"TOPIC_CHANGED", "CLUSTER_CHANGED", "MATERIALIZATION_CHANGED", "PARTITIONS_CHANGED"}
_HIDDEN = {"PROTECTION_ADDED", "PROTECTION_CHANGED", "ACCESS_CHANGED", "WITHDRAWN"}
_EMPTIED = {"STATE_RESET", "STATE_KEPT", "STATE_DRIFT", "STATE_INCOMPATIBLE", "STATE_UNKNOWN"}


def advise(
    changes: Iterable[Change], impacts: Iterable[Impact], situation: Situation
) -> tuple[Migration, ...]:
    """For each change of somebody's own that hits an application, what to do; parents first.

    A change that only follows from another upstream is over when that one is, but for what a
    running job remembers: its author must decide about that all the same.
    """
    hits: dict[str, list[Impact]] = {}
    for impact in impacts:
        for node in impact.changes:
            hits.setdefault(node, []).append(impact)
    hitting = [change for change in changes if change.node in hits]
    kept = {
        change.node: found
        for change in hitting
        if _breaking(change) and _breaking(change) <= _IN_PLACE
        if (found := expand_contract(change, hits[change.node], situation))
    }
    versioned = [
        change.node
        for change in hitting
        if change.node not in kept and _needs_version(change, situation)
    ]
    names = new_names(versioned, situation)
    return tuple(
        found
        for change in hitting
        for found in _migrations(change, hits[change.node], kept.get(change.node), names, situation)
    )


def _migrations(
    change: Change,
    hits: list[Impact],
    kept: Migration | None,
    names: dict[str, str],
    situation: Situation,
) -> Iterator[Migration]:
    codes = _breaking(change)
    told = {aspect.code for aspect in change.aspects if aspect.spreads and not aspect.inherited}
    emptied = {aspect.code for aspect in change.aspects} & _EMPTIED
    if kept:
        yield kept
    elif change.node in names:
        yield new_version(change, hits, names, situation)
    elif codes & _MOVED:
        yield consumer_group(change, hits, situation)
    if emptied:
        yield replay(change, hits, situation)
    if told & _HIDDEN:
        yield access(change, hits)
    if told - _EMPTIED - _HIDDEN - codes and change.node not in names:
        yield confirm(change, hits)


def _needs_version(change: Change, situation: Situation) -> bool:
    codes = _breaking(change) - _HIDDEN
    return (
        change.kind == "modified"
        and bool(codes)
        and not codes <= (_MOVED | {"STATE_DRIFT", "STATE_INCOMPATIBLE"})
        and situation.can_have_versions(change.node)
    )


def _breaking(change: Change) -> set[str]:
    return {
        aspect.code
        for aspect in change.aspects
        if aspect.category == "breaking" and aspect.spreads and not aspect.inherited
    }
