"""Consumer groups, their topics and their members, as brokers know them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from cdk_stream.plugin.kafka.admin import TIMEOUT, Admin
from cdk_stream.results.consumer import LiveGroup
from cdk_stream_kafka.brokers.offsets import committed

_BATCH = 100


def groups(admin: Admin) -> list[LiveGroup]:
    """One for each group and topic that it reads or has offsets in; raises `SystemFailed`."""
    names = admin.read("list all consumer groups", _names)
    return [
        told
        for at in range(0, len(names), _BATCH)
        for told in _described(admin, names[at : at + _BATCH])
    ]


def _names(client: Any) -> list[str]:
    listing = client.list_consumer_groups(request_timeout=TIMEOUT).result(TIMEOUT)
    if listing.errors:  # a broker is not there: its groups would be missing
        raise listing.errors[0]
    return sorted(one.group_id for one in listing.valid)


def _described(admin: Admin, names: list[str]) -> Iterator[LiveGroup]:
    asked = admin.read(
        "describe consumer groups",
        lambda client: client.describe_consumer_groups(names, request_timeout=TIMEOUT),
    )
    for name in names:
        answer = asked[name]
        description = admin.read(f"describe consumer group '{name}'", partial(_result, answer))
        topics = sorted({topic for topic, _ in committed(admin, name)})
        counts: dict[str, int] = dict.fromkeys(topics, 0)
        for member in description.members:
            for topic in {place.topic for place in _places(member)}:
                counts[topic] = counts.get(topic, 0) + 1
        for topic, members in sorted(counts.items()):
            yield LiveGroup(name, topic, members)


def _result(answer: Any, client: Any) -> Any:
    return answer.result(TIMEOUT)


def _places(member: Any) -> list[Any]:
    return list(member.assignment.topic_partitions) if member.assignment else []
