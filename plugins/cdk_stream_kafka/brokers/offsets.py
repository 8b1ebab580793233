"""What consumer groups have committed."""

from __future__ import annotations

from typing import Any

from cdk_stream.plugin.kafka.admin import TIMEOUT, Admin

Place = tuple[str, int]
"""A topic and a partition."""


def committed(admin: Admin, group: str) -> dict[Place, int]:
    """The offset of each partition that a group has committed in; raises `SystemFailed`."""
    from confluent_kafka import ConsumerGroupTopicPartitions  # noqa: PLC0415 - heavy, live only

    def ask(client: Any) -> Any:
        wanted = [ConsumerGroupTopicPartitions(group)]
        asked = client.list_consumer_group_offsets(wanted, request_timeout=TIMEOUT)
        return asked[group].result(TIMEOUT)

    told = admin.read(f"read the offsets of consumer group '{group}'", ask)
    return {(one.topic, one.partition): max(0, one.offset) for one in told.topic_partitions}
