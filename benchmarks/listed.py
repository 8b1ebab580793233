"""A live system that answers from one file, as an API that lists everything does."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import orjson

from cdk_stream.plugin.live_hookspecs import hookimpl
from cdk_stream.plugin.system import Comparison, Live, Notes, Outcome, Secrets, System, Wanted
from cdk_stream.resources.project import Project
from cdk_stream.results.plan import Key, Step

KINDS = (
    "subject",
    "subject_compatibility",
    "topic",
    "acl",
    "gateway_acl",
    "group",
    "interceptor",
    "flink_job",
    "connector",
)
REQUESTS: list[str] = []
"""What was asked, in order."""


class Listed:
    """All kinds of a cluster in one list."""

    name = "kafka"
    kinds: tuple[str, ...] = KINDS

    def __init__(self, cluster: str) -> None:
        self.cluster = cluster
        self._file = Path(os.environ["CDK_BENCHMARK_LIVE"]) / f"{cluster}.json"
        self._there: dict[str, Any] = {}

    def observe(self, wanted: Sequence[Wanted], recorded: Iterable[Key]) -> Mapping[Key, Live]:
        REQUESTS.append(self.cluster)
        self._there = orjson.loads(self._file.read_bytes()) if self._file.exists() else {}
        keys = {*(one.key for one in wanted), *recorded}
        return {key: self._live(key) for key in keys if str(key) in self._there}

    def compare(self, wanted: Wanted, live: Live | None) -> Comparison:
        if live is None:
            return Comparison("create")
        return Comparison("nothing" if live.spec == wanted.spec else "update")

    def apply(self, step: Step, wanted: Wanted | None, live: Live | None, notes: Notes) -> Outcome:
        assert wanted is not None
        self._there[step.id] = wanted.spec
        return Outcome(self._live(step.key))

    def close(self) -> None:
        """Write down what was made."""
        self._file.write_bytes(orjson.dumps(self._there))

    def _live(self, key: Key) -> Live:
        spec = self._there[str(key)]
        content = orjson.dumps(spec, option=orjson.OPT_SORT_KEYS)
        return Live(key, spec, hashlib.sha256(content).hexdigest(), None)


@hookimpl
def connect_systems(project: Project, cluster: str, secrets: Secrets) -> Iterable[System]:
    return [Listed(cluster)]
