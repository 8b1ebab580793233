"""The status of an environment as JSON."""

from __future__ import annotations

from typing import Any

import orjson

from cdk_stream.results.health import Reader, Status, Watched
from cdk_stream.results.record import key_document

FORMAT = "cdk-stream/status@1"


def render(status: Status, *, colour: bool = False) -> str:
    """One document; `fine` says what the exit code does."""
    return orjson.dumps(document(status), option=orjson.OPT_INDENT_2).decode() + "\n"


def document(status: Status) -> dict[str, Any]:
    """The status as plain data."""
    last = status.deployment
    return {
        "format": FORMAT,
        "project": status.project,
        "environment": status.environment,
        "fine": status.fine,
        "deployment": None
        if last is None
        else {
            "serial": last.serial,
            "commit": last.commit,
            "outcome": last.outcome,
            "ended": last.ended,
            "by": last.by,
        },
        "resources": [_resource(one) for one in status.resources],
        "readers": [_reader(one) for one in status.readers],
        "leaks": list(status.leaks),
    }


def _resource(one: Watched) -> dict[str, Any]:
    drift = [{"field": d.field, "live": d.live, "wanted": d.wanted} for d in one.drift]
    return {
        **key_document(one.key),
        "node": one.node,
        "owner": one.owner,
        "condition": one.health.condition,
        "told": one.health.told,
        "drift": drift,
    }


def _reader(one: Reader) -> dict[str, Any]:
    return {
        "exposure": one.exposure,
        "owner": one.owner,
        "group": one.lag.group,
        "topic": one.lag.topic,
        "records": one.lag.records,
        "age_ms": one.lag.age_ms,
        "max_records": one.max_records,
        "max_ms": one.max_ms,
        "late": one.late,
    }
