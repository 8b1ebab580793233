"""The state of the double as the proxy asks for it: who connects, and what stands before them."""

from __future__ import annotations

from tests.gateway.double.double import Double
from tests.gateway.double.kinds import CLUSTER
from tests.gateway.double.resolve import PASSTHROUGH, Principal, resolve
from tests.gateway.reference.chain import LIKELY, Chain, Naming
from tests.gateway.reference.envelope import Keys
from tests.gateway.reference.rights import Rights, of_virtual_cluster


class Gateway:
    """Reads the double anew for each request: what is applied holds from the next one on."""

    def __init__(self, double: Double, keys: Keys, naming: Naming = LIKELY) -> None:
        self._double = double
        self._keys = keys
        self._naming = naming

    def log_in(self, account: str, password: str) -> Principal | None:
        return self._double.log_in(account, password)

    def chain(self, principal: Principal) -> Chain:
        current = self._double.principal(principal.account, principal.virtual_cluster)
        interceptors = resolve(self._double.interceptors(), current)
        return Chain(interceptors, self._keys, self._naming)

    def rights(self, principal: Principal) -> Rights | None:
        """None: everything is allowed, in a cluster without ACLs and to its super users."""
        if principal.virtual_cluster == PASSTHROUGH:
            return None
        body = self._double.stored[CLUSTER.name][(principal.virtual_cluster,)]
        if self.is_super(principal):
            return None
        return of_virtual_cluster(body)

    def is_super(self, principal: Principal) -> bool:
        body = self._double.stored[CLUSTER.name].get((principal.virtual_cluster,))
        return body is None or principal.account in body["spec"]["superUsers"]
