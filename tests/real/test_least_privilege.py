"""The rights of the projects, enforced: each account reads what it may, and nothing else."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from confluent_kafka import (
    Consumer,
    ConsumerGroupTopicPartitions,
    KafkaError,
    KafkaException,
    Producer,
    TopicPartition,
)

from tests.real.apply import bindings, create_acls, create_topics, create_user
from tests.real.projects import PROJECTS, artefacts, compiled
from tests.real.topics import Topics

_WHILE = 3.0
_REFUSALS = (KafkaError.GROUP_AUTHORIZATION_FAILED, KafkaError.TOPIC_AUTHORIZATION_FAILED)
_PASSWORD = uuid.uuid4().hex


class Enforced(NamedTuple):
    """The rights of one project on the broker, under names that no other run has."""

    kafka: Topics
    rights: dict[str, set[tuple[str, str, str]]]
    """Account -> (operation, resource type, name)."""
    clients: dict[str, Topics]

    @property
    def topics(self) -> list[str]:
        found = {
            name for rights in self.rights.values() for _, kind, name in rights if kind == "TOPIC"
        }
        return sorted(found)

    def log_in(self, account: str) -> Topics:
        """One client for each account: librdkafka does not like many that come and go."""
        if account not in self.clients:
            self.clients[account] = self.kafka.log_in(account, _PASSWORD)
        return self.clients[account]


@pytest.fixture(scope="module", params=PROJECTS)
def enforced(
    request: pytest.FixtureRequest, kafka: Topics, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Enforced]:
    target = compiled(request.param, tmp_path_factory.mktemp("project"))
    yield enforce(target, kafka)


def enforce(target: Path, kafka: Topics) -> Enforced:
    run = f"run{uuid.uuid4().hex[:8]}"
    documents = [_renamed(document, run) for document in artefacts(target, "acl")]
    rights: dict[str, set[tuple[str, str, str]]] = {}
    for document in documents:
        account = document["principal"].removeprefix("User:")
        found = rights.setdefault(account, set())
        found |= {(a["operation"], a["resource_type"], a["name"]) for a in document["acls"]}
    made = Enforced(kafka, rights, {})
    create_topics(kafka, ({"metadata": {"name": t}, "spec": _PLAIN} for t in made.topics))
    create_acls(kafka, bindings(documents))
    for account in rights:
        create_user(kafka, account, _PASSWORD)
    create_user(kafka, f"{run}.stranger", _PASSWORD)
    rights[f"{run}.stranger"] = set()
    return made


_PLAIN = {"partitions": 1, "configs": {}}


def _renamed(document: dict[str, Any], run: str) -> dict[str, Any]:
    text: dict[str, Any] = json.loads(json.dumps(document))
    for acl in text["acls"]:
        acl["name"] = f"{run}.{acl['name']}"
    return text | {"principal": document["principal"].replace("User:", f"User:{run}.")}


def test_every_account_reads_what_it_may_and_nothing_else(enforced: Enforced) -> None:
    for topic in enforced.topics:
        enforced.kafka.write(topic, [("a", {})])
    for account, rights in enforced.rights.items():
        allowed = {name for way, kind, name in rights if (way, kind) == ("READ", "TOPIC")}
        assert _readable(enforced, account) == allowed


def test_every_account_writes_what_it_may_and_nothing_else(enforced: Enforced) -> None:
    for account, rights in enforced.rights.items():
        writable = {topic for topic in enforced.topics if _may_write(enforced, account, topic)}
        assert writable == {name for way, kind, name in rights if (way, kind) == ("WRITE", "TOPIC")}


def test_every_reader_has_its_own_consumer_group(enforced: Enforced) -> None:
    owned = {
        account: {name for _, kind, name in rights if kind == "GROUP"}
        for account, rights in enforced.rights.items()
    }
    every = sorted(set().union(*owned.values()))
    for account, groups in owned.items():
        assert {one for one in every if _may_join(enforced, account, one)} == groups


def _readable(enforced: Enforced, account: str) -> set[str]:
    """The topics that rows come from in a while; each holds one."""
    settings = {"group.id": f"{account}.none", "enable.auto.commit": False}
    consumer = Consumer(enforced.log_in(account).settings | settings)
    found: set[str] = set()
    deadline = time.monotonic() + _WHILE
    try:
        consumer.assign([TopicPartition(topic, 0, 0) for topic in enforced.topics])
        while time.monotonic() < deadline:
            message = consumer.poll(0.2)
            if message is None:
                continue
            if message.error() is None:
                found.add(message.topic())
            else:
                assert message.error().code() in _REFUSALS
    finally:
        consumer.close()
    return found


def _may_write(enforced: Enforced, account: str, topic: str) -> bool:
    failures: list[int] = []
    producer = Producer(enforced.log_in(account).settings)
    producer.produce(topic, b"x", on_delivery=lambda e, _: failures.append(e.code()) if e else None)
    assert producer.flush(20) == 0
    return not failures or _is_not(failures[0], KafkaError.TOPIC_AUTHORIZATION_FAILED)


def _may_join(enforced: Enforced, account: str, group: str) -> bool:
    asked = enforced.log_in(account).admin.list_consumer_group_offsets(
        [ConsumerGroupTopicPartitions(group)]
    )
    try:
        asked[group].result(20)
    except KafkaException as refused:
        return _is_not(refused.args[0].code(), KafkaError.GROUP_AUTHORIZATION_FAILED)
    return True


def _is_not(code: int, refusal: int) -> bool:
    """False; any other error than the refusal is none that was expected."""
    assert code == refusal, code
    return False


def _begins(kafka: Topics, account: str, transactional_id: str) -> bool:
    settings = kafka.log_in(account, _PASSWORD).settings
    producer = Producer(settings | {"transactional.id": transactional_id})
    try:
        producer.init_transactions(20)
    except KafkaException as refused:
        assert refused.args[0].code() == KafkaError.TRANSACTIONAL_ID_AUTHORIZATION_FAILED
        return False
    return True


def test_an_exactly_once_job_writes_its_own_transactions_only(kafka: Topics) -> None:
    account = f"cdk-shop-{uuid.uuid4().hex[:8]}"
    create_user(kafka, account, _PASSWORD)
    acls = [
        {
            "resource_type": "TRANSACTIONAL_ID",
            "name": f"{account}-",
            "pattern_type": "PREFIXED",
            "operation": operation,
        }
        for operation in ("DESCRIBE", "WRITE")
    ]
    create_acls(kafka, bindings([{"principal": f"User:{account}", "acls": acls}]))
    assert _begins(kafka, account, f"{account}-0-1")
    assert not _begins(kafka, account, "cdk-shop-another-0-1")
