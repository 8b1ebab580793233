"""Where a Gateway keeps its rights: in a virtual cluster's body, or behind Kafka's protocol."""

from __future__ import annotations

from collections.abc import Iterable

from cdk_stream.plugin.rights.binding import Binding, Rights
from cdk_stream.plugin.system import SystemFailed
from cdk_stream_proxy.gateway.client import GatewayApi
from cdk_stream_proxy.gateway.virtual_rights import VirtualRights
from cdk_stream_proxy.interceptor import PASSTHROUGH


class GatewayRights:
    """Finds out where they are when they are needed first."""

    def __init__(
        self, api: GatewayApi, cluster: str, virtual_cluster: str, by_protocol: Rights | None
    ) -> None:
        self._api = api
        self._cluster = cluster
        self._home = virtual_cluster
        self._by_protocol = by_protocol
        self._found: Rights | None = None

    def look(self, principal: str | None = None) -> frozenset[Binding]:
        """Every right, or those of one principal."""
        return self._place().look(principal)

    def give(self, bindings: Iterable[Binding]) -> None:
        """Add rights; those that are there already stay."""
        self._place().give(bindings)

    def take(self, bindings: Iterable[Binding]) -> None:
        """Remove exactly these rights."""
        self._place().take(bindings)

    def _place(self) -> Rights:
        if self._found is None:
            self._found = self._find()
        return self._found

    def _find(self) -> Rights:
        if self._home != PASSTHROUGH and self._is_listed():
            return VirtualRights(self._api, self._home)
        if self._by_protocol is None:
            raise SystemFailed(
                f"the rights of the Gateway of '{self._cluster}' are given by Kafka's protocol, "
                "and its address for clients is not known",
                f"add `bootstrap_servers:` under `clusters.{self._cluster}.gateway`",
            )
        return self._by_protocol

    def _is_listed(self) -> bool:
        """Whether the virtual cluster keeps its rights in its own body."""
        body = self._api.virtual_cluster(self._home)
        if body is None:
            raise SystemFailed(
                f"the Gateway of '{self._cluster}' has no virtual cluster '{self._home}'",
                "make it there first",
            )
        if not body["spec"].get("aclEnabled"):
            raise SystemFailed(
                f"the virtual cluster '{self._home}' checks no rights: anybody reads everything",
                "set `aclEnabled` in it",
            )
        return str(body["spec"].get("aclMode")) == "REST_API"
