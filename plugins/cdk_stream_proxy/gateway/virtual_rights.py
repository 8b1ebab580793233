"""The rights of a virtual cluster whose list is replaced as a whole."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from cdk_stream.plugin.rights.binding import Binding
from cdk_stream.plugin.system import SystemFailed
from cdk_stream_proxy.gateway.client import GatewayApi


class VirtualRights:
    """Rights in the body of one virtual cluster, in the mode `REST_API`."""

    def __init__(self, api: GatewayApi, name: str) -> None:
        self._api = api
        self._name = name
        self._writing = threading.Lock()

    def look(self, principal: str | None = None) -> frozenset[Binding]:
        """Every right, or those of one principal; one request."""
        return frozenset(
            one
            for one in map(_read, self._body()["spec"].get("acls") or ())
            if principal in (None, one.principal)
        )

    def give(self, bindings: Iterable[Binding]) -> None:
        """Add rights; those that are there already stay."""
        more = frozenset(bindings)
        self._replace(lambda there: there | more)

    def take(self, bindings: Iterable[Binding]) -> None:
        """Remove exactly these rights."""
        gone = frozenset(bindings)
        self._replace(lambda there: there - gone)

    def _replace(self, change: Callable[[frozenset[Binding]], frozenset[Binding]]) -> None:
        with self._writing:
            body = self._body()
            there = frozenset(map(_read, body["spec"].get("acls") or ()))
            after = change(there)
            if after != there:
                acls = [_written(one) for one in sorted(after)]
                self._api.put("virtual-cluster", {**body, "spec": {**body["spec"], "acls": acls}})

    def _body(self) -> Mapping[str, Any]:
        body = self._api.virtual_cluster(self._name)
        if body is None:
            raise SystemFailed(
                f"the Gateway has no virtual cluster '{self._name}'", "make it first"
            )
        return body


def _read(acl: Mapping[str, Any]) -> Binding:
    pattern = acl.get("resourcePattern") or acl
    return Binding(
        str(acl["principal"]),
        str(pattern["resourceType"]),
        str(pattern["name"]),
        str(pattern.get("patternType", "LITERAL")),
        str(acl["operation"]),
        str(acl.get("host", "*")),
        str(acl.get("permissionType", "ALLOW")),
    )


def _written(one: Binding) -> dict[str, Any]:
    return {
        "resourcePattern": {
            "resourceType": one.resource_type,
            "name": one.name,
            "patternType": one.pattern_type,
        },
        "principal": one.principal,
        "host": one.host,
        "operation": one.operation,
        "permissionType": one.permission,
    }
