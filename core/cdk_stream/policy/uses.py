"""Which Rego file uses which."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from graphlib import CycleError, TopologicalSorter

from cdk_stream.policy.engine import EngineError
from cdk_stream.policy.module import Module


def dependencies_first(modules: Sequence[Module]) -> list[int]:
    """The positions of `modules`, each behind those whose packages it names."""
    holders: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for number, module in enumerate(modules):
        holders[module.package].append(number)
    needs: dict[int, set[int]] = {number: set() for number in range(len(modules))}
    for number, module in enumerate(modules):
        for mention in module.mentions:
            for end in range(2, len(mention.name) + 1):
                needs[number].update(holders.get(mention.name[1:end], ()))
        needs[number].discard(number)
    try:
        return list(TopologicalSorter(needs).static_order())
    except CycleError as error:
        paths = " and ".join(sorted({modules[number].path for number in error.args[1]}))
        raise EngineError(f"{paths} use each other, which an OPA server cannot load") from error
