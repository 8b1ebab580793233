"""A Gateway that clients connect to: the reference before a real broker, or a real one."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
from confluent_kafka import (
    OFFSET_BEGINNING,
    Consumer,
    KafkaError,
    KafkaException,
    Producer,
    TopicPartition,
)
from confluent_kafka.admin import AdminClient, NewTopic

from tests.gateway.double.resolve import Body

_LIMIT, _SHORT = 30.0, 5.0
_PATHS = {
    "VirtualCluster": "virtual-cluster",
    "GatewayServiceAccount": "service-account",
    "GatewayGroup": "group",
    "Interceptor": "interceptor",
}


@dataclass(frozen=True, slots=True)
class Stand:
    """The API of a Gateway and the address of its port for Kafka's clients."""

    api: httpx.Client
    bootstrap: str
    broker: str = ""
    """The broker behind it, where the test may look at what is stored; '' where it may not."""

    def put(self, body: Body) -> str:
        reply = self.api.put(_PATHS[body["kind"]], json=body)
        assert reply.status_code == 200, f"{body['metadata']}: {reply.text}"
        return str(reply.json()["upsertResult"]).replace("_", "").upper()

    def log_in(self, account: str, virtual_cluster: str) -> Client:
        """A client with the account's token."""
        asked = {"username": account, "vCluster": virtual_cluster, "lifeTimeSeconds": 3600}
        reply = self.api.post("token", json=asked)
        assert reply.status_code == 200, reply.text
        return self.client(account, reply.json()["token"])

    def client(self, account: str, password: str) -> Client:
        return Client(
            {
                "bootstrap.servers": self.bootstrap,
                "log_level": 0,
                "security.protocol": "SASL_PLAINTEXT",
                "sasl.mechanism": "PLAIN",
                "sasl.username": account,
                "sasl.password": password,
            }
        )


def real_stand(url: str) -> Iterator[Stand]:
    """`http://USER:PASSWORD@HOST:8888?bootstrap=HOST:6969`."""
    parts = urlsplit(url)
    bootstrap = parse_qs(parts.query).get("bootstrap", [f"{parts.hostname}:6969"])[0]
    base = f"{parts.scheme}://{parts.hostname}:{parts.port or 8888}/gateway/v2"
    login = (parts.username or "admin", parts.password or "conduktor")
    with httpx.Client(base_url=base, auth=login, timeout=30) as api:
        yield Stand(api, bootstrap)


class Denied(Exception):
    """The Gateway let nobody of this name do it."""


class Client:
    """What an application does with its login."""

    def __init__(self, settings: dict[str, Any]) -> None:
        self._settings = settings

    def create(self, *topics: str) -> None:
        admin = AdminClient(self._settings)
        for made in admin.create_topics([NewTopic(topic, 1, 1) for topic in topics]).values():
            made.result(_LIMIT)

    def topics(self) -> set[str]:
        """What it is told that there is."""
        return set(AdminClient(self._settings).list_topics(timeout=_SHORT).topics)

    def write(self, topic: str, values: list[bytes]) -> None:
        """Raises `Denied`."""
        failures: list[KafkaError] = []
        producer = Producer(self._settings | {"message.timeout.ms": 10_000})
        for value in values:
            producer.produce(
                topic,
                value,
                on_delivery=lambda error, _: failures.append(error) if error else None,
            )
        assert producer.flush(_LIMIT) == 0
        if failures:
            raise Denied(failures[0].name())

    def read(self, topic: str, group: str) -> list[bytes]:
        """Every value up to the end of the topic; raises `Denied`."""
        more = {"group.id": group, "auto.offset.reset": "earliest", "enable.partition.eof": True}
        consumer = Consumer(self._settings | more | {"enable.auto.commit": False})
        # Whether a view has offsets of its own, or those of the topic below, is not documented.
        consumer.subscribe([topic], on_assign=_from_start)
        try:
            return _until_end(consumer)
        finally:
            consumer.close()


def _from_start(consumer: Consumer, partitions: list[TopicPartition]) -> None:
    for partition in partitions:
        partition.offset = OFFSET_BEGINNING
    consumer.assign(partitions)


def _until_end(consumer: Consumer) -> list[bytes]:
    found: list[bytes] = []
    deadline = time.monotonic() + _LIMIT
    while time.monotonic() < deadline:
        message = consumer.poll(0.2)
        if message is None:
            continue
        error = message.error()
        if error is None:
            found.append(message.value())
        elif error.code() == KafkaError._PARTITION_EOF:
            if found:
                consumer.commit(asynchronous=False)
            return found
        elif error.code() in _DENIALS:
            raise Denied(error.name())
        elif error.fatal() or error.code() == KafkaError._AUTHENTICATION:
            raise KafkaException(error)
    raise TimeoutError(f"no end of the topic in {_LIMIT} seconds; {len(found)} rows")


_DENIALS = (
    KafkaError.TOPIC_AUTHORIZATION_FAILED,
    KafkaError.GROUP_AUTHORIZATION_FAILED,
    KafkaError.POLICY_VIOLATION,
)
