"""What a project brings to be judged by; small, for every compilation may ask for it."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any

from cdk_stream.policy.bundle import PolicyBundle, project_bundle
from cdk_stream.problems import Location
from cdk_stream.resources.project import Project
from cdk_stream.stages.load.loader import Loader
from cdk_stream.tree import PROJECT_FILE


def bundled() -> Any:
    """`cdk_stream.workflow.bundles`, which is read only when a project has bundles."""
    return importlib.import_module("cdk_stream.workflow.bundles")


def settings_at(loader: Loader) -> Callable[[str], Location]:
    """What finds a place under `policies:` of the project file, `/levels/naming` -> its line."""
    return lambda pointer: loader.locate(PROJECT_FILE, f"/policies{pointer}")


def own_policies(loader: Loader, project: Project) -> list[PolicyBundle]:
    """The bundle of the project's own policies, if it has any."""
    bundle = project_bundle(own_files(loader, project, (".rego",)))
    return [bundle] if bundle.modules else []


def own_files(loader: Loader, project: Project, endings: tuple[str, ...]) -> dict[str, str]:
    """Path -> text of the files in the project's policy folders that end so."""
    folders = tuple(f"{folder.strip('/')}/" for folder in project.policies.paths)
    paths = [p for p in loader.blobs if p.endswith(endings) and p.startswith(folders)]
    loader.preload(paths)
    return {path: loader.content(path).decode("utf-8", "replace") for path in paths}
