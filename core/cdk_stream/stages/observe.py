"""Live systems -> what they have now, or why nobody can tell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from cdk_stream.plugin.system import Live, System, SystemFailed, Wanted
from cdk_stream.problems import Location, Problem, Refused
from cdk_stream.results.plan import Key
from cdk_stream.tree import PROJECT_FILE

_AT_ONCE = 8


def observe(
    systems: Sequence[System], wanted: Iterable[Wanted], recorded: Mapping[Key, Any]
) -> dict[Key, Live]:
    """Ask each system once, side by side; raises `Refused` (CS830) when one does not answer.

    `recorded` are keys of resources and the artefacts that were asked for.
    """
    mine = {(system.name, system.cluster): _Asked(system) for system in systems}
    for one in wanted:
        mine[one.key.system, one.key.cluster].wanted.append(one)
    for key, spec in recorded.items():
        mine[key.system, key.cluster].recorded[key] = spec
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        answers = list(pool.map(_Asked.answer, mine.values()))
    problems = [answer for answer in answers if isinstance(answer, Problem)]
    if problems:
        raise Refused(problems)
    return {
        key: live
        for answer in answers
        if not isinstance(answer, Problem)
        for key, live in answer.items()
    }


class _Asked:
    """One system, and what is asked of it."""

    def __init__(self, system: System) -> None:
        self.system = system
        self.wanted: list[Wanted] = []
        self.recorded: dict[Key, Any] = {}

    def answer(self) -> Mapping[Key, Live] | Problem:
        try:
            return self.system.observe(self.wanted, self.recorded)
        except SystemFailed as failure:
            return unreachable(self.system.cluster, failure)


def unreachable(cluster: str, failure: SystemFailed) -> Problem:
    """What a plan needs is not known: it is refused rather than guessed."""
    mend = failure.mend or f"check the addresses under `clusters: {cluster}:`, and plan again"
    return Problem(Location(PROJECT_FILE), "CS830", str(failure), mend)
