"""Topics on the brokers: seen together, compared by what the project says, changed one by one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from cdk_stream.plugin.kafka.admin import TIMEOUT, Admin, results

Configs = Mapping[str, str]
_THROTTLES = ("leader.replication.throttled.replicas", "follower.replication.throttled.replicas")
"""Set by whoever moves partitions, for as long as that takes."""


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic as the brokers show it."""

    partitions: int
    replication_factor: int
    configs: Configs
    """Every setting with its value, those that the brokers fill in too."""
    own: frozenset[str]
    """The settings that were made for this topic."""
    rows: bool
    """Whether any partition holds rows."""


class Topics:
    """What can be asked of the brokers about topics."""

    def __init__(self, admin: Admin) -> None:
        self._admin = admin

    def look(self, names: Iterable[str]) -> dict[str, Topic]:
        """Those of `names` that there are: four kinds of requests, however many topics."""
        there = self._shapes(set(names))
        if not there:
            return {}
        configs = self._configs(there)
        filled = self._filled({name: shape[0] for name, shape in there.items()})
        return {
            name: Topic(*there[name], *configs[name], name in filled)
            for name in there
            if name in configs
        }

    def partitions(self, name: str) -> int | None:
        """How many partitions a topic has; None when it is not there."""
        shape = self._shapes({name}).get(name)
        return shape[0] if shape else None

    def create(self, name: str, partitions: int, replicas: int, configs: Configs) -> None:
        from confluent_kafka.admin import NewTopic  # noqa: PLC0415

        topic = NewTopic(name, partitions, replicas, config=dict(configs))
        self._write(
            f"create the topic '{name}'",
            lambda client: client.create_topics([topic], **_LIMITS),
        )

    def grow(self, name: str, partitions: int) -> None:
        """Add partitions up to a number."""
        from confluent_kafka.admin import NewPartitions  # noqa: PLC0415

        more = NewPartitions(name, partitions)
        self._write(
            f"add partitions to '{name}'",
            lambda client: client.create_partitions([more], **_LIMITS),
        )

    def configure(self, name: str, configs: Configs) -> None:
        """Set these settings and touch no other."""
        from confluent_kafka.admin import (  # noqa: PLC0415
            AlterConfigOpType,
            ConfigEntry,
            ConfigResource,
            ResourceType,
        )

        entries = [
            ConfigEntry(key, value, incremental_operation=AlterConfigOpType.SET)
            for key, value in sorted(configs.items())
        ]
        resource = ConfigResource(ResourceType.TOPIC, name, incremental_configs=entries)
        self._write(
            f"set {', '.join(sorted(configs))} of '{name}'",
            lambda client: client.incremental_alter_configs([resource], request_timeout=TIMEOUT),
        )

    def delete(self, name: str) -> None:
        self._write(
            f"delete the topic '{name}'", lambda client: client.delete_topics([name], **_LIMITS)
        )

    def _write(self, what: str, ask: Any) -> None:
        self._admin.write(what, lambda client: results(ask(client)))

    def _shapes(self, names: set[str]) -> dict[str, tuple[int, int]]:
        """Name -> partitions and replicas."""
        listed = self._admin.read(
            "list their topics", lambda client: client.list_topics(timeout=TIMEOUT)
        )
        return {
            name: (len(topic.partitions), _replicas(topic))
            for name, topic in listed.topics.items()
            if name in names and topic.error is None
        }

    def _configs(self, names: Iterable[str]) -> dict[str, tuple[Configs, frozenset[str]]]:
        from confluent_kafka.admin import ConfigResource, ResourceType  # noqa: PLC0415

        asked = [ConfigResource(ResourceType.TOPIC, name) for name in sorted(names)]
        found = self._admin.read(
            "describe the settings of topics",
            lambda client: results(client.describe_configs(asked, request_timeout=TIMEOUT)),
        )
        return {resource.name: _told(entries) for resource, entries in found.items()}

    def _filled(self, topics: Mapping[str, int]) -> set[str]:
        """The topics whose first offset is not their last."""
        from confluent_kafka import TopicPartition  # noqa: PLC0415
        from confluent_kafka.admin import OffsetSpec  # noqa: PLC0415

        every = [TopicPartition(name, n) for name, count in topics.items() for n in range(count)]

        def offsets(spec: Any) -> dict[tuple[str, int], int]:
            asked = dict.fromkeys(every, spec)
            found = self._admin.read(
                "tell the offsets of topics",
                lambda client: results(client.list_offsets(asked, request_timeout=TIMEOUT)),
            )
            return {(one.topic, one.partition): told.offset for one, told in found.items()}

        ends = offsets(OffsetSpec.latest())
        starts = offsets(OffsetSpec.earliest())
        return {place[0] for place, end in ends.items() if end > starts.get(place, 0)}


_LIMITS = {"operation_timeout": TIMEOUT, "request_timeout": TIMEOUT}


def _replicas(topic: Any) -> int:
    return min((len(one.replicas) for one in topic.partitions.values()), default=0)


def _told(entries: Mapping[str, Any]) -> tuple[Configs, frozenset[str]]:
    from confluent_kafka.admin import ConfigSource  # noqa: PLC0415

    dynamic = ConfigSource.DYNAMIC_TOPIC_CONFIG.value
    shown = {key: str(entry.value) for key, entry in entries.items() if not entry.is_sensitive}
    own = (
        key
        for key, entry in entries.items()
        if entry.source == dynamic and key not in _THROTTLES and key in shown
    )
    return shown, frozenset(own)
