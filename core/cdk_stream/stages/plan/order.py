"""Steps -> which needs which: what feeds comes before what reads, removals the other way round."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from cdk_stream.plugin.system import System, Wanted
from cdk_stream.results.graph import ranks
from cdk_stream.results.plan import Key, Step

SYSTEMS = ("registry", "kafka", "gateway", "flink", "connect")
"""The order in which systems are changed; any other comes last."""
Place = tuple[int, int]
"""(rank of the kind, rank of the node): a need is always at a lower place."""


def kind_ranks(systems: Iterable[System]) -> dict[str, int]:
    """Kind -> its rank, schemas first."""
    known = sorted(systems, key=lambda system: (_place(system.name), system.name, system.cluster))
    kinds = dict.fromkeys(kind for system in known for kind in system.kinds)
    return {kind: rank for rank, kind in enumerate(kinds)}


def _place(name: str) -> int:
    return SYSTEMS.index(name) if name in SYSTEMS else len(SYSTEMS)


class Order:
    """Who needs whom among what is wanted."""

    def __init__(
        self,
        wanted: Mapping[Key, Wanted],
        parents: Mapping[str, tuple[str, ...]],
        kinds: Mapping[str, int],
    ) -> None:
        self._kinds = kinds
        self._parents = parents
        self._nodes = ranks(parents)
        self._wanted = wanted
        self._of_node: dict[str, list[Key]] = defaultdict(list)
        self._named: dict[tuple[str, str], list[Key]] = defaultdict(list)
        for key, one in wanted.items():
            self._of_node[one.node].append(key)
            self._named[key.cluster, key.name].append(key)
        self._names = {name for _, name in self._named}

    def rank(self, node: str) -> int:
        """How far down the graph a node is; 0 for one that is not in it."""
        return self._nodes.get(node, 0)

    def needs(self, key: Key) -> tuple[str, ...]:
        """The ids of what must be there before a wanted resource, sorted."""
        one = self._wanted[key]
        place = self._place(key)
        found = {other for other in self._candidates(one) if self._place(other) < place}
        return tuple(sorted(str(other) for other in found))

    def _candidates(self, one: Wanted) -> Iterator[Key]:
        """What the node and its inputs have, and what the resource itself names."""
        for node in (one.node, *self._parents.get(one.node, ())):
            yield from self._of_node.get(node, ())
        for name in self._names.intersection(_texts(one.spec)):
            yield from self._named.get((one.key.cluster, name), ())

    def _place(self, key: Key) -> Place:
        return self._kinds.get(key.kind, len(self._kinds)), self.rank(self._wanted[key].node)


def _texts(spec: Any) -> Iterator[str]:
    """Every text in a JSON value, and what stands between quotes in a script."""
    if isinstance(spec, str):
        yield from spec.split("'")
        yield from spec.split(",")
    elif isinstance(spec, dict):
        for item in spec.values():
            yield from _texts(item)
    elif isinstance(spec, list):
        for item in spec:
            yield from _texts(item)


def removal_needs(step: Step, readers: Mapping[str, Iterable[str]]) -> tuple[str, ...]:
    """What must be done before something is removed: whatever was made to need it."""
    return tuple(sorted(readers.get(step.id, ())))


def sort(steps: Mapping[str, Step], place: Mapping[str, Any]) -> list[Step]:
    """In an order in which they can be done; equal ones by `place`.

    Needs of removals were recorded at different times; should they form a circle, it is cut.
    """
    waiting = {id_: {need for need in step.needs if need in steps} for id_, step in steps.items()}
    blocks: dict[str, list[str]] = defaultdict(list)
    for id_, needs in waiting.items():
        for need in needs:
            blocks[need].append(id_)
    ready = [id_ for id_, needs in waiting.items() if not needs]
    done: dict[str, Step] = {}
    while len(done) < len(steps):
        for id_ in sorted(ready or _cut(waiting, done, place), key=place.__getitem__):
            step = steps[id_]
            done[id_] = replace(step, needs=tuple(need for need in step.needs if need in done))
        ready = _released(waiting, blocks, done)
    return list(done.values())


def _released(
    waiting: dict[str, set[str]], blocks: Mapping[str, list[str]], done: Mapping[str, Step]
) -> list[str]:
    """The steps whose last need was just met."""
    released = []
    for id_ in [id_ for id_ in waiting if id_ in done]:
        del waiting[id_]
        for other in blocks[id_]:
            if other in waiting:
                waiting[other].discard(id_)
                if not waiting[other]:
                    released.append(other)
    return released


def _cut(
    waiting: Mapping[str, set[str]], done: Mapping[str, Step], place: Mapping[str, Any]
) -> list[str]:
    return [min((id_ for id_ in waiting if id_ not in done), key=place.__getitem__)]
