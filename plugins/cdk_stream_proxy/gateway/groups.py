"""Groups of the Gateway: who has a role."""

from __future__ import annotations

from cdk_stream.plugin.converge import converge
from cdk_stream_proxy.gateway.canonical import Body, group
from cdk_stream_proxy.gateway.client import GatewayApi


class Groups:
    """Written one by one; each look lists them all, as the Gateway lists nothing less."""

    def __init__(self, api: GatewayApi) -> None:
        self._api = api

    def put(self, body: Body) -> tuple[Body, bool]:
        """The group as the Gateway then shows it, and whether it was written."""
        name = str(body["metadata"]["name"])
        done = converge(
            f"the group '{name}'",
            lambda: self._api.groups().get(name),
            lambda seen: seen is not None and group(seen) == group(body),
            lambda _: self._api.put("group", body),
        )
        assert done.seen is not None
        return done.seen, done.changed

    def delete(self, name: str) -> bool:
        """Whether there was anything to delete."""
        return converge(
            f"the deletion of the group '{name}'",
            lambda: name in self._api.groups(),
            lambda there: not there,
            lambda _: self._api.delete_group(name),
        ).changed
