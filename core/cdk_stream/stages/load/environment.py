"""A project as one of its environments sees it: settings laid over, names with a prefix."""

from __future__ import annotations

import hashlib
import importlib
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from cdk_stream.problems import Usage, near
from cdk_stream.resources.environment import Environment
from cdk_stream.tree import PROJECT_FILE, Tree

Json = dict[str, Any]
_LAID_OVER = ("clusters", "connectors", "roles", "topics", "kms", "vars", "deploy")
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]{0,60}")


class Seen:
    """How the environment of a tree, if it has one, changes what is read from it."""

    def __init__(self, tree: Tree) -> None:
        self._name: str = getattr(tree, "environment", "")
        self._lenient: bool = getattr(tree, "lenient", False)
        self._prefix = ""

    def settings(self, data: Any) -> Any:
        """The project file's data as it is seen; raises `Usage` for an unknown environment."""
        if not self._name or not isinstance(data, dict):
            return data
        try:
            seen = lay_over(data, self._name)
        except Usage:
            if self._lenient:
                return data
            raise
        self._prefix = seen.get("name", "").removesuffix(data.get("name", ""))
        return seen

    def others(self, data: Any) -> Iterator[tuple[str, Json]]:
        """Where no environment is selected, every one with what it makes of the project file."""
        declared = data.get("environments") if isinstance(data, dict) and not self._name else None
        for name, overlay in (declared or {}).items():
            yield name, laid_over(data, f"{name}-1" if overlay.get("ephemeral") else name, overlay)

    def resource(self, kind: str, resource: Any) -> Any:
        """A resource with its own names as they are seen."""
        return renamed(kind, resource, self._prefix) if self._prefix else resource


def in_environment(tree: Tree, like: Tree | None) -> Tree:
    """A tree in the environment of another one, if that is in any."""
    name = getattr(like, "environment", "")
    return EnvironmentTree(tree, name, lenient=True) if name else tree


class EnvironmentTree:
    """A version of a project, to be read as the environment `environment` of it."""

    def __init__(self, tree: Tree, environment: str, *, lenient: bool = False) -> None:
        self._tree = tree
        self.environment = environment
        self.lenient = lenient
        """A version that does not know the environment yet is read as it is."""
        self.name = f"{tree.name} as '{environment}'"
        self.commit: str = getattr(tree, "commit", "")

    def files(self) -> dict[str, str]:
        """As they are; the project file has another id, for it says something else here."""
        files = dict(self._tree.files())
        if PROJECT_FILE in files:
            told = f"{files[PROJECT_FILE]} {self.environment}".encode()
            files[PROJECT_FILE] = hashlib.sha1(told, usedforsecurity=False).hexdigest()
        return files

    def links(self) -> frozenset[str]:
        return self._tree.links()

    def read(self, paths: Iterable[str]) -> dict[str, bytes]:
        return self._tree.read(paths)


def template_of(name: str, environments: Iterable[str], ephemeral: Iterable[str]) -> str:
    """The key of `environments:` that an environment's name stands for; raises `Usage`."""
    known = set(environments)
    templates = set(ephemeral)
    if name in known - templates:
        return name
    if name in templates:
        raise Usage(f"'{name}' is a template\n    name one of its environments, '{name}-1'")
    fitting = [key for key in templates if name.startswith(f"{key}-")]
    if fitting and _NAME.fullmatch(name):
        return max(fitting, key=len)
    mend = near(name, known - templates) or "declare it under `environments:`"
    raise Usage(f"there is no environment '{name}'\n    {mend}")


def prefix_of(name: str, environment: Mapping[str, Any] | Environment) -> str:
    """What the names of an environment begin with."""
    if isinstance(environment, Environment):
        given, ephemeral = environment.prefix, environment.ephemeral
    else:
        given = environment.get("prefix") or ""
        ephemeral = bool(environment.get("ephemeral"))
    if not given and ephemeral:
        given = "{environment}."
    return given.replace("{environment}", name)


def lay_over(data: Json, name: str) -> Json:
    """The project file's data as the environment `name` sees it; raises `Usage` for no such."""
    declared = data.get("environments")
    if not isinstance(declared, dict):
        declared = {}
    mappings = {key: one if isinstance(one, dict) else {} for key, one in declared.items()}
    ephemeral = [key for key, one in mappings.items() if one.get("ephemeral") is True]
    return laid_over(data, name, mappings[template_of(name, mappings, ephemeral)])


def laid_over(data: Json, name: str, overlay: Json) -> Json:
    """The data with one overlay."""
    merged = dict(data)
    for key in _LAID_OVER:
        if key in overlay:
            merged[key] = _merged(data.get(key), overlay[key])
    if overlay.get("default_cluster") is not None:
        merged["default_cluster"] = overlay["default_cluster"]
    prefix = prefix_of(name, overlay)
    if prefix:
        merged["name"] = f"{prefix}{data.get('name', '')}"
        given = merged.get("topics")
        topics: Json = given if isinstance(given, dict) else {}
        merged["topics"] = {**topics, "name": f"{prefix}{topics.get('name', '{model}')}"}
    return merged


def _merged(base: Any, over: Any) -> Any:
    if isinstance(base, dict) and isinstance(over, dict):
        return {**base, **{key: _merged(base.get(key), value) for key, value in over.items()}}
    return over


def renamed(kind: str, resource: Any, prefix: str) -> Any:
    """A source, model or exposure whose own names begin with the prefix of an environment."""
    updates: dict[str, Any] = {}
    if kind == "model":
        if resource.topic is not None and resource.topic.name:
            updates["topic"] = _with(resource.topic, "name", prefix + resource.topic.name)
        if resource.sink is not None and resource.sink.topic and not _reads_source(resource):
            updates["sink"] = _with(resource.sink, "topic", prefix + resource.sink.topic)
    elif kind == "source" and resource.connect is not None:
        updates["topic"] = f"{prefix}{resource.topic or resource.name}"
    elif kind == "exposure":
        config = resource.consumer_config or _no_config()
        group = f"{prefix}{config.consumer_group or resource.name}"
        updates["consumer_config"] = _with(config, "consumer_group", group)
    return resource.model_copy(update=updates) if updates else resource


def _no_config() -> Any:
    """What an exposure says that says nothing; its module is there, for it was read by it."""
    return importlib.import_module("cdk_stream.resources.exposure").ConsumerConfig()


def _with(resource: Any, key: str, value: str) -> Any:
    return resource.model_copy(update={key: value})


def _reads_source(model: Any) -> bool:
    """A sink that names the topic of a source: others' topics keep their names."""
    given = model.from_
    return bool(given.source or given.sources) or any("source(" in one for one in given.references)
