"""The kinds of resources that the Gateway keeps: what identifies one, and what is left out."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any

from tests.gateway.double.resolve import PASSTHROUGH, Body, scope_of

Identity = tuple[Hashable, ...]


@dataclass(frozen=True, slots=True)
class Kind:
    """`complete` adds what the server fills in, so that equal resources have equal bodies."""

    name: str
    path: str
    identify: Callable[[Body], Identity]
    """Metadata, or the body of a DELETE, -> identity."""
    complete: Callable[[Body], Body]
    defaults: dict[str, Any]
    """Keys of `spec` that a GET leaves out when they have this value."""


def _name(metadata: Body) -> Identity:
    return (metadata["name"],)


def _name_and_cluster(metadata: Body) -> Identity:
    return metadata["name"], metadata.get("vCluster", PASSTHROUGH)


def _name_and_scope(metadata: Body) -> Identity:
    return metadata["name"], scope_of(metadata)


def _with_metadata(body: Body, **more: Any) -> Body:
    return {**body, "metadata": {**body["metadata"], **more}}


def _located(defaults: dict[str, Any]) -> Callable[[Body], Body]:
    def complete(body: Body) -> Body:
        home = body["metadata"].get("vCluster", PASSTHROUGH)
        told = _with_metadata(body, vCluster=home)
        return {**told, "spec": {**defaults, **body["spec"]}}

    return complete


def _interceptor(body: Body) -> Body:
    scope = scope_of(body["metadata"])
    told = {"vCluster": scope.virtual_cluster, "group": scope.group, "username": scope.account}
    if scope.rank:
        told = {key: value for key, value in told.items() if value is not None}
    return _with_metadata(body, scope=told)


def _account(body: Body) -> Body:
    told = _located({})(body)
    return {**told, "spec": {**told["spec"], "type": body["spec"]["type"].upper()}}


def _group(body: Body) -> Body:
    members = [
        {"vCluster": member.get("vCluster", PASSTHROUGH), "name": member["name"]}
        for member in body["spec"].get("members", ())
    ]
    members.sort(key=lambda member: (member["vCluster"], member["name"]))
    external = sorted(body["spec"].get("externalGroups", ()))
    return {**body, "spec": {"members": members, "externalGroups": external}}


_CLUSTER = {"aclEnabled": False, "superUsers": [], "type": "Standard", "aclMode": "KAFKA_API"}
_CLUSTER |= {"acls": []}
_MANAGED = ("bootstrapServers", "clientProperties")


def _virtual_cluster(body: Body) -> Body:
    spec = {key: value for key, value in body["spec"].items() if key not in _MANAGED}
    return {**body, "spec": {**_CLUSTER, **spec}}


_ALIAS = {"physicalCluster": "main"}
_RULE = {"autoManaged": False, "offsetCorrectness": False}
CLUSTER = Kind("VirtualCluster", "virtual-cluster", _name, _virtual_cluster, {})
ALIAS = Kind("AliasTopic", "alias-topic", _name_and_cluster, _located(_ALIAS), _ALIAS)
RULE = Kind("ConcentrationRule", "concentration-rule", _name_and_cluster, _located(_RULE), _RULE)
INTERCEPTOR = Kind("Interceptor", "interceptor", _name_and_scope, _interceptor, {})
ACCOUNT = Kind("GatewayServiceAccount", "service-account", _name_and_cluster, _account, {})
GROUP = Kind("GatewayGroup", "group", _name, _group, {})
KINDS = {kind.path: kind for kind in (CLUSTER, ALIAS, RULE, ACCOUNT, GROUP, INTERCEPTOR)}
"""By path, in the order in which one may stand on another."""
