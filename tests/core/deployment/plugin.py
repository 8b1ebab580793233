"""The live half of a plugin whose systems are files under CDK_TEST_LIVE."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from cdk_stream.plugin.forge import Forge
from cdk_stream.plugin.live_hookspecs import hookimpl
from cdk_stream.plugin.system import Secrets, System
from cdk_stream.resources.project import Project
from cdk_stream.results.consumer import LiveGroup
from cdk_stream.results.health import GroupLag
from cdk_stream.results.violation import Violations
from tests.core.deployment.double import KINDS, FileJobs, FileSystem

forges: list[Forge] = []
"""The forge that there is, if a test put one here."""

violations: list[Violations] = []
"""The topic of violations that there is, if a test put one here."""


lags: list[GroupLag] = []
groups: list[LiveGroup] = []
"""What the brokers know of consumer groups, if a test put it here."""


@hookimpl
def observe_lag(groups: Sequence[str]) -> Iterable[GroupLag]:
    return [one for one in lags if one.group in groups]


@hookimpl
def observe_consumers() -> Iterable[LiveGroup]:
    return groups


@hookimpl
def connect_systems(project: Project, cluster: str, secrets: Secrets) -> Iterable[System]:
    kafka = project.clusters[cluster].kafka
    for value in kafka.properties.values() if kafka else ():
        secrets(value)
    folder = Path(os.environ["CDK_TEST_LIVE"])
    return [_system(folder, name, cluster, project.name) for name in KINDS]


def _system(folder: Path, name: str, cluster: str, project: str) -> System:
    made = FileJobs if name == "flink" else FileSystem
    return made(folder, name, cluster, project=project)


@hookimpl
def open_violations() -> Iterable[Violations]:
    return violations


@hookimpl
def open_forge(environ: Mapping[str, str]) -> Iterable[Forge]:
    return forges
