"""Rights as Kafka keeps them: bindings without a mark of who made them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple, Protocol

_ANYWHERE, _ALLOW = "*", "ALLOW"


class Binding(NamedTuple):
    """One right of one principal."""

    principal: str
    resource_type: str
    name: str
    pattern_type: str
    operation: str
    host: str = _ANYWHERE
    permission: str = _ALLOW

    @property
    def field(self) -> str:
        """`TOPIC:LITERAL:orders:READ`, and the host and the verdict where they say anything."""
        more = [self.host] if self.host != _ANYWHERE else []
        more += [self.permission] if self.permission != _ALLOW else []
        return ":".join((self.resource_type, self.pattern_type, self.name, self.operation, *more))

    def entry(self) -> dict[str, str]:
        """As the artefact writes it."""
        told = {
            "resource_type": self.resource_type,
            "name": self.name,
            "pattern_type": self.pattern_type,
            "operation": self.operation,
        }
        if self.host != _ANYWHERE:
            told["host"] = self.host
        if self.permission != _ALLOW:
            told["permission"] = self.permission
        return told


def bindings_of(spec: Mapping[str, Any]) -> frozenset[Binding]:
    """The rights of an artefact."""
    return frozenset(
        Binding(
            spec["principal"],
            one["resource_type"],
            one["name"],
            one["pattern_type"],
            one["operation"],
            one.get("host", _ANYWHERE),
            one.get("permission", _ALLOW),
        )
        for one in spec["acls"]
    )


class Rights(Protocol):
    """A place that keeps rights. Methods raise `SystemFailed`."""

    def look(self, principal: str | None = None) -> frozenset[Binding]:
        """Every right, or those of one principal."""
        ...

    def give(self, bindings: Iterable[Binding]) -> None:
        """Add rights; those that are there already stay."""
        ...

    def take(self, bindings: Iterable[Binding]) -> None:
        """Remove exactly these rights."""
        ...
