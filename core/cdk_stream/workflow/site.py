"""An environment of a project, with the live systems and the store that belong to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from cdk_stream.deployment.file_store import FileStore
from cdk_stream.deployment.secrets import Resolver
from cdk_stream.git import find_repository
from cdk_stream.plugin.live import Live
from cdk_stream.plugin.store import Store, StoreFailed
from cdk_stream.plugin.system import System, SystemFailed
from cdk_stream.problems import Location, Problem, Refused, Usage
from cdk_stream.resources.environment import Environment
from cdk_stream.resources.project import Project
from cdk_stream.stages.load.environment import EnvironmentTree, prefix_of, template_of
from cdk_stream.stages.load.loader import Loader
from cdk_stream.stages.observe import unreachable
from cdk_stream.tree import PROJECT_FILE, Tree, WorkTree
from cdk_stream.workflow.compile import Compiled, compile_tree

DEFAULT = "default"
"""The one environment of a project that declares none; protected, for nothing says otherwise."""


@dataclass(frozen=True, slots=True)
class Place:
    """A version of a project in one of its environments."""

    root: Path
    name: str
    environment: Environment
    tree: Tree
    commit: str
    """The full id; empty for the working tree."""

    @property
    def prefix(self) -> str:
        """What the names of its resources begin with."""
        return prefix_of(self.name, self.environment)


@dataclass(slots=True)
class Site:
    """A place with everything that it is deployed to."""

    place: Place
    compiled: Compiled
    store: Store
    plugins: Live
    secrets: Resolver
    systems: list[System] = field(default_factory=list)

    @property
    def project(self) -> Project:
        """The project as the environment sees it."""
        return self.compiled.project

    @property
    def project_name(self) -> str:
        """Its own name, without what the environment puts before it."""
        return self.project.name.removeprefix(self.place.prefix)

    def connect(self, clusters: Iterable[str]) -> None:
        """Connect the systems of these clusters; raises `Refused` (CS830)."""
        for cluster in sorted(set(clusters)):
            try:
                found = self.plugins.connect_systems(self.project, cluster, self.secrets)
            except SystemFailed as failure:
                raise Refused([unreachable(cluster, failure)]) from None
            self.systems += found

    def close(self) -> None:
        """Let go of connections."""
        for system in self.systems:
            system.close()
        self.store.close()


def find_place(root: Path, environment: str, commit: str | None = None) -> Place:
    """The version to deploy: a commit, else HEAD for a protected environment, else the folder.

    Raises `Usage` for an unknown environment or commit.
    """
    if commit is not None:
        return _at_commit(root, environment, commit)
    place = _place(root, environment, WorkTree(root), "")
    return _at_commit(root, environment, "HEAD") if place.environment.protected else place


def _at_commit(root: Path, environment: str, commit: str) -> Place:
    repository = find_repository(root)
    found = repository.resolve(commit)
    tree = repository.at(commit)
    if tree is None:
        raise Usage(f"commit '{commit}' has no {PROJECT_FILE} in '{root}'")
    return _place(root, environment, tree, found)


def _place(root: Path, name: str, tree: Tree, commit: str) -> Place:
    declared = Loader(tree).project().environments
    if not name:
        if declared:
            told = ", ".join(sorted(declared))
            raise Usage(f"say which environment: --environment\n    known here: {told}")
        return Place(root, DEFAULT, Environment(protected=True), tree, commit)
    if name == DEFAULT and not declared:
        return Place(root, DEFAULT, Environment(protected=True), tree, commit)
    ephemeral = [key for key, one in declared.items() if one.ephemeral]
    environment = declared[template_of(name, declared, ephemeral)]
    return Place(root, name, environment, EnvironmentTree(tree, name), commit)


def find_past(root: Path, environment: str, commit: str) -> Place:
    """An earlier version in an environment that is protected as it is now."""
    today = find_place(root, environment)
    return replace(_at_commit(root, environment, commit), environment=today.environment)


def open_site(
    place: Place, environ: Mapping[str, str], *, broken: bool = False, past: bool = False
) -> Site:
    """Compile a place and open its store; raises `Refused`.

    With `broken`, errors of the project do not matter: nothing of it is wanted any more. With
    `past`, the record is where today's version of the project keeps it.
    """
    compiled = compile_tree(place.tree)
    if not compiled.compilation.ok and not broken:
        raise Refused(compiled.compilation.problems)
    secrets = Resolver(environ)
    plugins = Live.load(compiled.project.plugins)
    keeper = compiled.project
    if past:
        keeper = Loader(find_place(place.root, place.name).tree).project()
    store = open_store(place, keeper, plugins, secrets)
    return Site(place, compiled, store, plugins, secrets)


def open_store(place: Place, project: Project, plugins: Live, secrets: Resolver) -> Store:
    """Where the record of an environment lives; raises `Refused` (CS836)."""
    state = project.deploy.state
    if state.topic is None:
        folder = (state.file or ".cdk-stream/{environment}").replace("{environment}", place.name)
        return FileStore(place.root / folder)
    topic = state.topic.replace("{environment}", place.name)
    state = state.model_copy(update={"topic": topic})
    deploy = project.deploy.model_copy(update={"state": state})
    project = project.model_copy(update={"deploy": deploy})
    try:
        store = plugins.open_store(project, secrets)
    except (SystemFailed, StoreFailed) as failure:
        raise Refused([store_problem(failure)]) from None
    if store is None:
        mend = "list the plugin 'kafka' under `plugins:`, or keep the record in a file"
        raise Refused([store_problem(StoreFailed("no plugin opens the topic of the record", mend))])
    return store


def store_problem(failure: SystemFailed | StoreFailed) -> Problem:
    """The record cannot be read or written: nothing is known of what is deployed."""
    return Problem(Location(PROJECT_FILE), "CS836", str(failure), failure.mend)
