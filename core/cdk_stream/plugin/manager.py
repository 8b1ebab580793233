"""Finds plugins, and names the one that fails."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from importlib.metadata import entry_points
from typing import Any, TypeVar

import pluggy

from cdk_stream.plugin import hookspecs
from cdk_stream.plugin.backend import Backend, Remark
from cdk_stream.plugin.change import Version
from cdk_stream.plugin.state import StateRecord
from cdk_stream.plugin.verification import Made, Verification
from cdk_stream.policy.bundle import PolicyBundle
from cdk_stream.problems import Location, Problem, Refused, near
from cdk_stream.resources.project import Project
from cdk_stream.results.state import StateChange
from cdk_stream.results.stream import Stream
from cdk_stream.tree import PROJECT_FILE

T = TypeVar("T")
Modules = dict[str, str]
"""Entry point -> the module it names."""

BUNDLED = ("connect", "flink", "kafka", "policies", "proxy")


def installed() -> Modules:
    """Every plugin that is installed here, by the name of its entry point."""
    return {
        point.name: point.value
        for point in sorted(entry_points(group=hookspecs.PROJECT), key=lambda point: point.name)
    }


class Plugins:
    """The plugins a project uses, asked in the order of their names."""

    def __init__(self, modules: Mapping[str, Any]) -> None:
        self._manager = pluggy.PluginManager(hookspecs.PROJECT)
        self._manager.add_hookspecs(hookspecs)
        self.names = tuple(sorted(modules))
        for name in self.names:
            self._register(name, modules[name])
        self.backends: tuple[Backend, ...] = self._backends()

    @cached_property
    def bundles(self) -> tuple[PolicyBundle, ...]:
        """The Rego that the plugins bring; read when first asked for."""
        return tuple(
            bundle for name in self.names for bundle in self._ask(name, "register_policies")
        )

    @classmethod
    def load(cls, names: Sequence[str] | None, known: Modules | None = None) -> Plugins:
        """The named plugins, or the bundled ones; raises `Refused` (CS201, CS202).

        Only what is named is imported: a broken plugin that the project does not use harms nobody.
        """
        found = installed() if known is None else known
        wanted = list(BUNDLED) if names is None else sorted({*names})
        problems = [_unknown(name, found) for name in wanted if name not in found]
        if problems:
            raise Refused(problems)
        return cls({name: _import(name, found[name]) for name in wanted})

    @property
    def check_projects(self) -> bool:
        """Whether any plugin has a word to say about compiled projects."""
        return bool(self._manager.hook.check_project.get_hookimpls())

    def check_project(self, project: Project, manifest: Mapping[str, Any]) -> list[Problem]:
        """What the plugins find in a compiled project; see the hook."""
        return [
            problem
            for name in self.names
            for problem in self._ask(name, "check_project", project=project, manifest=manifest)
        ]

    def check_change(
        self, project: Project, base: Version, head: Version, changed: Sequence[str]
    ) -> list[tuple[str, Remark]]:
        """What the plugins have against a change; see the hook."""
        asked = {"project": project, "base": base, "head": head, "changed": changed}
        return [told for name in self.names for told in self._ask(name, "check_change", **asked)]

    def watch_test(
        self, test: Any, model: Stream, inputs: Mapping[str, Stream], project: Project
    ) -> Any:
        """The `Watch` of the first plugin that watches the test; None when none does."""
        asked = {"test": test, "model": model, "inputs": inputs, "project": project}
        answers = (told for name in self.names for told in self._ask(name, "watch_test", **asked))
        return next(answers, None)

    def compare_state(self, base: Version, head: Version, node: str) -> StateChange | None:
        """What the first plugin says that runs the model; None when nobody says anything."""
        asked = {"base": base, "head": head, "node": node}
        answers = (
            told for name in self.names for told in self._ask(name, "compare_state", **asked)
        )
        return next(answers, None)

    def record_state(
        self,
        project: Project,
        models: Sequence[Made],
        version: Version,
        addresses: Mapping[str, str],
    ) -> list[StateRecord]:
        """What real systems say that jobs would remember; see the hook."""
        asked = {"project": project, "models": models, "version": version, "addresses": addresses}
        return [told for name in self.names for told in self._ask(name, "record_state", **asked)]

    def verify_models(
        self, project: Project, models: Sequence[Made], addresses: Mapping[str, str]
    ) -> list[Verification]:
        """What real systems say of the models; see the hook."""
        return [
            verification
            for name in self.names
            for verification in self._ask(
                name, "verify_models", project=project, models=models, addresses=addresses
            )
        ]

    def _register(self, name: str, module: Any) -> None:
        try:
            self._manager.register(module, name)
            self._manager.check_pending()
        except pluggy.PluginValidationError as error:
            mend = "see docs/how-to/write-a-backend.md for the hooks there are"
            message = f"plugin '{name}' does not fit: {error}"
            raise Refused([_problem("CS202", message, mend)]) from error

    def _ask(self, name: str, hook: str, **arguments: Any) -> list[Any]:
        others = [
            plugin
            for other, plugin in self._manager.list_name_plugin()
            if other != name and plugin is not None
        ]
        caller = self._manager.subset_hook_caller(hook, remove_plugins=others)
        return _guard(
            name, hook, lambda: [item for answer in caller(**arguments) for item in answer]
        )

    def _backends(self) -> tuple[Backend, ...]:
        found: dict[str, Backend] = {}
        for name in self.names:
            for backend in self._ask(name, "register_backends"):
                if backend.name in found:
                    message = f"two plugins bring a backend named '{backend.name}'"
                    raise Refused([_problem("CS203", message, "take one out of 'plugins'")])
                found[backend.name] = backend
        return tuple(found[name] for name in sorted(found))


def _guard(name: str, hook: str, ask: Callable[[], list[T]]) -> list[T]:
    try:
        return ask()
    except Refused:
        raise
    except Exception as error:
        message = f"plugin '{name}' failed in {hook}: {type(error).__name__}: {error}"
        raise Refused([_problem("CS204", message, f"tell the authors of '{name}'")]) from error


def _import(name: str, module: str) -> Any:
    try:
        return importlib.import_module(module)
    except Exception as error:
        message = f"plugin '{name}' cannot be imported: {type(error).__name__}: {error}"
        raise Refused([_problem("CS202", message, f"reinstall the plugin '{name}'")]) from error


def _unknown(name: str, found: Iterable[str]) -> Problem:
    mend = near(name, found) or f"install the plugin that brings '{name}'"
    return _problem("CS201", f"there is no plugin named '{name}'", mend)


def _problem(code: str, message: str, mend: str) -> Problem:
    return Problem(Location(PROJECT_FILE), code, message, mend)
