"""The keys that Kafka Connect itself gives to every connector."""

from __future__ import annotations

from cdk_stream_connect.capability import Keys, To, count

_TRANSFORMS = "org.apache.kafka.connect.transforms"
LOGICAL: Keys = {
    "tasks_max": To("tasks.max", count),
    "dead_letter_topic": To("errors.deadletterqueue.topic.name"),
}
"""Logical keys that every connector knows."""

NATIVE = frozenset(
    {
        "config.action.reload",
        "errors.deadletterqueue.context.headers.enable",
        "errors.deadletterqueue.topic.name",
        "errors.deadletterqueue.topic.replication.factor",
        "errors.log.enable",
        "errors.log.include.messages",
        "errors.retry.delay.max.ms",
        "errors.retry.timeout",
        "errors.tolerance",
        "header.converter",
        "key.converter",
        "predicates",
        "tasks.max",
        "tasks.max.enforce",
        "transforms",
        "value.converter",
    }
)
OF_SOURCES = frozenset(
    {
        "exactly.once.support",
        "offsets.storage.topic",
        "transaction.boundary",
        "transaction.boundary.interval.ms",
    }
)
"""What it gives to those that fill topics alone."""
PREFIXES = (
    "admin.override.",
    "consumer.override.",
    "header.converter.",
    "key.converter.",
    "predicates.",
    "producer.override.",
    "transforms.",
    "value.converter.",
)
OURS = ("cdkDrop", "cdkKey", "cdkMask", "cdkRoute", "cdkUnwrap")
"""The transforms that the compiler sets."""
TOMBSTONE = "cdkTombstone"
"""The predicate that it sets: rows without a value."""

_RESERVED = frozenset(
    {
        "connector.class",
        "consumer.override.bootstrap.servers",
        "consumer.override.group.id",
        "name",
        "producer.override.bootstrap.servers",
        "producer.override.transactional.id",
        "topics",
        "topics.regex",
    }
)


def is_reserved(key: str) -> bool:
    """Whether only the compiler may set `key`: it decides what is read, and how it is hidden."""
    if key.startswith("predicates."):
        return key.split(".")[1] == TOMBSTONE
    return key in _RESERVED or (key.startswith("transforms.") and key.split(".")[1] in OURS)


def drop_tombstones(config: dict[str, str]) -> dict[str, str]:
    """The transform that leaves out rows without a value, and its predicate, set in `config`."""
    names = filter(None, [config.get("predicates", ""), TOMBSTONE])
    config["predicates"] = ",".join(names)
    config[f"predicates.{TOMBSTONE}.type"] = f"{_TRANSFORMS}.predicates.RecordIsTombstone"
    return {"type": f"{_TRANSFORMS}.Filter", "predicate": TOMBSTONE}


def add_transforms(config: dict[str, str], first: dict[str, dict[str, str]]) -> None:
    """Put our transforms before the author's, so that none of his can go round them."""
    if not first:
        return
    names = [*first, *filter(None, [config.get("transforms", "")])]
    config["transforms"] = ",".join(names)
    for name, settings in first.items():
        for key, value in settings.items():
            config[f"transforms.{name}.{key}"] = value
