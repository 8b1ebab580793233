"""The policies that a project or a folder is judged by, before any node is compiled."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import Any

import orjson

from cdk_stream.plugin.manager import Plugins, installed
from cdk_stream.policy.bundle import TEST_SUFFIX, PolicyBundle, project_bundle, rego_files
from cdk_stream.policy.check import Policy, load_policies
from cdk_stream.policy.choice import engine_for
from cdk_stream.policy.engine import EngineError, RegoEngine
from cdk_stream.policy.laid import Laid, standing
from cdk_stream.policy.level import At, in_project
from cdk_stream.problems import Location, Problem, Refused
from cdk_stream.resources.engine import Engine
from cdk_stream.resources.project import PolicySettings
from cdk_stream.stages.load.loader import Loader
from cdk_stream.tree import PROJECT_FILE, WorkTree
from cdk_stream.workflow.own import bundled, own_files, own_policies, settings_at

FIXTURES = "fixtures"
"""The folder beside policies whose JSON files tests read as `data.fixtures.NAME`."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """Policies with their tests, and how the project wants them."""

    root: Path
    settings: PolicySettings
    bundles: tuple[PolicyBundle, ...]
    tests: dict[str, str] = field(default_factory=dict)
    """Path -> Rego, of the project's or folder's own."""
    fixtures: dict[str, Any] = field(default_factory=dict)
    """Name -> document."""
    at: At = in_project
    """Finds the lines of settings."""

    def load(self, engine: Engine | None = None) -> tuple[RegoEngine, tuple[Policy, ...]]:
        """An engine that has read and checked them, the project's unless another is named.

        Raises `Refused` as `load_policies` does, and with CS710 when there is no such engine.
        """
        try:
            made = engine_for(engine or self.settings.engine, self.root)
            policies = load_policies(self.bundles, made)
        except EngineError as error:
            where = Location(error.path or PROJECT_FILE, error.line, error.column)
            raise Refused([Problem(where, "CS710", error.message)]) from error
        self.standing(policies)
        return made, policies

    def standing(self, policies: Sequence[Policy]) -> tuple[PolicySettings, Laid]:
        """The settings that hold, and what bundles lay down; of `policies` that `load` gave."""
        return standing(policies, self.settings, self.bundles, self.at)


def project_shelf(root: Path) -> Shelf:
    """What the project in `root` is judged by."""
    loader = Loader(WorkTree(root))
    project = loader.project()
    bundles = [*Plugins.load(project.plugins).bundles, *own_policies(loader, project)]
    if project.policies.bundles:
        bundles += (bundle.policies for bundle in bundled().open_bundles(loader, project))
    files = own_files(loader, project, (TEST_SUFFIX, ".json"))
    return Shelf(root, project.policies, tuple(bundles), *_beside(files), settings_at(loader))


def folder_shelf(folder: Path) -> Shelf:
    """The policies in a folder that is no project, with the bundled ones beneath them."""
    files = {
        path.relative_to(folder).as_posix(): path.read_text("utf-8", "replace")
        for path in sorted(folder.rglob("*"))
        if path.suffix in (".rego", ".json") and path.is_file()
    }
    texts = set(rego_files(files).values())
    shipped = [
        bundle
        for bundle in Plugins.load(None, installed()).bundles
        if not texts.intersection(bundle.modules.values())  # else it is this very folder
    ]
    own = project_bundle(files)
    if (folder / "bundle.yml").is_file():
        own = replace(own, terms=bundled().read_folder(folder).policies.terms)
    return Shelf(folder, PolicySettings(), (*shipped, own), *_beside(files))


def _beside(files: Mapping[str, str]) -> tuple[dict[str, str], dict[str, Any]]:
    tests = {path: files[path] for path in sorted(files) if path.endswith(TEST_SUFFIX)}
    return tests, dict(_fixtures(files))


def _fixtures(files: Mapping[str, str]) -> Iterable[tuple[str, Any]]:
    for name in sorted(files):
        path = PurePosixPath(name)
        if path.suffix == ".json" and path.parent.name == FIXTURES:
            try:
                yield path.stem, orjson.loads(files[name])
            except ValueError as error:
                raise Refused([Problem(Location(name), "CS701", f"not JSON: {error}")]) from error


def only(policies: Iterable[Policy], ids: Iterable[str]) -> list[Policy]:
    """Those of `policies` with one of `ids`, or all when there are no ids."""
    wanted = set(ids)
    return [policy for policy in policies if not wanted or policy.metadata.id in wanted]


def with_engine(shelf: Shelf, engine: Engine | None) -> Shelf:
    """The shelf as if the project named this engine."""
    if engine is None:
        return shelf
    return replace(shelf, settings=shelf.settings.model_copy(update={"engine": engine}))
