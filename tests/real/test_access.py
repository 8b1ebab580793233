"""The broker admits a user to what an ACL allows, and to nothing else."""

from __future__ import annotations

import uuid

import pytest
from confluent_kafka import KafkaException
from confluent_kafka.admin import (
    AclBinding,
    AclOperation,
    AclPermissionType,
    ResourcePatternType,
    ResourceType,
    ScramCredentialInfo,
    ScramMechanism,
    UserScramCredentialUpsertion,
)

from tests.real.topics import Topics


@pytest.fixture
def user(kafka: Topics) -> tuple[str, str]:
    name, password = f"user-{uuid.uuid4().hex[:8]}", uuid.uuid4().hex
    info = ScramCredentialInfo(ScramMechanism.SCRAM_SHA_256, 4096)
    made = kafka.admin.alter_user_scram_credentials(
        [UserScramCredentialUpsertion(name, info, password.encode())]
    )
    made[name].result(30)
    return name, password


def _allow(kafka: Topics, user: str, topic: str, operation: AclOperation) -> None:
    rule = AclBinding(
        ResourceType.TOPIC,
        topic,
        ResourcePatternType.LITERAL,
        f"User:{user}",
        "*",
        operation,
        AclPermissionType.ALLOW,
    )
    kafka.admin.create_acls([rule])[rule].result(30)


def test_a_user_without_rights_is_refused(kafka: Topics, user: tuple[str, str]) -> None:
    topic = kafka.create("secrets")
    with pytest.raises(KafkaException, match="TOPIC_AUTHORIZATION_FAILED"):
        kafka.log_in(*user).write(topic, [("a", {"amount": 1})])


def test_a_user_with_the_right_to_write_writes(kafka: Topics, user: tuple[str, str]) -> None:
    topic = kafka.create("orders")
    _allow(kafka, user[0], topic, AclOperation.WRITE)
    kafka.log_in(*user).write(topic, [("a", {"amount": 1})])
    assert kafka.read(topic, 1) == [("a", {"amount": 1})]
