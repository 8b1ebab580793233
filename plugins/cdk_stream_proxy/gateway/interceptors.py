"""Interceptors: what hides is made before what shows, and the Gateway is asked whom it reaches."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator

from cdk_stream.plugin.converge import converge
from cdk_stream.plugin.system import SystemFailed, Wanted
from cdk_stream_proxy.gateway.canonical import Body, Identity, identity, interceptor, marked
from cdk_stream_proxy.gateway.chain import Somebody, gaps
from cdk_stream_proxy.gateway.client import GatewayApi
from cdk_stream_proxy.gateway.exposure import guards, hides, shown_by, shows

_MEND = "look for interceptors of the same name in other scopes, and deploy again"
Bodies = dict[Identity, Body]


class Interceptors:
    """Those of one project in one virtual cluster."""

    def __init__(
        self,
        api: GatewayApi,
        project: str,
        virtual_cluster: str,
        make_group: Callable[[Body], object],
    ) -> None:
        self._api = api
        self._make_group = make_group
        self._groups: dict[str, Body] = {}
        self._project = project
        self._home = virtual_cluster
        self._wanted: Bodies = {}
        self._there: Bodies = {}
        self._changing = threading.RLock()

    def learn(self, wanted: Iterable[Wanted], recorded: Iterable[str]) -> Bodies:
        """Remember what is wanted; a second look, which asks for less, makes nothing forgotten.

        Only an artefact that is recorded and not wanted is wanted no more. All that is there.
        """
        more = {identity(one.spec): one.spec for one in wanted}
        dropped = {*recorded} - {one.artifact for one in more}
        with self._changing:
            kept = {one: body for one, body in self._wanted.items() if one.artifact not in dropped}
            self._wanted = {**kept, **more}
            return self._look()

    def learn_groups(self, wanted: Iterable[Wanted]) -> None:
        """Remember the groups that interceptors may be for."""
        self._groups = {**self._groups, **{one.key.name: one.spec for one in wanted}}

    def overrides(self, one: Identity) -> list[str]:
        """Others' interceptors of its name in narrower scopes: they stand in its place."""
        return sorted(
            other.artifact
            for other, body in self._there.items()
            if other.name == one.name
            and other.rank > one.rank
            and other.virtual_cluster in (None, self._home)
            and other not in self._wanted
            and marked(body)[0] != self._project
        )

    def put(self, body: Body) -> tuple[Body, bool]:
        """The interceptor as the Gateway then shows it, and whether it was written.

        What hides values of a view is made before the view, whatever the order of the steps.
        """
        with self._changing:
            if shows(body):
                for guard in guards(self._wanted.values(), body):
                    self._guard(guard)
            seen, changed = self._put(body)
            self._is_not_overridden(identity(body))
            self._reaches(body)
            self._refuse_gaps()
            return seen, changed

    def delete(self, one: Identity) -> bool:
        """Whether there was anything to delete.

        Before something that hides values goes, whatever shall hide them from now on is made, and
        views that nobody wants any more are gone.
        """
        with self._changing:
            there = self._look()
            if one in there and hides(there[one]):
                for guard in [body for body in self._wanted.values() if hides(body)]:
                    self._guard(guard)
                for view in shown_by(self._unwanted(there), there[one]):
                    self._delete(identity(view))
            changed = self._delete(one)
            self._spares(one)
            self._refuse_gaps()
            return changed

    def prove(self) -> list[str]:
        """What anybody sees otherwise than the policy says, as the Gateway itself resolves it."""
        wanted = self._wanted.values()
        told: dict[str, None] = {}
        for somebody in sorted(set(self._everybody())):
            told |= dict.fromkeys(gaps(wanted, self._api.resolved(somebody), somebody))
        return list(told)

    def _look(self) -> Bodies:
        self._there = {identity(body): body for body in self._api.interceptors()}
        return self._there

    def _guard(self, body: Body) -> None:
        """Make what hides values, before its own step; its group as well."""
        one = identity(body)
        if one in self._there and interceptor(self._there[one]) == interceptor(body):
            return
        if one.group is not None and one.group in self._groups:
            self._make_group(self._groups[one.group])
        self._put(body)

    def _put(self, body: Body) -> tuple[Body, bool]:
        one = identity(body)
        done = converge(
            f"the interceptor '{one.artifact}'",
            lambda: self._look().get(one),
            lambda seen: seen is not None and interceptor(seen) == interceptor(body),
            lambda _: self._api.put("interceptor", body),
        )
        assert done.seen is not None
        return done.seen, done.changed

    def _delete(self, one: Identity) -> bool:
        return converge(
            f"the deletion of the interceptor '{one.artifact}'",
            lambda: one in self._look(),
            lambda there: not there,
            lambda _: self._api.delete_interceptor(one),
        ).changed

    def _unwanted(self, there: Bodies) -> list[Body]:
        return [
            body
            for one, body in there.items()
            if one not in self._wanted
            and one.virtual_cluster == self._home
            and marked(body)[0] == self._project
            and one.name.startswith(f"cdk.{self._project}.")
        ]

    def _all_there(self) -> bool:
        """Whether nothing is left to make, nor to delete."""
        return not self._unwanted(self._there) and all(
            one in self._there and interceptor(self._there[one]) == interceptor(body)
            for one, body in self._wanted.items()
        )

    def _is_not_overridden(self, one: Identity) -> None:
        others = self.overrides(one)
        if others:
            raise SystemFailed(
                f"'{', '.join(others)}' overrides '{one.artifact}', and is not of this project",
                "remove it on the Gateway, or give it another name",
            )

    def _reaches(self, body: Body) -> None:
        """Raises `SystemFailed` unless the Gateway itself says that it applies to its scope."""
        told = gaps([body], self._api.resolved(_of_scope(identity(body))), _scope(body))
        if told:
            raise SystemFailed("; ".join(told), _MEND)

    def _spares(self, one: Identity) -> None:
        if one in map(identity, self._api.resolved(_of_scope(one))):
            raise SystemFailed(f"'{one.artifact}' still applies after it was deleted", _MEND)

    def _refuse_gaps(self) -> None:
        """Raises `SystemFailed` when the last step leaves somebody with another view."""
        told = self.prove() if self._all_there() else []
        if told:
            raise SystemFailed(f"not everybody sees what the policy says: {'; '.join(told)}", _MEND)

    def _everybody(self) -> Iterator[Somebody]:
        """Whoever has a scope of his own, and anybody else."""
        yield Somebody(self._home)
        yield from map(_of_scope, self._wanted)


def _of_scope(one: Identity) -> Somebody:
    groups = (one.group,) if one.group is not None else ()
    return Somebody(one.virtual_cluster or "passthrough", groups, one.username or "")


def _scope(body: Body) -> Somebody:
    return _of_scope(identity(body))
