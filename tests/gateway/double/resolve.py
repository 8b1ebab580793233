"""Interceptors -> those that apply to a principal, in order: scopes, overrides, priorities."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import product
from typing import Any, NamedTuple

Body = dict[str, Any]
PASSTHROUGH = "passthrough"


class Principal(NamedTuple):
    """Who connects: an account, its groups, and the virtual cluster it is in."""

    account: str
    groups: frozenset[str] = frozenset()
    virtual_cluster: str = PASSTHROUGH


class Scope(NamedTuple):
    """Whom an interceptor is for; None means anybody."""

    virtual_cluster: str | None = None
    group: str | None = None
    account: str | None = None

    @property
    def rank(self) -> int:
        """The account before the group before the virtual cluster before everything."""
        if self.account is not None:
            return 3
        return 2 if self.group is not None else int(self.virtual_cluster is not None)

    def holds(self, principal: Principal) -> bool:
        return (
            self.virtual_cluster in (None, principal.virtual_cluster)
            and (self.group is None or self.group in principal.groups)
            and self.account in (None, principal.account)
        )


def scope_of(metadata: Body) -> Scope:
    """A virtual cluster left out is `passthrough`; only one that is null means all of them."""
    told = metadata.get("scope") or {}
    return Scope(told.get("vCluster", PASSTHROUGH), told.get("group"), told.get("username"))


def resolve(interceptors: Iterable[Body], principal: Principal) -> list[Body]:
    """What applies, lowest priority first; of two groups' overrides, the first group's."""
    return next(every_way(interceptors, principal))


def every_way(interceptors: Iterable[Body], principal: Principal) -> Iterator[list[Body]]:
    """All that may apply: which of two groups' overrides wins is not documented."""
    named: dict[str, list[Body]] = {}
    for body in interceptors:
        if scope_of(body["metadata"]).holds(principal):
            named.setdefault(body["metadata"]["name"], []).append(body)
    for chosen in product(*(_strongest(named[name]) for name in sorted(named))):
        yield sorted(chosen, key=_order)


def _strongest(bodies: list[Body]) -> list[Body]:
    """The narrowest scope overrides; several only when they are of different groups."""
    best = max(scope_of(body["metadata"]).rank for body in bodies)
    ranked = [body for body in bodies if scope_of(body["metadata"]).rank == best]
    return sorted(ranked, key=lambda body: str(scope_of(body["metadata"])))


def _order(body: Body) -> tuple[int, str]:
    return body["spec"]["priority"], body["metadata"]["name"]
