"""The violations topic, read as a consumer group whose offsets are committed when all is done."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

import orjson

from cdk_stream.plugin.kafka.admin import TIMEOUT
from cdk_stream.plugin.system import SystemFailed
from cdk_stream.results.violation import Violation

_MOST = 10_000
_MEND = "check the brokers, and that the account may read the topic"


class ViolationsTopic:
    """Every partition, by one reader: two of one group would share them."""

    def __init__(self, topic: str, group: str, settings: Mapping[str, str]) -> None:
        self._topic = topic
        self._settings = {
            **settings,
            "group.id": group,
            "enable.auto.commit": "false",
            "auto.offset.reset": "earliest",
            "enable.partition.eof": "true",
            "isolation.level": "read_committed",
        }
        self._consumer: Any = None
        self._places: list[Any] = []

    def read(self) -> list[Violation]:
        """What has come since the last commit; a row that is no violation is passed over."""
        from confluent_kafka import KafkaException  # noqa: PLC0415

        try:
            self._places = self._start().committed(self._asked(), timeout=TIMEOUT)
            return self._read()
        except KafkaException as error:
            raise self._failed(error) from None

    def since(self, seconds: float) -> list[Violation]:
        """What has come since that time; nothing is to be committed of it."""
        from confluent_kafka import KafkaException  # noqa: PLC0415

        try:
            asked = self._start() and self._asked(int(seconds * 1000))
            self._places = self._consumer.offsets_for_times(asked, timeout=TIMEOUT)
            return self._read()
        except KafkaException as error:
            raise self._failed(error) from None

    def commit(self) -> None:
        """Where the next reader goes on."""
        from confluent_kafka import KafkaException  # noqa: PLC0415

        try:
            read = [one for one in self._consumer.position(self._places) if one.offset >= 0]
            if read:
                self._consumer.commit(offsets=read, asynchronous=False)
        except KafkaException as error:
            raise self._failed(error) from None

    def close(self) -> None:
        """Let go of the connection."""
        if self._consumer is not None:
            self._consumer.close()

    def _failed(self, error: Any) -> SystemFailed:
        return SystemFailed(
            f"the topic '{self._topic}' cannot be read: {error.args[0].str()}", _MEND
        )

    def _read(self) -> list[Violation]:
        from confluent_kafka import KafkaError, KafkaException  # noqa: PLC0415

        self._consumer.assign(self._places)
        found: list[Violation] = []
        waits = {one.partition for one in self._places}
        ends = time.monotonic() + 2 * TIMEOUT
        while waits and len(found) < _MOST and time.monotonic() < ends:
            message = self._consumer.poll(0.5)
            if message is None:
                continue
            error = message.error()
            if error is None:
                found += _decoded(message.value())
            elif error.code() == KafkaError._PARTITION_EOF:
                waits.discard(message.partition())
            elif error.fatal() or not error.retriable():
                raise KafkaException(error)
        return found

    def _start(self) -> Any:
        from confluent_kafka import Consumer  # noqa: PLC0415

        if self._consumer is None:
            self._consumer = Consumer(self._settings)
        return self._consumer

    def _asked(self, offset: int = 0) -> list[Any]:
        """Every partition of the topic."""
        from confluent_kafka import KafkaException, TopicPartition  # noqa: PLC0415

        known = self._consumer.list_topics(self._topic, timeout=TIMEOUT).topics[self._topic]
        if known.error is not None:
            raise KafkaException(known.error)
        return [TopicPartition(self._topic, one, offset) for one in sorted(known.partitions)]


def _decoded(value: bytes | None) -> list[Violation]:
    try:
        found = Violation.read(orjson.loads(value or b""))
    except orjson.JSONDecodeError:
        return []
    return [found] if found is not None else []
