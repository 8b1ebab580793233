"""One partition of a compacted topic, read to its end and written in transactions."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from cdk_stream.plugin.kafka.admin import TIMEOUT
from cdk_stream.plugin.store import LeaseLost, StoreFailed

T = TypeVar("T")
Message = tuple[str, bytes | None]
"""A key, and a value or nothing: a tombstone."""
_FENCED = ("_FENCED", "PRODUCER_FENCED", "INVALID_PRODUCER_EPOCH", "TRANSACTIONAL_ID_NOT_FOUND")
_WIDE = "cleanup.policy=compact and one partition"


class Log:
    """The messages of a topic; who writes is known by its transactional id, and only one can."""

    def __init__(self, topic: str, settings: Mapping[str, str], replicas: int) -> None:
        self.topic = topic
        self._settings = settings
        self._replicas = replicas

    def read(self) -> list[Message]:
        """Every message that was committed, in order; raises `StoreFailed`."""
        from confluent_kafka import Consumer, TopicPartition  # noqa: PLC0415

        consumer = Consumer(
            {
                **self._settings,
                "group.id": f"cdk-stream.{self.topic}",
                "enable.auto.commit": "false",
                "enable.partition.eof": "true",
                "isolation.level": "read_committed",
                "auto.offset.reset": "error",
            }
        )
        try:
            self._asked(lambda: self._make(consumer))
            consumer.assign([TopicPartition(self.topic, 0, 0)])
            return self._asked(lambda: _to_the_end(consumer))
        finally:
            consumer.close()

    def write(self) -> Writer:
        """Shut everybody else out who writes; raises `StoreFailed`."""
        from confluent_kafka import Producer  # noqa: PLC0415

        producer = Producer(
            {
                **self._settings,
                "transactional.id": f"cdk-stream.{self.topic}",
                "transaction.timeout.ms": "10000",
            }
        )
        self._asked(lambda: producer.init_transactions(TIMEOUT))
        return Writer(self.topic, producer)

    def _make(self, consumer: Any) -> None:
        """See that the topic is there, and as it must be."""
        found = consumer.list_topics(self.topic, timeout=TIMEOUT).topics[self.topic]
        if found.error is not None:
            self._create()
        elif len(found.partitions) != 1:
            message = f"the topic '{self.topic}' has {len(found.partitions)} partitions"
            raise StoreFailed(message, f"make it with {_WIDE}")

    def _create(self) -> None:
        from confluent_kafka.admin import AdminClient, NewTopic  # noqa: PLC0415

        config = {"cleanup.policy": "compact"}
        wanted = NewTopic(self.topic, 1, self._replicas, config=config)
        admin = AdminClient(dict(self._settings))
        admin.create_topics([wanted], operation_timeout=TIMEOUT)[self.topic].result(TIMEOUT)

    def _asked(self, ask: Callable[[], T]) -> T:
        """The answer, or why there is none, in words without a traceback."""
        from confluent_kafka import KafkaException  # noqa: PLC0415

        try:
            return ask()
        except KafkaException as error:
            mend = f"check the brokers, and that the account may use the topic: {_WIDE}"
            message = f"the topic '{self.topic}' cannot be used: {error.args[0].str()}"
            raise StoreFailed(message, mend) from None


def _to_the_end(consumer: Any) -> list[Message]:
    from confluent_kafka import KafkaError, KafkaException  # noqa: PLC0415

    found: list[Message] = []
    ends = time.monotonic() + 2 * TIMEOUT
    while time.monotonic() < ends:
        message = consumer.poll(1.0)
        if message is None:
            continue
        error = message.error()
        if error is None:
            found.append((message.key().decode(), message.value()))
        elif error.code() == KafkaError._PARTITION_EOF:
            return found
        elif error.fatal() or not error.retriable():
            raise KafkaException(error)
    raise KafkaException(KafkaError(KafkaError._TIMED_OUT))


class Writer:
    """Writes whole transactions; may be used by several threads at once."""

    def __init__(self, topic: str, producer: Any) -> None:
        self._topic = topic
        self._producer = producer
        self._lock = threading.Lock()

    def write(self, messages: Iterable[Message] | Sequence[Message]) -> None:
        """All of them or none, acknowledged when it returns.

        Raises `LeaseLost` when another writes now, `StoreFailed` when nobody answers.
        """
        from confluent_kafka import KafkaException  # noqa: PLC0415

        with self._lock:
            try:
                self._producer.begin_transaction()
                for key, value in messages:
                    self._producer.produce(self._topic, key=key, value=value, partition=0)
                self._producer.commit_transaction(TIMEOUT)
            except KafkaException as error:
                raise self._refused(error.args[0]) from None

    def _refused(self, error: Any) -> Exception:
        if error.name() in _FENCED or error.fatal():
            return LeaseLost("another deploy took the lease over")
        return StoreFailed(f"the topic '{self._topic}' took no message: {error.str()}")
