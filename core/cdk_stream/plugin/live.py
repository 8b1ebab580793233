"""The half of a plugin that reaches live systems, apart: compiling never imports it."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib.metadata import entry_points
from typing import Any, TypeVar

import pluggy

from cdk_stream.plugin import live_hookspecs
from cdk_stream.plugin.forge import Forge, ForgeError
from cdk_stream.plugin.store import Store, StoreFailed
from cdk_stream.plugin.system import Outcome, Secrets, System, SystemFailed
from cdk_stream.plugin.workflow_run import WorkflowRun
from cdk_stream.problems import Location, Problem, Refused
from cdk_stream.resources.project import Project
from cdk_stream.results.consumer import LiveGroup
from cdk_stream.results.health import GroupLag
from cdk_stream.results.plan import Plan
from cdk_stream.results.violation import Violations
from cdk_stream.tree import PROJECT_FILE

T = TypeVar("T")
BUNDLED = ("connect", "flink", "github", "kafka", "proxy")


class Live:
    """The live halves of the plugins a project uses, asked in the order of their names."""

    def __init__(self, modules: Mapping[str, Any]) -> None:
        self._manager = pluggy.PluginManager(live_hookspecs.PROJECT)
        self._manager.add_hookspecs(live_hookspecs)
        self.names = tuple(sorted(modules))
        for name in self.names:
            self._register(name, modules[name])

    @classmethod
    def load(cls, names: Sequence[str] | None) -> Live:
        """Of the plugins named, those that have a live half; raises `Refused` (CS202)."""
        wanted = set(BUNDLED if names is None else names)
        points = {point.name: point.value for point in entry_points(group=live_hookspecs.PROJECT)}
        return cls({name: _import(name, points[name]) for name in sorted(wanted & points.keys())})

    def open_forge(self, environ: Mapping[str, str]) -> Forge | None:
        """The forge that the environment speaks of; see the hook. Raises `ForgeError`."""
        answers = (f for name in self.names for f in self._ask(name, "open_forge", environ=environ))
        return next(answers, None)

    def open_run(self, environ: Mapping[str, str]) -> WorkflowRun | None:
        """The run of a workflow that this is; see the hook. Raises `ForgeError`."""
        answers = (
            run for name in self.names for run in self._ask(name, "open_run", environ=environ)
        )
        return next(answers, None)

    def connect_systems(self, project: Project, cluster: str, secrets: Secrets) -> list[System]:
        """The live systems of a cluster; see the hook. Raises `SystemFailed`."""
        asked = {"project": project, "cluster": cluster, "secrets": secrets}
        return [told for name in self.names for told in self._ask(name, "connect_systems", **asked)]

    def observe_lag(
        self, project: Project, cluster: str, secrets: Secrets, groups: Sequence[str]
    ) -> list[GroupLag]:
        """How far consumer groups are behind; see the hook. Raises `SystemFailed`."""
        asked = {"project": project, "cluster": cluster, "secrets": secrets, "groups": groups}
        return [told for name in self.names for told in self._ask(name, "observe_lag", **asked)]

    def open_store(self, project: Project, secrets: Secrets) -> Store | None:
        """The store of the project's record; see the hook. Raises `SystemFailed`."""
        asked = {"project": project, "secrets": secrets}
        answers = (s for name in self.names for s in self._ask(name, "open_store", **asked))
        return next(answers, None)

    def observe_consumers(
        self, project: Project, cluster: str, secrets: Secrets
    ) -> list[LiveGroup]:
        """The live consumer groups of a cluster; see the hook. Raises `SystemFailed`."""
        asked = {"project": project, "cluster": cluster, "secrets": secrets}
        return [
            told for name in self.names for told in self._ask(name, "observe_consumers", **asked)
        ]

    def open_violations(
        self, project: Project, cluster: str, topic: str, secrets: Secrets
    ) -> Violations | None:
        """What continuous tests found on a cluster; see the hook. Raises `SystemFailed`."""
        asked = {"project": project, "cluster": cluster, "topic": topic, "secrets": secrets}
        answers = (v for name in self.names for v in self._ask(name, "open_violations", **asked))
        return next(answers, None)

    def before_deploy(self, plan: Plan) -> list[Problem]:
        """What the plugins have against a plan now; see the hook."""
        return [told for name in self.names for told in self._ask(name, "before_deploy", plan=plan)]

    def after_deploy(self, plan: Plan, outcomes: Mapping[str, Outcome]) -> None:
        """Tell the plugins what was done; see the hook."""
        for name in self.names:
            self._ask(name, "after_deploy", plan=plan, outcomes=outcomes)

    def _register(self, name: str, module: Any) -> None:
        try:
            self._manager.register(module, name)
            self._manager.check_pending()
        except pluggy.PluginValidationError as error:
            mend = "see docs/how-to/write-a-backend.md for the hooks there are"
            raise Refused([_problem(f"plugin '{name}' does not fit: {error}", mend)]) from error

    def _ask(self, name: str, hook: str, **arguments: Any) -> list[Any]:
        others = [
            plugin
            for other, plugin in self._manager.list_name_plugin()
            if other != name and plugin is not None
        ]
        caller = self._manager.subset_hook_caller(hook, remove_plugins=others)
        return _guard(
            name, hook, lambda: [item for answer in caller(**arguments) for item in answer or ()]
        )


def _guard(name: str, hook: str, ask: Callable[[], list[T]]) -> list[T]:
    try:
        return ask()
    except (Refused, ForgeError, SystemFailed, StoreFailed):
        raise
    except Exception as error:
        message = f"plugin '{name}' failed in {hook}: {type(error).__name__}: {error}"
        raise Refused([_problem(message, f"tell the authors of '{name}'", "CS204")]) from error


def _import(name: str, module: str) -> Any:
    try:
        return importlib.import_module(module)
    except Exception as error:
        message = f"plugin '{name}' cannot be imported: {type(error).__name__}: {error}"
        raise Refused([_problem(message, f"reinstall the plugin '{name}'")]) from error


def _problem(message: str, mend: str, code: str = "CS202") -> Problem:
    return Problem(Location(PROJECT_FILE), code, message, mend)


def systems_by_name(systems: Iterable[System]) -> dict[tuple[str, str], System]:
    """(name, cluster) -> the system."""
    return {(system.name, system.cluster): system for system in systems}
