"""The admin client of brokers in memory: topics, settings, offsets and rights."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import Future
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from confluent_kafka import KafkaError, KafkaException
from confluent_kafka.admin import AclBinding, ConfigSource, OffsetSpec

DEFAULTS = {"cleanup.policy": "delete", "retention.ms": "604800000", "retention.bytes": "-1"}


@dataclass(slots=True)
class Kept:
    partitions: int
    replicas: int
    configs: dict[str, str]
    rows: int = 0


@dataclass(slots=True)
class BrokersDouble:
    """`fail` names methods that fail: the error, and whether what was asked is done anyway."""

    topics: dict[str, Kept] = field(default_factory=dict)
    acls: list[Any] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    fail: dict[str, tuple[int, bool, int]] = field(default_factory=dict)
    """Method -> code of the error, whether it is done, and how often."""

    READS = ("list_topics", "describe_configs", "list_offsets", "describe_acls", "poll")

    @property
    def writes(self) -> list[str]:
        return [name for name in self.asked if name not in self.READS]

    def poll(self, _seconds: float) -> int:
        return 0

    def list_topics(self, timeout: float) -> Any:
        self._enter("list_topics")
        told = {
            name: SimpleNamespace(
                error=None,
                partitions={
                    n: SimpleNamespace(replicas=list(range(kept.replicas)))
                    for n in range(kept.partitions)
                },
            )
            for name, kept in self.topics.items()
        }
        return SimpleNamespace(topics=told)

    def describe_configs(self, resources: Iterable[Any], request_timeout: float) -> Any:
        self._enter("describe_configs")
        return {one: _done(self._configs(one.name)) for one in resources}

    def list_offsets(self, asked: dict[Any, Any], request_timeout: float) -> Any:
        self._enter("list_offsets")
        latest = type(OffsetSpec.latest())
        return {
            place: _done(
                SimpleNamespace(
                    offset=self.topics[place.topic].rows if isinstance(spec, latest) else 0
                )
            )
            for place, spec in asked.items()
        }

    def create_topics(self, topics: Iterable[Any], **_: Any) -> Any:
        def create() -> None:
            for one in topics:
                made = Kept(one.num_partitions, one.replication_factor, dict(one.config))
                self.topics.setdefault(one.topic, made)

        return self._write("create_topics", create)

    def create_partitions(self, asked: Iterable[Any], **_: Any) -> Any:
        def grow() -> None:
            for one in asked:
                self.topics[one.topic].partitions = one.new_total_count

        return self._write("create_partitions", grow)

    def incremental_alter_configs(self, resources: Iterable[Any], **_: Any) -> Any:
        def alter() -> None:
            for one in resources:
                for entry in one.incremental_configs:
                    self.topics[one.name].configs[entry.name] = entry.value

        return self._write("incremental_alter_configs", alter)

    def delete_topics(self, names: Iterable[str], **_: Any) -> Any:
        def delete() -> None:
            for name in names:
                self.topics.pop(name, None)

        return self._write("delete_topics", delete)

    def describe_acls(self, asked: Any, request_timeout: float) -> Future[Any]:
        self._enter("describe_acls")
        return _done([one for one in self.acls if asked.principal in (None, one.principal)])

    def create_acls(self, made: Iterable[AclBinding], **_: Any) -> Any:
        every = list(made)

        def create() -> None:
            self.acls += [one for one in every if one not in self.acls]

        return self._write("create_acls", create)

    def delete_acls(self, filters: Iterable[Any], **_: Any) -> Any:
        gone = {_parts(one) for one in filters}

        def delete() -> None:
            self.acls = [one for one in self.acls if _parts(one) not in gone]

        return self._write("delete_acls", delete)

    def _configs(self, name: str) -> dict[str, Any]:
        own = self.topics[name].configs
        dynamic, default = ConfigSource.DYNAMIC_TOPIC_CONFIG, ConfigSource.DEFAULT_CONFIG
        return {
            key: SimpleNamespace(
                value=value,
                is_sensitive=False,
                source=(dynamic if key in own else default).value,
            )
            for key, value in {**DEFAULTS, **own}.items()
        }

    def _enter(self, method: str) -> None:
        self.asked.append(method)
        code, _, times = self.fail.get(method, (0, False, 0))
        if times and method in self.READS:
            self.fail[method] = (code, False, times - 1)
            raise KafkaException(KafkaError(code))

    def _write(self, method: str, act: Any) -> dict[str, Future[Any]]:
        self._enter(method)
        code, is_done, times = self.fail.get(method, (0, True, 0))
        if not times or is_done:
            act()
        if times:
            self.fail[method] = (code, is_done, times - 1)
            return {"": _failed(KafkaException(KafkaError(code)))}
        return {"": _done(None)}


def _parts(acl: Any) -> tuple[Any, ...]:
    return (acl.restype, acl.name, acl.resource_pattern_type, acl.principal, acl.operation)


def _done(value: Any) -> Future[Any]:
    future: Future[Any] = Future()
    future.set_result(value)
    return future


def _failed(error: Exception) -> Future[Any]:
    future: Future[Any] = Future()
    future.set_exception(error)
    return future
