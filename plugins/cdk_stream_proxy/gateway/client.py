"""The Gateway's API: listed by kind, written one by one, asked what applies to whom."""

from __future__ import annotations

import threading
from typing import Any

from cdk_stream.plugin.rest import Reply, Rest
from cdk_stream.plugin.system import SystemFailed
from cdk_stream_proxy.api import faults
from cdk_stream_proxy.gateway.canonical import Body, Identity
from cdk_stream_proxy.gateway.chain import Somebody

API = "gateway/v2"
_NOT_FOUND, _CONFLICT = 404, 409
_MANAGED = ("bootstrapServers", "clientProperties")
"""What the Gateway itself writes into a virtual cluster; a login is among it."""


class GatewayApi:
    """Answers parsed; raises `SystemFailed`. One write at a time: it mixes up scopes else."""

    def __init__(self, rest: Rest) -> None:
        self._rest = rest
        self._writing = threading.Lock()

    def interceptors(self) -> list[Body]:
        """Every interceptor, with its scope."""
        return self._list("interceptor")

    def groups(self) -> dict[str, Body]:
        """Every group by its name."""
        return {str(one["metadata"]["name"]): one for one in self._list("group")}

    def plugins(self) -> set[str]:
        """The classes of the plugins that this Gateway has."""
        listed = self._list("plugin")
        return {str(one.get(key)) for one in listed for key in ("plugin", "pluginId")}

    def resolved(self, somebody: Somebody) -> list[Body]:
        """What applies to somebody, in order."""
        reply = self._rest.ask("POST", f"{API}/interceptor/resolve", somebody.question())
        if not reply.ok or not isinstance(reply.body, list):
            raise self._rest.refused(f"to say what applies to {somebody.told}", reply)
        return reply.body

    def virtual_cluster(self, name: str) -> dict[str, Any] | None:
        """A virtual cluster without what the Gateway itself writes into it."""
        reply = self._rest.get(f"{API}/virtual-cluster/{name}")
        if reply.status == _NOT_FOUND:
            return None
        if not reply.ok:
            raise self._rest.refused(f"a question about the virtual cluster '{name}'", reply)
        spec = {key: value for key, value in reply.body["spec"].items() if key not in _MANAGED}
        return {**reply.body, "spec": spec}

    def put(self, path: str, body: Body) -> None:
        """Make it or change it, held to what may be sent before anything is."""
        what = f"{path} '{body['metadata']['name']}'"
        told = faults(dict(body)) if body["kind"] in ("Interceptor", "GatewayGroup") else []
        if told:
            raise SystemFailed(f"{what} may not be sent: {'; '.join(told)}", "compile again")
        with self._writing:
            reply = self._rest.write("PUT", f"{API}/{path}", dict(body))
        if not reply.ok:
            raise self._rest.refused(what, reply, _mend(reply, path))

    def delete_interceptor(self, one: Identity) -> None:
        """Delete in exactly one scope; others of the name stay."""
        with self._writing:
            reply = self._rest.write("DELETE", f"{API}/interceptor/{one.name}", one.scope)
        if not reply.ok and reply.status != _NOT_FOUND:
            raise self._rest.refused(f"to delete the interceptor '{one.artifact}'", reply)

    def delete_group(self, name: str) -> None:
        with self._writing:
            reply = self._rest.write("DELETE", f"{API}/group/{name}")
        if not reply.ok and reply.status != _NOT_FOUND:
            mend = "an interceptor still names it" if reply.status == _CONFLICT else ""
            raise self._rest.refused(f"to delete the group '{name}'", reply, mend)

    def close(self) -> None:
        """Let go of connections."""
        self._rest.close()

    def _list(self, path: str) -> list[Body]:
        return self._rest.read(f"{API}/{path}", list)


def _mend(reply: Reply, path: str) -> str:
    if reply.status == _NOT_FOUND and path == "group":
        return "make the service accounts of its members on the Gateway first"
    if reply.status == _NOT_FOUND:
        return "make the virtual cluster on the Gateway first"
    return ""
