"""Rights: given before others are taken, and never taken while another artefact wants them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from cdk_stream.plugin.canonical import digest
from cdk_stream.plugin.converge import converge
from cdk_stream.plugin.rights.binding import Binding, Rights, bindings_of
from cdk_stream.plugin.rights.ownership import Ownership, principal_of
from cdk_stream.plugin.system import Comparison, Live, Outcome, SystemFailed, Wanted
from cdk_stream.results.plan import Danger, Difference, Key


class Acls:
    """The rights of one cluster; a plan asks for all of them at once."""

    def __init__(self, project: str, rights: Rights) -> None:
        self._rights = rights
        self._ownership = Ownership(project)

    def observe(self, wanted: Sequence[Wanted], recorded: Iterable[Key]) -> Mapping[Key, Live]:
        """Those of every artefact that has any; nothing is asked when there can be none."""
        asked = self._ownership.learn(wanted, recorded)
        if not asked:
            return {}
        shares = self._ownership.shares(self._rights.look())
        return {
            key: self._live(key, shares[key])
            for key in asked
            if self._ownership.is_made(key, shares[key])
        }

    def compare(self, wanted: Wanted, live: Live | None) -> Comparison:
        """Each right that is missing or not wanted any more."""
        want = bindings_of(wanted.spec)
        have = bindings_of(live.spec) if live is not None else frozenset()
        missing, extra = want - have, have - want
        principal = wanted.spec["principal"]
        changes = [Difference(f"acls.{one.field}", None, one.permission) for one in sorted(missing)]
        changes += [Difference(f"acls.{one.field}", one.permission, None) for one in sorted(extra)]
        if live is None:
            return Comparison("create", f"'{principal}' lacks rights", tuple(changes))
        if not changes:
            return Comparison("nothing")
        dangers: tuple[tuple[Danger, str], ...] = ()
        if extra:
            dangers = (("downtime", f"'{principal}' loses {_named(extra)}"),)
        return Comparison("update", f"the rights of '{principal}' differ", tuple(changes), dangers)

    def apply(self, key: Key, wanted: Wanted | None, live: Live | None) -> Outcome:
        """Brings the rights of one artefact to what is wanted."""
        if wanted is not None and wanted.key not in self._ownership.wanted:
            raise SystemFailed("rights are not changed before all of them were looked at")
        want = bindings_of(wanted.spec) if wanted is not None else frozenset()
        have = bindings_of(live.spec) if live is not None else frozenset()
        surplus = have - want - self._ownership.wanted_beside(key)
        principal = wanted.spec["principal"] if wanted is not None else principal_of(key)

        def is_done(there: frozenset[Binding]) -> bool:
            return want <= there and not surplus & there

        def write(there: frozenset[Binding]) -> None:
            self._rights.give(want - there)
            self._rights.take(surplus & there)

        done = converge(
            f"the change of the rights of '{principal}'",
            lambda: self._rights.look(principal),
            is_done,
            write,
        )
        return Outcome(self._live(key, want) if wanted is not None else None, done.changed)

    def _live(self, key: Key, share: frozenset[Binding]) -> Live:
        principal = next(iter(share)).principal if share else principal_of(key)
        spec = {"principal": principal, "acls": [one.entry() for one in sorted(share)]}
        return Live(key, spec, digest(spec), True if self._ownership.is_own(key) else None)


def _named(rights: Iterable[Binding]) -> str:
    return ", ".join(f"{one.operation} on {one.resource_type} '{one.name}'" for one in rights)
