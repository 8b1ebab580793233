"""Compiled artefacts, brought to the real systems."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from confluent_kafka.admin import (
    AclBinding,
    AclOperation,
    AclPermissionType,
    NewTopic,
    ResourcePatternType,
    ResourceType,
    ScramCredentialInfo,
    ScramMechanism,
    UserScramCredentialUpsertion,
)

from tests.real.rest import send
from tests.real.topics import Topics

_LIMIT = 30


def create_topics(kafka: Topics, documents: Iterable[Any], *, only_validate: bool = False) -> None:
    """Topics as compiled, but on the one broker there is."""
    topics = [
        NewTopic(
            document["metadata"]["name"],
            document["spec"]["partitions"],
            1,
            config=document["spec"]["configs"],
        )
        for document in documents
    ]
    made = kafka.admin.create_topics(topics, validate_only=only_validate)
    for one in made.values():
        one.result(_LIMIT)


def bindings(documents: Iterable[Any]) -> list[AclBinding]:
    return [
        AclBinding(
            ResourceType[acl["resource_type"]],
            acl["name"],
            ResourcePatternType[acl["pattern_type"]],
            document["principal"],
            acl.get("host", "*"),
            AclOperation[acl["operation"]],
            AclPermissionType.ALLOW,
        )
        for document in documents
        for acl in document["acls"]
    ]


def create_acls(kafka: Topics, rules: list[AclBinding]) -> None:
    for one in kafka.admin.create_acls(rules).values():
        one.result(_LIMIT)


def create_user(kafka: Topics, name: str, password: str) -> None:
    info = ScramCredentialInfo(ScramMechanism.SCRAM_SHA_256, 4096)
    made = kafka.admin.alter_user_scram_credentials(
        [UserScramCredentialUpsertion(name, info, password.encode())]
    )
    made[name].result(_LIMIT)


def register(registry: str, document: Any) -> int:
    """Register the schema of a subject and set its compatibility; the id of the schema."""
    subject, spec = document["metadata"]["name"], document["spec"]
    schema = {"schema": spec["schema"], "schemaType": spec["format"]}
    made = send("POST", f"{registry}/subjects/{subject}/versions", schema)
    compatibility = {"compatibility": spec["compatibility"]}
    send("PUT", f"{registry}/config/{subject}", compatibility)
    return int(made["id"])


def registered(registry: str, subject: str) -> Any:
    """The latest schema of a subject, parsed."""
    return json.loads(send("GET", f"{registry}/subjects/{subject}/versions/latest")["schema"])
