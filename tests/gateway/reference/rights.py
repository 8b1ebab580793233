"""Who may do what to which topic and group, from the entries of ACLs; nothing else is allowed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from tests.gateway.double.resolve import Body

_IMPLIED = {"DESCRIBE": ("READ", "WRITE", "DELETE", "ALTER")}


class Right(NamedTuple):
    """`User:ann` may `READ` the `TOPIC` `t`; a prefixed pattern holds all that begin so."""

    principal: str
    operation: str
    kind: str
    name: str
    is_prefix: bool = False

    def covers(self, kind: str, name: str) -> bool:
        if self.kind != kind:
            return False
        return name.startswith(self.name) if self.is_prefix else self.name in (name, "*")


class Rights:
    """All that is allowed to anybody in one place."""

    def __init__(self, rights: Iterable[Right]) -> None:
        self._rights = frozenset(rights)

    def allows(self, account: str, operation: str, kind: str, name: str) -> bool:
        wanted = {operation, *_IMPLIED.get(operation, ()), "ALL"}
        return any(
            right.operation in wanted and right.covers(kind, name)
            for right in self._rights
            if right.principal == f"User:{account}"
        )


def of_virtual_cluster(body: Body) -> Rights | None:
    """The rights in a `VirtualCluster`; None when it asks nobody."""
    if not body["spec"].get("aclEnabled"):
        return None
    return Rights(
        Right(
            entry["principal"],
            entry["operation"].upper(),
            entry["resourcePattern"]["resourceType"].upper(),
            entry["resourcePattern"]["name"],
            entry["resourcePattern"].get("patternType", "LITERAL").upper() == "PREFIXED",
        )
        for entry in body["spec"].get("acls", ())
        if entry.get("permissionType", "ALLOW").upper() == "ALLOW"
    )
