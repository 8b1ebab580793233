"""A deploy in small: compares what is wanted with a live system, and carries out what differs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from cdk_stream.plugin.canonical import digest
from cdk_stream.plugin.system import Comparison, Live, Outcome, System, Wanted
from cdk_stream.results.plan import WRITES, Key, Step


class Kept:
    """Notes that live as long as the test."""

    def __init__(self) -> None:
        self._kept: dict[str, Any] = {}

    def get(self, name: str) -> Any:
        return self._kept.get(name)

    def keep(self, name: str, value: Any) -> None:
        self._kept[name] = value


class Driver:
    """One project on one system; remembers what it deployed as a record would."""

    def __init__(self, system: System) -> None:
        self.system = system
        self.recorded: dict[Key, Any] = {}

    def wanted(self, kind: str, name: str, spec: Any) -> Wanted:
        key = Key(self.system.name, self.system.cluster, kind, name)
        return Wanted(key, f"model.{name}", spec, digest(spec), self.recorded.get(key))

    def compare(self, wanted: Iterable[Wanted]) -> dict[str, Comparison]:
        """What would be done, by name; `delete` for what is recorded and wanted no more."""
        every = list(wanted)
        live = self.system.observe(every, dict(self.recorded))
        found = {one.key.name: self.system.compare(one, live.get(one.key)) for one in every}
        return found | {key.name: Comparison("delete") for key in self._gone(every, live)}

    def deploy(
        self, wanted: Iterable[Wanted], *, approved: bool = True
    ) -> dict[str, tuple[str, Outcome]]:
        """Name -> the action and what came of it, for whatever was not as wanted."""
        every = list(wanted)
        live = self.system.observe(every, dict(self.recorded))
        done: dict[str, tuple[str, Outcome]] = {}
        for one in every:
            found = self.system.compare(one, live.get(one.key))
            self.recorded.setdefault(one.key, one.spec)
            if found.action in WRITES:
                step = Step(one.key, found.action, one.node, found.why, found.differences)
                outcome = self.system.apply(step, one, live.get(one.key), Kept())
                after = outcome.live
                assert after is not None
                assert self.system.compare(one, after).action == "nothing"
                done[one.key.name] = (found.action, outcome)
            self.recorded[one.key] = one.spec
        for key in self._gone(every, live):
            step = Step(key, "delete", "", "nobody asks for it", approved=approved)
            outcome = self.system.apply(step, None, live.get(key), Kept())
            assert outcome.live is None
            done[key.name] = ("delete", outcome)
            self.recorded.pop(key, None)
        return done

    def actions(self, wanted: Iterable[Wanted]) -> dict[str, str]:
        """The actions of `compare` that write anything."""
        found = self.compare(wanted)
        return {name: one.action for name, one in found.items() if one.action in WRITES}

    def _gone(self, every: list[Wanted], live: Any) -> list[Key]:
        kept = {one.key for one in every}
        ours = {key for key, one in live.items() if one.ours}
        order = self.system.kinds.index
        gone = (({*self.recorded} | ours) - kept) & {*live}
        return sorted(gone, key=lambda key: (-order(key.kind), key.name))


def live_of(system: System, wanted: Wanted) -> Live:
    """The resource as the system shows it now."""
    return system.observe([wanted], [wanted.key])[wanted.key]
