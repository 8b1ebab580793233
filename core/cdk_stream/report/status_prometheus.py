"""The status of an environment in Prometheus' text format, for a textfile collector."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from cdk_stream.results.health import Reader, Status, Watched

_GAUGES = {
    "cdk_stream_fine": "Whether all is as deployed, runs, and keeps its promises.",
    "cdk_stream_deployment_serial": "The number of the last deploy.",
    "cdk_stream_deployment_timestamp_seconds": "When the last deploy ended.",
    "cdk_stream_leaks": "Who sees otherwise than the policy says, at the Gateway.",
    "cdk_stream_resource_fine": "Whether a deployed resource is there, runs, and is as deployed.",
    "cdk_stream_resource_drifted": "Whether somebody changed a resource by hand.",
    "cdk_stream_reader_lag_rows": "Rows that an application has not read yet.",
    "cdk_stream_reader_lag_seconds": "How long the oldest of them has been waiting.",
    "cdk_stream_reader_late": "Whether an application is further behind than it may be.",
}


def render(status: Status, *, colour: bool = False) -> str:
    """Every metric with its help and type, then its samples."""
    lines = []
    samples = list(_samples(status))
    for name, about in _GAUGES.items():
        mine = [line for sample, line in samples if sample == name]
        if mine:
            lines += [f"# HELP {name} {about}", f"# TYPE {name} gauge", *mine]
    return "\n".join(lines) + "\n"


def violations(project: str, environment: str, counts: Mapping[str, int]) -> str:
    """How many violations each continuous test found: a counter, by the test's name."""
    name = "cdk_stream_violations_total"
    place = {"project": project, "environment": environment}
    about = "Rows that did not hold what a continuous test says."
    lines = [_sample(name, place | {"test": test}, count)[1] for test, count in counts.items()]
    return "\n".join([f"# HELP {name} {about}", f"# TYPE {name} counter", *lines]) + "\n"


def _samples(status: Status) -> Iterator[tuple[str, str]]:
    place = {"project": status.project, "environment": status.environment}
    yield _sample("cdk_stream_fine", place, int(status.fine))
    last = status.deployment
    if last is None:
        return
    yield _sample("cdk_stream_deployment_serial", place, last.serial)
    ended = datetime.fromisoformat(last.ended).timestamp()
    yield _sample("cdk_stream_deployment_timestamp_seconds", place, ended)
    yield _sample("cdk_stream_leaks", place, len(status.leaks))
    for one in status.resources:
        labels = place | _resource(one)
        yield _sample("cdk_stream_resource_fine", labels, int(one.fine))
        yield _sample("cdk_stream_resource_drifted", labels, int(bool(one.drift)))
    for reader in status.readers:
        labels = place | _reader(reader)
        yield _sample("cdk_stream_reader_lag_rows", labels, reader.lag.records)
        if reader.lag.age_ms is not None:
            yield _sample("cdk_stream_reader_lag_seconds", labels, reader.lag.age_ms / 1000)
        yield _sample("cdk_stream_reader_late", labels, int(bool(reader.late)))


def _resource(one: Watched) -> dict[str, str]:
    return {
        "system": one.key.system,
        "cluster": one.key.cluster,
        "kind": one.key.kind,
        "name": one.key.name,
        "node": one.node,
        "owner": one.owner,
    }


def _reader(one: Reader) -> dict[str, str]:
    return {
        "exposure": one.exposure,
        "owner": one.owner,
        "group": one.lag.group,
        "topic": one.lag.topic,
    }


def _sample(name: str, labels: dict[str, str], value: float) -> tuple[str, str]:
    told = ",".join(f'{key}="{_escaped(text)}"' for key, text in labels.items())
    return name, f"{name}{{{told}}} {value}"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
