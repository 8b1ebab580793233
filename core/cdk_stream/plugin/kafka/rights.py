"""Rights by Kafka's own protocol."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from cdk_stream.plugin.kafka.admin import TIMEOUT, Admin, results
from cdk_stream.plugin.rights.binding import Binding


class KafkaRights:
    """The rights that brokers keep, or what speaks like them."""

    def __init__(self, admin: Admin) -> None:
        self._admin = admin

    def look(self, principal: str | None = None) -> frozenset[Binding]:
        """Every right, or those of one principal; one request."""
        asked = _filter(principal)
        found = self._admin.read(
            "list the rights they keep",
            lambda client: client.describe_acls(asked, request_timeout=TIMEOUT).result(TIMEOUT + 5),
        )
        return frozenset(_read(one) for one in found)

    def give(self, bindings: Iterable[Binding]) -> None:
        """Add rights; those that are there already stay."""
        made = [_made(one) for one in sorted(bindings)]
        if made:
            self._admin.write(
                f"give rights to '{made[0].principal}'",
                lambda client: results(client.create_acls(made, request_timeout=TIMEOUT)),
            )

    def take(self, bindings: Iterable[Binding]) -> None:
        """Remove exactly these rights."""
        gone = [_exactly(one) for one in sorted(bindings)]
        if gone:
            self._admin.write(
                f"take rights from '{gone[0].principal}'",
                lambda client: results(client.delete_acls(gone, request_timeout=TIMEOUT)),
            )


def _read(acl: Any) -> Binding:
    return Binding(
        acl.principal,
        acl.restype.name,
        acl.name,
        acl.resource_pattern_type.name,
        acl.operation.name,
        acl.host,
        acl.permission_type.name,
    )


def _made(one: Binding) -> Any:
    from confluent_kafka.admin import AclBinding  # noqa: PLC0415

    return AclBinding(*_parts(one))


def _exactly(one: Binding) -> Any:
    from confluent_kafka.admin import AclBindingFilter  # noqa: PLC0415

    return AclBindingFilter(*_parts(one))


def _parts(one: Binding) -> tuple[Any, ...]:
    from confluent_kafka.admin import (  # noqa: PLC0415
        AclOperation,
        AclPermissionType,
        ResourcePatternType,
        ResourceType,
    )

    return (
        ResourceType[one.resource_type],
        one.name,
        ResourcePatternType[one.pattern_type],
        one.principal,
        one.host,
        AclOperation[one.operation],
        AclPermissionType[one.permission],
    )


def _filter(principal: str | None) -> Any:
    from confluent_kafka.admin import (  # noqa: PLC0415
        AclBindingFilter,
        AclOperation,
        AclPermissionType,
        ResourcePatternType,
        ResourceType,
    )

    return AclBindingFilter(
        ResourceType.ANY,
        None,
        ResourcePatternType.ANY,
        principal,
        None,
        AclOperation.ANY,
        AclPermissionType.ANY,
    )
