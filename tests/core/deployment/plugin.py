"""The live half of a plugin whose systems are files under CDK_TEST_LIVE."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from cdk_stream.plugin.forge import Forge
from cdk_stream.plugin.live_hookspecs import hookimpl
from cdk_stream.plugin.system import Secrets, System
from cdk_stream.resources.project import Project
from tests.core.deployment.double import KINDS, FileSystem

forges: list[Forge] = []
"""The forge that there is, if a test put one here."""


@hookimpl
def connect_systems(project: Project, cluster: str, secrets: Secrets) -> Iterable[System]:
    kafka = project.clusters[cluster].kafka
    for value in kafka.properties.values() if kafka else ():
        secrets(value)
    folder = Path(os.environ["CDK_TEST_LIVE"])
    return [FileSystem(folder, name, cluster, project=project.name) for name in KINDS]


@hookimpl
def open_forge(environ: Mapping[str, str]) -> Iterable[Forge]:
    return forges
