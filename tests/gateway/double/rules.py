"""What the Gateway refuses beyond the form of a body: names that hang, or that are taken."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from tests.gateway.double.kinds import (
    ACCOUNT,
    ALIAS,
    CLUSTER,
    GROUP,
    INTERCEPTOR,
    RULE,
    Identity,
    Kind,
)
from tests.gateway.double.resolve import PASSTHROUGH, Body, scope_of

Stored = dict[str, dict[Identity, Body]]
"""Kind -> identity -> body."""


class Refusal(Exception):
    """A 400, 404 or 409 with what the body of the reply says."""

    def __init__(self, status: int, title: str, cause: str = "") -> None:
        self.status = status
        self.title = title
        self.cause = cause
        super().__init__(title)


def check_put(kind: Kind, body: Body, stored: Stored) -> None:
    """Raises `Refusal` when the resource cannot stand beside what is stored."""
    _PUT[kind.name](body, stored)


def check_delete(kind: Kind, identity: Identity, stored: Stored) -> None:
    """Raises `Refusal` when the resource is not there, or something stands on it."""
    if kind is CLUSTER and identity == (PASSTHROUGH,):
        raise Refusal(400, "Default `passthrough` virtual cluster cannot be deleted")
    if identity not in stored[kind.name]:
        raise Refusal(404, f"The {kind.name} does not exist", str(identity[0]))
    users = list(_USERS.get(kind.name, _nobody)(identity, stored))
    if users:
        raise Refusal(409, f"The {kind.name} is in use", ", ".join(sorted(users)))


def _put_cluster(body: Body, stored: Stored) -> None:
    name = body["metadata"]["name"]
    if name == PASSTHROUGH:
        raise Refusal(400, "Usage of reserved keywords", PASSTHROUGH)
    before = stored[CLUSTER.name].get((name,))
    if before is not None and before["spec"]["aclMode"] != body["spec"]["aclMode"]:
        raise Refusal(400, "aclMode cannot change", before["spec"]["aclMode"])
    for (other,) in stored[CLUSTER.name]:
        if other != name and str(other).startswith(name):
            raise Refusal(409, "The given prefix is already used by another virtual cluster")


def _put_alias(body: Body, stored: Stored) -> None:
    home = body["metadata"]["vCluster"]
    _need_cluster(home, stored)
    if body["spec"]["physicalCluster"] != "main":
        raise Refusal(409, "The physical cluster does not match")
    if (body["spec"]["physicalName"], home) in stored[ALIAS.name]:
        raise Refusal(400, "An alias topic cannot point to another one")


def _put_located(body: Body, stored: Stored) -> None:
    _need_cluster(body["metadata"]["vCluster"], stored)


def _put_account(body: Body, stored: Stored) -> None:
    identity = ACCOUNT.identify(body["metadata"])
    _need_cluster(identity[1], stored)
    before = stored[ACCOUNT.name].get(identity)
    if before is not None and before["spec"]["type"] != body["spec"]["type"]:
        raise Refusal(409, "The service account exists with another type")
    names = body["spec"].get("externalNames", [])
    for other, taken in stored[ACCOUNT.name].items():
        if other != identity and set(names) & set(taken["spec"].get("externalNames", [])):
            raise Refusal(409, "The external name is already used", str(other[0]))


def _put_group(body: Body, stored: Stored) -> None:
    for member in body["spec"]["members"]:
        if (member["name"], member["vCluster"]) not in stored[ACCOUNT.name]:
            raise Refusal(404, "The service account does not exist", member["name"])


def _put_interceptor(body: Body, stored: Stored) -> None:
    scope = scope_of(body["metadata"])
    if scope.virtual_cluster is not None:
        _need_cluster(scope.virtual_cluster, stored)
    if scope.group is not None and (scope.group,) not in stored[GROUP.name]:
        raise Refusal(404, "The given group does not exist", scope.group)


def _need_cluster(name: Any, stored: Stored) -> None:
    if name != PASSTHROUGH and (name,) not in stored[CLUSTER.name]:
        raise Refusal(404, "The given virtual cluster does not exist", name)


_PUT: dict[str, Callable[[Body, Stored], None]] = {
    CLUSTER.name: _put_cluster,
    ALIAS.name: _put_alias,
    RULE.name: _put_located,
    ACCOUNT.name: _put_account,
    GROUP.name: _put_group,
    INTERCEPTOR.name: _put_interceptor,
}


def _nobody(_identity: Identity, _stored: Stored) -> Iterator[str]:
    return iter(())


def _users_of_cluster(identity: Identity, stored: Stored) -> Iterator[str]:
    for kind in (ALIAS, RULE, ACCOUNT):
        yield from (str(key[0]) for key in stored[kind.name] if key[1] == identity[0])
    for body in stored[INTERCEPTOR.name].values():
        if scope_of(body["metadata"]).virtual_cluster == identity[0]:
            yield body["metadata"]["name"]


def _users_of_account(identity: Identity, stored: Stored) -> Iterator[str]:
    for group in stored[GROUP.name].values():
        if {"name": identity[0], "vCluster": identity[1]} in group["spec"]["members"]:
            yield group["metadata"]["name"]


def _users_of_group(identity: Identity, stored: Stored) -> Iterator[str]:
    for body in stored[INTERCEPTOR.name].values():
        if scope_of(body["metadata"]).group == identity[0]:
            yield body["metadata"]["name"]


_USERS: dict[str, Callable[[Identity, Stored], Iterator[str]]] = {
    CLUSTER.name: _users_of_cluster,
    ACCOUNT.name: _users_of_account,
    GROUP.name: _users_of_group,
}
