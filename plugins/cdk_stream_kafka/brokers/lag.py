"""How far consumer groups are behind, in rows and in time."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, Literal

from cdk_stream.plugin.kafka.admin import TIMEOUT, Admin
from cdk_stream.results.health import GroupLag
from cdk_stream_kafka.brokers.offsets import Place, committed

_WAIT = 5.0


def lags(admin: Admin, names: Iterable[str], settings: Mapping[str, str]) -> list[GroupLag]:
    """Of the groups that have offsets, for each topic; raises `SystemFailed`.

    A partition in which a group has committed nothing yet counts from its first row. The age of a
    row is the time since its timestamp. One request for each group, some for all topics together,
    and a read of the first unread row of every partition that has one.
    """
    offsets = {name: committed(admin, name) for name in sorted(set(names))}
    places = _places(admin, {topic for held in offsets.values() for topic, _ in held})
    starts, ends = _bounds(admin, places, "earliest"), _bounds(admin, places, "latest")
    offsets = {name: _whole(held, starts) for name, held in offsets.items()}
    unread = {
        (place, offset)
        for held in offsets.values()
        for place, offset in held.items()
        if offset < ends[place]
    }
    ages = _ages(settings, unread) if unread else {}
    return [one for name, held in offsets.items() for one in _of_group(name, held, ends, ages)]


def _of_group(
    name: str,
    held: Mapping[Place, int],
    ends: Mapping[Place, int],
    ages: Mapping[tuple[Place, int], int],
) -> Iterable[GroupLag]:
    by_topic: dict[str, list[tuple[int, int | None]]] = defaultdict(list)
    for place, offset in held.items():
        behind = max(0, ends[place] - offset)
        by_topic[place[0]].append((behind, ages.get((place, offset)) if behind else 0))
    for topic, parts in sorted(by_topic.items()):
        known = [age for behind, age in parts if behind]
        age = None if None in known else max((age for age in known if age is not None), default=0)
        yield GroupLag(name, topic, sum(behind for behind, _ in parts), age)


def _whole(held: Mapping[Place, int], starts: Mapping[Place, int]) -> dict[Place, int]:
    """Every partition of the topics that a group reads; rows that are gone count as read."""
    topics = {topic for topic, _ in held}
    return {
        place: max(held.get(place, start), start)
        for place, start in starts.items()
        if place[0] in topics
    }


def _places(admin: Admin, topics: set[str]) -> set[Place]:
    if not topics:
        return set()
    told = admin.read("list topics", lambda client: client.list_topics(timeout=TIMEOUT))
    return {
        (name, partition)
        for name in topics & told.topics.keys()
        for partition in told.topics[name].partitions
    }


def _bounds(
    admin: Admin, places: set[Place], which: Literal["earliest", "latest"]
) -> dict[Place, int]:
    from confluent_kafka import TopicPartition  # noqa: PLC0415 - heavy, live only
    from confluent_kafka.admin import OffsetSpec  # noqa: PLC0415

    if not places:
        return {}

    def ask(client: Any) -> dict[Place, int]:
        spec = getattr(OffsetSpec, which)()
        wanted = {TopicPartition(*place): spec for place in sorted(places)}
        answers = client.list_offsets(wanted, request_timeout=TIMEOUT)
        return {
            (place.topic, place.partition): answer.result(TIMEOUT).offset
            for place, answer in answers.items()
        }

    return admin.read(f"say where topics {'begin' if which == 'earliest' else 'end'}", ask)


def _ages(
    settings: Mapping[str, str], unread: set[tuple[Place, int]]
) -> dict[tuple[Place, int], int]:
    """Milliseconds since the first unread row was written; of those that could be read in time."""
    from confluent_kafka import Consumer, TopicPartition  # noqa: PLC0415 - heavy, live only

    found: dict[tuple[Place, int], int] = {}
    quiet = {"group.id": "cdk-stream-status", "enable.auto.commit": "false"}
    for wanted in _apart(unread):
        consumer = Consumer(
            {**settings, **quiet, "auto.offset.reset": "earliest", "log_level": "0"}
        )
        try:
            consumer.assign([TopicPartition(*place, offset) for place, offset in wanted.items()])
            deadline = time.monotonic() + _WAIT
            while wanted and time.monotonic() < deadline:
                row = consumer.poll(0.2)
                if row is None or row.error():
                    continue
                place = row.topic(), row.partition()
                if place in wanted:
                    age = int(time.time() * 1000) - row.timestamp()[1]
                    found[place, wanted.pop(place)] = max(0, age)
                    consumer.incremental_unassign([TopicPartition(*place)])
        finally:
            consumer.close()
    return found


def _apart(unread: set[tuple[Place, int]]) -> list[dict[Place, int]]:
    """Each partition once in each round: groups may stand at different rows of it."""
    rounds: list[dict[Place, int]] = []
    for place, offset in sorted(unread):
        home = next((one for one in rounds if place not in one), None)
        if home is None:
            home = {}
            rounds.append(home)
        home[place] = offset
    return rounds
