"""A compiled project -> alert rules for Prometheus, on what `status` and `watch` measure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from cdk_stream.results.manifest import Manifest

_STALE = "15m"
_FOR = "5m"


@dataclass(frozen=True, slots=True)
class Rule:
    """One alert."""

    name: str
    expression: str
    lasts: str
    severity: str
    owner: str
    summary: str


def render(manifest: Manifest, project: str, environment: str) -> str:
    """A rule file with one group."""
    place = {"project": project, "environment": environment}
    lines = ["groups:", f"  - name: {_text(f'cdk-stream {project} {environment}')}", "    rules:"]
    for rule in rules(manifest, place):
        labels = {"severity": rule.severity} | ({"owner": rule.owner} if rule.owner else {})
        lines += [
            f"      - alert: {rule.name}",
            f"        expr: {_text(rule.expression)}",
            f"        for: {rule.lasts}",
            "        labels:",
            *(f"          {key}: {_text(value)}" for key, value in labels.items()),
            "        annotations:",
            f"          summary: {_text(rule.summary)}",
        ]
    return "\n".join(lines) + "\n"


def rules(manifest: Manifest, place: Mapping[str, str]) -> Iterator[Rule]:
    """For the whole project, for each reader with a limit, and for each continuous test."""
    where = f"project {place['project']} in {place['environment']}"
    fine = f"cdk_stream_fine{_labels(place)}"
    yield Rule("CdkStreamUnknown", f"absent({fine})", _STALE, "error", "", f"no status of {where}")
    expression = f"cdk_stream_resource_fine{_labels(place)} == 0"
    broken = f"{{{{ $labels.kind }}}} {{{{ $labels.name }}}} of {where} is not as deployed"
    yield Rule("CdkStreamResourceNotFine", expression, _FOR, "error", "", broken)
    for node in manifest.nodes.values():
        if node["kind"] == "exposure":
            yield from _reader(node, place)
        elif node["kind"] == "test" and node.get("artifacts"):
            yield _test(node, place)


def _reader(node: Mapping[str, Any], place: Mapping[str, str]) -> Iterator[Rule]:
    config = node.get("consumer_config") or {}
    if not config.get("consumer_group"):
        return
    labels = _labels({**place, "exposure": node["id"]})
    for key, metric, unit in (
        ("max_lag_messages", "cdk_stream_reader_lag_rows", "rows"),
        ("max_lag_seconds", "cdk_stream_reader_lag_seconds", "seconds"),
    ):
        limit = config.get(key)
        if limit is not None:
            summary = f"{node['name']} is {{{{ $value }}}} {unit} behind, and may be {limit}"
            expression = f"{metric}{labels} > {limit}"
            owner = str(node.get("owner") or "")
            yield Rule("CdkStreamReaderBehind", expression, _FOR, "error", owner, summary)


def _test(node: Mapping[str, Any], place: Mapping[str, str]) -> Rule:
    labels = _labels({**place, "test": node["name"]})
    expression = f"increase(cdk_stream_violations_total{labels}[{_FOR}]) > 0"
    severity = node["on_failure"].get("severity", "error")
    model = node["model"].partition(".")[2]
    summary = f"rows of {model} do not hold what test {node['name']} says"
    return Rule(
        "CdkStreamViolations", expression, "0s", severity, str(node.get("owner") or ""), summary
    )


def _labels(labels: Mapping[str, str]) -> str:
    return "{" + ",".join(f"{key}={_text(value)}" for key, value in labels.items()) + "}"


def _text(value: str) -> str:
    """As JSON writes it, which YAML and Prometheus read the same."""
    return orjson.dumps(value).decode()
