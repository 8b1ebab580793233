"""Changes -> the exposures they reach, the ways there, and who answers for them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cdk_stream.results.change import SEVERITY, Aspect, Change, worst
from cdk_stream.results.graph import reachable
from cdk_stream.results.impact import Impact, Reach, Spared
from cdk_stream.results.manifest import Manifest
from cdk_stream.stages.trace.flow import ROWS, Flow
from cdk_stream.stages.trace.hops import hops
from cdk_stream.stages.trace.promises import at_risk
from cdk_stream.stages.trace.spread import Hit, Spread, producer_hits

# After these, rows may take another way to an exposure.
_REROUTING = {"ADDED", "REMOVED", "INPUT_ADDED", "INPUT_REMOVED", "MATERIALIZATION_CHANGED"}


def trace(changes: Iterable[Change], base: Manifest, head: Manifest) -> Reach:
    """Who is hit: exposures downstream, in `base` or in `head`, that read what changed.

    An exposure that changed itself is hit as well; so are the producers of a changed source.
    """
    told = tuple(changes)
    found: dict[str, list[Hit]] = {}
    for hit in (*_downstream(told, base, head), *_upstream(told, base, head), *_themselves(told)):
        found.setdefault(hit.exposure, []).append(hit)
    rerouted = any(aspect.code in _REROUTING for change in told for aspect in change.aspects)
    impacts = [_impact(name, hits, base, head, rerouted) for name, hits in found.items()]
    impacts.sort(key=lambda impact: (-SEVERITY[impact.severity], impact.exposure))
    return Reach(tuple(impacts), tuple(_spared(told, base, head, found)))


def _downstream(changes: tuple[Change, ...], base: Manifest, head: Manifest) -> Iterator[Hit]:
    flows = (Flow(base), Flow(head))
    for flow in flows:
        spread = Spread(flow, flows[1])
        for inherited in (False, True):
            for change in changes:
                yield from spread.hits(change, inherited=inherited)


def _upstream(changes: tuple[Change, ...], base: Manifest, head: Manifest) -> Iterator[Hit]:
    for change in changes:
        if change.node.startswith("source.") and change.kind != "added":
            aspects = [aspect for aspect in change.aspects if _binds_producers(aspect)]
            for manifest in (base, head):
                yield from producer_hits(change, manifest, aspects)


def _binds_producers(aspect: Aspect) -> bool:
    """What is written must be another; what readers are shown of it need not."""
    return (
        aspect.axis in ("schema", "operation")
        or aspect.code.startswith("CONTRACT_")
        or aspect.code == "KEY_CHANGED"
        or (aspect.code.startswith("PROTECTION_") and "encrypted" in aspect.message)
    )


def _themselves(changes: tuple[Change, ...]) -> Iterator[Hit]:
    for change in changes:
        if change.node.startswith("exposure."):
            path = (change.node,)
            yield Hit(change.node, change, change.aspects, change.category, path, ROWS)


def _impact(
    exposure: str, hits: list[Hit], base: Manifest, head: Manifest, rerouted: bool
) -> Impact:
    hits.sort(key=_badness)
    old, new = base.nodes.get(exposure), head.nodes.get(exposure)
    shown = new or old or {}
    owner = str((old or shown).get("owner", ""))
    new_owner = str(new.get("owner", "")) if old and new else owner
    lengths = (hops(base, exposure), hops(head, exposure)) if rerouted and old and new else (0, 0)
    return Impact(
        exposure=exposure,
        owner=owner,
        type=str(shown.get("type", "")),
        url=str(shown.get("url", "")),
        severity=worst(tuple(hit.category for hit in hits)),
        changes=tuple(dict.fromkeys(hit.change.node for hit in hits)),
        path=hits[0].path,
        reasons=tuple(dict.fromkeys(reason for hit in hits for reason in _reasons(hit))),
        columns=_columns(hits),
        at_risk=at_risk(shown, hits, base, head, lengths),
        new_owner=new_owner if new_owner != owner else "",
        ways=tuple(dict.fromkeys(hit.path for hit in hits)),
    )


def _badness(hit: Hit) -> tuple[int, bool, int, tuple[str, ...], str]:
    inherited = all(aspect.inherited for aspect in hit.aspects)
    return (-SEVERITY[hit.category], inherited, len(hit.path), hit.path, hit.column)


def _reasons(hit: Hit) -> list[str]:
    ordered = sorted(hit.aspects, key=lambda aspect: -SEVERITY[aspect.category])
    return [f"{hit.change.node}: {aspect.message}" for aspect in ordered]


def _columns(hits: list[Hit]) -> tuple[str, ...]:
    """What is hit when only columns are; () as soon as whole rows are, as badly."""
    worst_hits = [hit for hit in hits if hit.category == hits[0].category]
    if any(hit.column == ROWS for hit in worst_hits):
        return ()
    return tuple(sorted({hit.column for hit in worst_hits}))


def _spared(
    changes: tuple[Change, ...], base: Manifest, head: Manifest, hit: dict[str, list[Hit]]
) -> Iterator[Spared]:
    found = {}
    for change in changes:
        columns = sorted(
            {one.column for one in change.aspects if one.spreads and not one.inherited}
        )
        if not columns or ROWS in columns:
            continue
        for manifest in (base, head):
            for node in reachable(manifest.children, [change.node]):
                if node.startswith("exposure.") and node not in hit:
                    names = ", ".join(f"'{column}'" for column in columns)
                    found[node, change.node] = f"it reads nothing made of {names}"
    for (exposure, node), why in sorted(found.items()):
        yield Spared(exposure, node, why)
