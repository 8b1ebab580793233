"""Which interceptors apply to somebody, in order, as the Gateway promises it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from cdk_stream_proxy.gateway.canonical import Body, Identity, identity, interceptor


class Somebody(NamedTuple):
    """Who connects."""

    virtual_cluster: str
    groups: tuple[str, ...] = ()
    username: str = ""

    @property
    def told(self) -> str:
        """For messages."""
        if self.username:
            return f"account '{self.username}'"
        return f"group '{', '.join(self.groups)}'" if self.groups else "anybody"

    def question(self) -> dict[str, object]:
        """The body that asks what applies."""
        asked: dict[str, object] = {"vCluster": self.virtual_cluster}
        if self.groups:
            asked["groups"] = list(self.groups)
        if self.username:
            asked["username"] = self.username
        return asked


def meant(one: Identity, somebody: Somebody) -> bool:
    """Whether an interceptor's scope holds somebody."""
    return (
        one.virtual_cluster in (None, somebody.virtual_cluster)
        and (one.group is None or one.group in somebody.groups)
        and (one.username is None or one.username == somebody.username)
    )


def chain(bodies: Iterable[Body], somebody: Somebody) -> list[Body]:
    """The narrowest of each name, lowest priority first."""
    strongest: dict[str, Body] = {}
    for body in bodies:
        one = identity(body)
        if meant(one, somebody):
            known = strongest.get(one.name)
            if known is None or identity(known).rank < one.rank:
                strongest[one.name] = body
    return sorted(strongest.values(), key=_order)


def gaps(wanted: Iterable[Body], resolved: Iterable[Body], somebody: Somebody) -> list[str]:
    """What somebody sees otherwise than the policy says, a line for each interceptor."""
    want = {identity(body): body for body in chain(wanted, somebody)}
    have = {identity(body): body for body in resolved}
    told = []
    for one, body in want.items():
        if one not in have:
            told.append(f"'{one.artifact}' does not apply to {somebody.told}")
        elif interceptor(have[one]) != interceptor(body):
            told.append(f"'{one.artifact}' applies to {somebody.told}, and is not as wanted")
    names = {one.name for one in want}
    for one in have.keys() - want.keys():
        if one.name in names:
            told.append(f"'{one.artifact}' overrides what applies to {somebody.told}")
    return sorted(told)


def _order(body: Body) -> tuple[int, str]:
    return body["spec"]["priority"], body["metadata"]["name"]
