"""Folder or commit -> compilation."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cdk_stream.compiler.compiler import Compiler
from cdk_stream.compiler.workbench import Workbench
from cdk_stream.glance import Glance
from cdk_stream.plugin.manager import Modules, Plugins, installed
from cdk_stream.report.data import problem_document
from cdk_stream.resources.project import Project
from cdk_stream.results.compilation import Compilation
from cdk_stream.results.counts import count
from cdk_stream.results.manifest import Manifest
from cdk_stream.snapshot import Snapshot
from cdk_stream.stages.load.environment import EnvironmentTree
from cdk_stream.stages.load.loader import Loader
from cdk_stream.target import Target
from cdk_stream.tree import PROJECT_FILE, Tree, WorkTree
from cdk_stream.workflow.own import bundled
from cdk_stream.workspace import Workspace


@dataclass(slots=True)
class Compiled:
    """A compiled tree with everything that verbs ask of it."""

    compilation: Compilation
    project: Project
    plugins: Plugins
    loader: Loader
    modules: Modules
    bench: Workbench
    bundles: tuple[Any, ...] = ()
    """The `Bundle`s that the project lists."""
    _manifest: Manifest | None = None

    @property
    def manifest(self) -> Manifest:
        """The compiled project; sensible only when `compilation.ok`."""
        if self._manifest is None:
            self._manifest = self.compilation.manifest()
        return self._manifest


def compile_tree(
    tree: Tree,
    prior: Compilation | None = None,
    modules: Modules | None = None,
    *,
    keep_made: bool = False,
) -> Compiled:
    """Compile a version of a project; raises `Refused` when its project file or plugins fail.

    With `keep_made`, the bench still holds each model's query and artefacts.
    """
    loader = Loader(tree)
    loader.refuse_links()
    project = loader.project()
    known = installed() if modules is None else modules
    plugins = Plugins.load(project.plugins, known)
    context = _context(loader, plugins)
    if prior is not None and prior.context != context:
        prior = None
    bundles = _bundles(loader, project, tree) if project.policies.bundles else ()
    bench = Workbench(loader, project, plugins, prior, keep_made=keep_made)
    compilation = Compiler(bench, context).run()
    return Compiled(compilation, project, plugins, loader, known, bench, bundles)


def _bundles(loader: Loader, project: Project, tree: Tree) -> tuple[Any, ...]:
    """Most projects have none, and need not wait for what reads them."""
    commit = getattr(tree, "commit", "")
    bundles: tuple[Any, ...] = bundled().open_bundles(loader, project, commit)
    return bundles


def compile_project(
    root: Path, *, write: bool = False, full_refresh: bool = False, glance: Glance | None = None
) -> Compiled:
    """Compile the project in a folder; with `write`, into its target folder.

    A `glance` that was taken of the folder spares another look at its files.
    """
    return _compile(Workspace(root, glance, full_refresh=full_refresh), write=write)


def compile_environment(root: Path, environment: str) -> Compiled:
    """Compile the project in a folder as an environment sees it, into the target's part for it.

    Raises `Usage` when there is no such environment.
    """
    compiled = compile_tree(EnvironmentTree(WorkTree(root), environment))
    compilation = compiled.compilation
    if compilation.ok:
        target = Target(root, environment)
        stale = set(target.files()) - compilation.artifacts.keys()
        target.write(compilation.manifest(), compilation.artifacts, stale)
    return compiled


def compile_version(root: Path, tree: Tree) -> Compiled:
    """Compile a version that Git has of the project in `root`; only what is new to it."""
    snapshot = Snapshot(root, tree)
    prior = snapshot.prior()
    compiled = compile_tree(tree, prior, snapshot.modules)
    if compiled.compilation.ok:
        snapshot.remember(compiled.compilation, prior, compiled.modules)
    return compiled


def compile_whole(root: Path) -> Compiled:
    """Compile the project in a folder from nothing, with `keep_made`; nothing is remembered."""
    workspace = Workspace(root, full_refresh=True)
    return compile_tree(workspace.tree, None, workspace.modules, keep_made=True)


def _compile(workspace: Workspace, *, write: bool) -> Compiled:
    prior = workspace.prior(write=write)
    compiled = compile_tree(workspace.tree, prior, workspace.modules)
    compilation = compiled.compilation
    if compilation.ok:
        if prior is not None and prior.context != compilation.context:
            prior = None
        if write:
            workspace.write(compilation, prior)
        summary = summarise(compilation)
        workspace.remember(compilation, prior, compiled.modules, summary, wrote=write)
    return compiled


def summarise(compilation: Compilation) -> dict[str, Any]:
    """What a run that changes nothing has to say: counts and warnings, as plain data."""
    counts = count(compilation)
    return {
        "project": compilation.project["name"],
        "counts": {
            "sources": counts.sources,
            "models": counts.models,
            "tests": counts.tests,
            "exposures": counts.exposures,
            "artifacts": counts.artifacts,
        },
        "problems": [problem_document(problem) for problem in compilation.problems],
    }


def _context(loader: Loader, plugins: Plugins) -> str:
    parts = (loader.blobs.get(PROJECT_FILE, ""), *plugins.names)
    return hashlib.sha1("\n".join(parts).encode(), usedforsecurity=False).hexdigest()
