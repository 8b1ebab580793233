"""The broker admits a user to what an ACL allows, and to nothing else."""

from __future__ import annotations

import uuid

import pytest
from confluent_kafka import KafkaException

from tests.real.apply import bindings, create_acls, create_user
from tests.real.topics import Topics


@pytest.fixture
def user(kafka: Topics) -> tuple[str, str]:
    name, password = f"user-{uuid.uuid4().hex[:8]}", uuid.uuid4().hex
    create_user(kafka, name, password)
    return name, password


def _allow(kafka: Topics, user: str, topic: str, operation: str) -> None:
    rule = {
        "resource_type": "TOPIC",
        "name": topic,
        "pattern_type": "LITERAL",
        "operation": operation,
    }
    create_acls(kafka, bindings([{"principal": f"User:{user}", "acls": [rule]}]))


def test_a_user_without_rights_is_refused(kafka: Topics, user: tuple[str, str]) -> None:
    topic = kafka.create("secrets")
    with pytest.raises(KafkaException, match="TOPIC_AUTHORIZATION_FAILED"):
        kafka.log_in(*user).write(topic, [("a", {"amount": 1})])


def test_a_user_with_the_right_to_write_writes(kafka: Topics, user: tuple[str, str]) -> None:
    topic = kafka.create("orders")
    _allow(kafka, user[0], topic, "WRITE")
    kafka.log_in(*user).write(topic, [("a", {"amount": 1})])
    assert kafka.read(topic, 1) == [("a", {"amount": 1})]
