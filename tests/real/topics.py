"""Topics of the real broker: made, written and read."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from confluent_kafka import Consumer, KafkaException, Producer
from confluent_kafka.admin import AdminClient, NewTopic

Row = tuple[str | None, Any]
"""A key and a value; a value is a JSON document or None."""
_LIMIT = 30.0


class Topics:
    """What a client of the broker may do; `login` is a SCRAM user and its password."""

    def __init__(self, addresses: Mapping[str, str], login: tuple[str, str] | None = None) -> None:
        self.addresses = addresses
        self.settings: dict[str, Any] = {"bootstrap.servers": addresses["bootstrap_servers"]}
        if login is not None:
            self.settings = {
                "bootstrap.servers": addresses["sasl_bootstrap_servers"],
                "security.protocol": "SASL_PLAINTEXT",
                "sasl.mechanism": "SCRAM-SHA-256",
                "sasl.username": login[0],
                "sasl.password": login[1],
            }
        self.admin = AdminClient(self.settings)

    def log_in(self, name: str, password: str) -> Topics:
        """The same broker for one user, who needs ACLs."""
        return Topics(self.addresses, (name, password))

    def create(self, name: str, partitions: int = 1, **config: str) -> str:
        """A topic that nobody else uses: `name` and some random letters."""
        topic = f"{name}.{uuid.uuid4().hex[:8]}"
        made = self.admin.create_topics([NewTopic(topic, partitions, 1, config=config)])
        made[topic].result(_LIMIT)
        return topic

    def write(self, topic: str, rows: Iterable[Row]) -> None:
        failures: list[object] = []
        producer = Producer(self.settings)
        for key, value in rows:
            producer.produce(
                topic,
                key=key,
                value=None if value is None else json.dumps(value),
                on_delivery=lambda error, _: failures.append(error) if error else None,
            )
        assert producer.flush(_LIMIT) == 0
        if failures:
            raise KafkaException(failures[0])

    def read(self, topic: str, count: int) -> list[Row]:
        """The first `count` rows; fewer when no more come in 30 seconds."""
        return [
            (None if key is None else key.decode(), json.loads(value) if value else None)
            for key, value in self.read_bytes(topic, count)
        ]

    def read_bytes(
        self, topic: str, count: int, group: str = ""
    ) -> list[tuple[bytes | None, bytes | None]]:
        group = group or f"reader-{uuid.uuid4().hex}"
        settings = {"group.id": group, "auto.offset.reset": "earliest"}
        consumer = Consumer(self.settings | settings | {"enable.auto.commit": False})
        consumer.subscribe([topic])
        rows: list[tuple[bytes | None, bytes | None]] = []
        deadline = time.monotonic() + _LIMIT
        try:
            while len(rows) < count and time.monotonic() < deadline:
                message = consumer.poll(0.2)
                if message is None:
                    continue
                if message.error():
                    raise KafkaException(message.error())
                rows.append((message.key(), message.value()))
        finally:
            consumer.close()
        return rows
