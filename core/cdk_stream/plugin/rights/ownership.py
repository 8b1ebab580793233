"""Which rights are whose: the brokers keep no marks, so what is wanted and recorded decides."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from typing import Any

from cdk_stream.plugin.account import job_account
from cdk_stream.plugin.rights.binding import Binding, bindings_of
from cdk_stream.plugin.system import Wanted
from cdk_stream.results.plan import Key

Shares = dict[Key, frozenset[Binding]]


def principal_of(key: Key) -> str:
    """The principal of an artefact called `account@node`."""
    return f"User:{key.name.rpartition('@')[0]}"


class Ownership:
    """What every artefact of the project has among the rights that are there.

    The account of a job is the project's own, and so are all of its rights. The account of an
    application may have rights from elsewhere: of those only what is wanted, or what the record
    says that a deploy gave, is the project's.
    """

    def __init__(self, project: str) -> None:
        self._jobs = job_account(project, "")
        self.wanted: dict[Key, frozenset[Binding]] = {}
        self._recorded: dict[Key, frozenset[Binding]] = {}
        self._known: set[Key] = set()
        self._learning = threading.Lock()

    def is_own(self, key: Key) -> bool:
        """Whether it is of a job of the project, whose account nobody else has."""
        return key.name.startswith(self._jobs)

    def is_made(self, key: Key, there: frozenset[Binding]) -> bool:
        """Whether rights that are there make the artefact one that is there.

        Some that an application has from elsewhere do not: the others are added to them.
        """
        if not there:
            return False
        return self.is_own(key) or key in self._known or there >= self.wanted.get(key, frozenset())

    def learn(self, wanted: Iterable[Wanted], recorded: Iterable[Key]) -> set[Key]:
        """Add to what is known: a second look asks for one artefact alone.

        Only what is recorded and not wanted is wanted no more. The keys that were asked for.
        """
        more = {one.key: bindings_of(one.spec) for one in wanted}
        gave = {key: _recorded(recorded, key) for key in recorded}
        known = {*gave}
        for one in wanted:
            gave[one.key] = gave.get(one.key, frozenset()) | _previous(one)
        with self._learning:
            self._add(more, gave, known)
        return {*more, *gave}

    def _add(self, more: Shares, gave: Shares, known: set[Key]) -> None:
        dropped = gave.keys() - more.keys()
        kept = {key: rights for key, rights in self.wanted.items() if key not in dropped}
        self.wanted = {**kept, **more}
        before = self._recorded
        self._recorded = before | {key: before.get(key, frozenset()) | gave[key] for key in gave}
        self._known = self._known | known

    @property
    def all_wanted(self) -> frozenset[Binding]:
        """Every right that any artefact wants."""
        return frozenset().union(*self.wanted.values())

    def wanted_beside(self, key: Key) -> frozenset[Binding]:
        """Every right that another artefact wants."""
        return frozenset().union(*(one for other, one in self.wanted.items() if other != key))

    def shares(self, there: frozenset[Binding]) -> Shares:
        """Each artefact's rights among those that are there."""
        found = {key: rights & there for key, rights in self.wanted.items()}
        wanted = self.all_wanted
        for key, gave in self._recorded.items():
            left = (gave - wanted) & there
            found[key] = found.get(key, frozenset()) | left
        for principal, keys in self._own_accounts().items():
            all_its = frozenset(one for one in there if one.principal == principal)
            keeper = keys[0]
            found[keeper] |= all_its - wanted
        return found

    def _own_accounts(self) -> dict[str, list[Key]]:
        """The principals of jobs, each with its artefacts: those that go first."""
        found: dict[str, list[Key]] = {}
        for key in sorted({*self.wanted, *self._recorded}, key=self._order):
            if self.is_own(key):
                found.setdefault(principal_of(key), []).append(key)
        return found

    def _order(self, key: Key) -> tuple[bool, Key]:
        return (key in self.wanted, key)


def _previous(wanted: Wanted) -> frozenset[Binding]:
    spec = wanted.previous
    return bindings_of(spec) if isinstance(spec, Mapping) else frozenset()


def _recorded(recorded: Iterable[Key], key: Key) -> frozenset[Binding]:
    """What the record says that was given, where it says so: a mapping of keys to artefacts."""
    spec: Any = recorded.get(key) if isinstance(recorded, Mapping) else None
    if isinstance(spec, Mapping) and "acls" in spec and "principal" in spec:
        return bindings_of(spec)
    return frozenset()
