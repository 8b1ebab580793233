"""What is told of a tree, without what only follows from something that is told as well."""

from __future__ import annotations

from collections.abc import Iterable

from cdk_stream.compiler.workbench import Workbench
from cdk_stream.problems import Problem
from cdk_stream.stages.resolve import unknown

_FOLLOWING = frozenset(("CS303", "CS404", "CS405", "CS406", "CS434", "CS435", "CS624", "CS631"))
"""Codes that speak of an input's columns."""
_BLINDING = frozenset(("CS301", "CS401", "CS402", "CS403", "CS421", "CS423", "CS424", "CS425"))
"""Codes of nodes whose columns nobody knows, nor those of what reads them."""


def causes(told: Iterable[Problem], bench: Workbench) -> list[Problem]:
    """What is left for the author to mend; some error is left when there was one.

    A name that nothing answers to is not told when its declaration was refused, and nothing is
    told of the columns of what reads it.
    """
    problems = list(told)
    roots = {problem.node for problem in problems if problem.code in _BLINDING}
    if not roots:
        return problems
    loader = bench.loader
    refused = {unknown(name, (), "").message for name in loader.refused}
    tainted = _readers(roots, bench)
    return [
        problem
        for problem in problems
        if not (problem.code in _FOLLOWING and problem.node in tainted)
        and not (problem.code == "CS301" and (loader.unread or problem.message in refused))
    ]


def _readers(roots: Iterable[str], bench: Workbench) -> set[str]:
    """The roots and whatever reads them, over any number of steps."""
    readers: dict[str, list[str]] = {}
    uses = {node_id: entry.uses for node_id, entry in bench.kept.items()}
    uses.update({node_id: found.ids for node_id, found in bench.uses.items()})
    for node_id, ids in uses.items():
        for used in ids:
            readers.setdefault(used, []).append(node_id)
    found: set[str] = set()
    waiting = list(roots)
    while waiting:
        node_id = waiting.pop()
        if node_id not in found:
            found.add(node_id)
            waiting.extend(readers.get(node_id, ()))
    return found
