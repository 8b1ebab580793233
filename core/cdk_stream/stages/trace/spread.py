"""From a change along the columns to the exposures it reaches, the worst and shortest way first."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from cdk_stream.results.change import SEVERITY, Aspect, Category, Change
from cdk_stream.results.manifest import Manifest
from cdk_stream.stages.trace.flow import ROWS, Flow

Place = tuple[str, str]
"""(node, column or `ROWS`); for an exposure, the column by its full name."""

_CATEGORY: dict[int, Category] = {rank: category for category, rank in SEVERITY.items()}
_RISKY = SEVERITY["risky"]
_GONE = ("COLUMN_REMOVED", "COLUMN_RENAMED")


@dataclass(frozen=True, slots=True)
class Hit:
    """A change reaches an exposure: how badly, by which way, through which column it reads."""

    exposure: str
    change: Change
    aspects: tuple[Aspect, ...]
    category: Category
    path: tuple[str, ...]
    column: str
    """`model.clean.status`; `ROWS` for whole rows."""


class Spread:
    """Walks one compiled project; `head` tells whether a reader still needs what is gone."""

    def __init__(self, flow: Flow, head: Flow) -> None:
        self._flow = flow
        self._head = head
        self._covered: dict[Place, int] = {}

    def hits(self, change: Change, *, inherited: bool) -> Iterator[Hit]:
        """The exposures that the change's own aspects reach, or its inherited ones.

        What a change upstream already reached as badly is not walked again.
        """
        if change.node not in self._flow.manifest.nodes:
            return
        for (column, category), aspects in _groups(change, inherited).items():
            if inherited and self._covered.get((change.node, column), -1) >= SEVERITY[category]:
                continue
            yield from self._walk(change, aspects, column, category)

    def _walk(
        self, change: Change, aspects: tuple[Aspect, ...], column: str, category: Category
    ) -> Iterator[Hit]:
        gone = change.node if all(aspect.code in _GONE for aspect in aspects) else ""
        came_from: dict[Place, Place] = {}
        start = (change.node, column)
        waiting = [(-SEVERITY[category], 0, start, start)]
        while waiting:
            badness, steps, place, origin = heapq.heappop(waiting)
            if place in came_from:
                continue
            came_from[place] = origin
            if place[0].startswith("exposure."):
                path = _path(place, came_from)
                if len(path) > 1:
                    yield Hit(place[0], change, aspects, _CATEGORY[-badness], path, place[1])
            else:
                self._covered[place] = max(self._covered.get(place, -1), -badness)
            for reached in self._next(place):
                worse = self._softened(-badness, place, reached, gone)
                heapq.heappush(waiting, (-worse, steps + 1, reached, place))

    def _next(self, place: Place) -> Iterator[Place]:
        node, column = place
        for child in self._flow.manifest.children.get(node, ()):
            if node.startswith("exposure."):
                yield child, ROWS
            elif child.startswith("exposure."):
                if self._flow.reads(child, column):
                    yield child, f"{node}.{column}" if column else ROWS
            elif not child.startswith("test."):
                for reached in self._flow.reached(node, column, child):
                    yield child, reached

    def _softened(self, rank: int, place: Place, reached: Place, gone: str) -> int:
        """An application in between may cope; so does a query rewritten to do without a column."""
        if place[0].startswith("exposure."):
            return min(rank, _RISKY)
        if place[0] == gone and self._does_without(place, reached):
            return min(rank, _RISKY)
        return rank

    def _does_without(self, place: Place, reached: Place) -> bool:
        child, column = reached
        nodes = self._head.manifest.nodes
        if child.startswith("exposure.") or child not in nodes:
            return False
        kept = column == ROWS or column in nodes[child].get("columns", {})
        return kept and column not in self._head.reached(*place, child)


def _groups(change: Change, inherited: bool) -> dict[tuple[str, Category], tuple[Aspect, ...]]:
    """Aspects that start at one place and are as bad as each other go together."""
    found: dict[tuple[str, Category], tuple[Aspect, ...]] = {}
    for aspect in change.aspects:
        if aspect.spreads and aspect.inherited == inherited:
            key = (aspect.column, aspect.category)
            found[key] = (*found.get(key, ()), aspect)
    return found


def _path(place: Place, came_from: dict[Place, Place]) -> tuple[str, ...]:
    nodes = [place[0]]
    while came_from[place] != place:
        place = came_from[place]
        nodes.append(place[0])
    return tuple(reversed(nodes))


def producer_hits(change: Change, manifest: Manifest, touches: Iterable[Aspect]) -> Iterator[Hit]:
    """The applications that write a changed source, which must write it as it now is."""
    aspects = tuple(touches)
    if not aspects or change.node not in manifest.nodes:
        return
    worst = max(aspects, key=lambda aspect: SEVERITY[aspect.category]).category
    for parent in manifest.parents[change.node]:
        if parent.startswith("exposure."):
            yield Hit(parent, change, aspects, worst, (change.node, parent), ROWS)
