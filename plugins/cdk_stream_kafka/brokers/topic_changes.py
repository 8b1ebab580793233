"""What lies between a topic as it is and as the project wants it, and what changing it may cost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from cdk_stream.plugin.canonical import digest
from cdk_stream.plugin.system import Comparison, Live, SystemFailed, Wanted
from cdk_stream.results.plan import Danger, Difference, Key
from cdk_stream_kafka.brokers.topics import Topic

_SHRINKING = ("retention.ms", "retention.bytes")
_FOREVER = -1

Costs = tuple[tuple[Danger, str], ...]


def live_topic(key: Key, topic: Topic) -> Live:
    """The topic with the settings that were made for it; those of the brokers are facts."""
    spec = {
        "partitions": topic.partitions,
        "replicationFactor": topic.replication_factor,
        "configs": {name: topic.configs[name] for name in sorted(topic.own)},
    }
    facts = {"configs": dict(topic.configs)}
    return Live(key, spec, digest(spec), None, facts, topic.rows)


def settings_to_set(spec: Mapping[str, Any], live: Live) -> dict[str, str]:
    """The settings of the project that have another value on the brokers."""
    now = live.facts["configs"]
    return {
        key: str(value)
        for key, value in spec["configs"].items()
        if not _equal(now.get(key), str(value))
    }


def compare_topic(wanted: Wanted, live: Live | None) -> Comparison:
    """Raises `SystemFailed` for fewer partitions, which Kafka cannot do."""
    name, spec = wanted.key.name, wanted.spec["spec"]
    if live is None:
        return Comparison("create", f"topic '{name}' is new")
    if spec["partitions"] < live.spec["partitions"]:
        raise SystemFailed(
            f"topic '{name}' has {live.spec['partitions']} partitions and the project wants "
            f"{spec['partitions']}: Kafka cannot take partitions away",
            f"write 'partitions: {live.spec['partitions']}', or give the model a new version "
            "with a topic of its own",
        )
    changes = list(_changes(spec, live))
    told = _told(spec, live)
    if not changes:
        return Comparison("nothing", "; ".join(told), tuple(_replicas(spec, live)))
    why = "; ".join([f"{', '.join(one.field for one in changes)} differ", *told])
    shown = (*changes, *_replicas(spec, live))
    return Comparison("update", why, shown, _dangers(name, spec, live))


def _changes(spec: Mapping[str, Any], live: Live) -> Iterator[Difference]:
    if spec["partitions"] != live.spec["partitions"]:
        yield Difference("partitions", live.spec["partitions"], spec["partitions"])
    for key, value in sorted(settings_to_set(spec, live).items()):
        yield Difference(f"configs.{key}", live.facts["configs"].get(key), value)


def _replicas(spec: Mapping[str, Any], live: Live) -> Iterator[Difference]:
    found, wanted = live.spec["replicationFactor"], spec["replicationFactor"]
    if found != wanted:
        yield Difference("replicationFactor", found, wanted)


def _told(spec: Mapping[str, Any], live: Live) -> list[str]:
    """What differs and is left as it is."""
    told = []
    if list(_replicas(spec, live)):
        told.append(
            f"it has {live.spec['replicationFactor']} replicas and the project says "
            f"{spec['replicationFactor']}: move them with kafka-reassign-partitions"
        )
    others = sorted(live.spec["configs"].keys() - spec["configs"].keys())
    if others:
        told.append(f"{', '.join(others)} set by somebody else, left as it is")
    return told


def _dangers(name: str, spec: Mapping[str, Any], live: Live) -> Costs:
    return tuple(_costs(name, spec, live))


def _costs(name: str, spec: Mapping[str, Any], live: Live) -> Iterator[tuple[Danger, str]]:
    now, to_set = live.facts["configs"], settings_to_set(spec, live)
    if live.holds_data:
        for key in _SHRINKING:
            if key in to_set and _less(to_set[key], now.get(key)):
                yield "data_loss", f"rows of '{name}' beyond {key}={to_set[key]} are deleted"
        before = _policies(now.get("cleanup.policy"))
        after = _policies(to_set.get("cleanup.policy", now.get("cleanup.policy")))
        if "compact" in after - before:
            yield "data_loss", f"of rows of '{name}' with one key only the newest is kept"
        if "delete" in after - before:
            yield "data_loss", f"rows of '{name}' beyond its retention are deleted"
    if spec["partitions"] > live.spec["partitions"]:
        yield (
            "state_drift",
            f"keys of '{name}' move to other partitions: rows from before and after the change "
            "are not in order with each other",
        )
    size = "max.message.bytes"
    if size in to_set and _less(to_set[size], now.get(size)):
        yield "downtime", f"writers of larger rows than {to_set[size]} bytes are refused"


def _policies(value: str | None) -> set[str]:
    return {part.strip() for part in (value or "delete").split(",") if part.strip()}


def _less(wanted: str, now: str | None) -> bool:
    """Whether `wanted` allows less; -1 is without a limit."""
    try:
        new, old = int(wanted), int(now if now is not None else _FOREVER)
    except ValueError:
        return True
    return new != _FOREVER and (old == _FOREVER or new < old)


def _equal(now: str | None, wanted: str) -> bool:
    if now == wanted:
        return True
    if now is None or "," not in wanted + now:
        return False
    return _policies(now) == _policies(wanted)
