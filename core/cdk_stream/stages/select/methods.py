"""What `tag:`, `owner:`, `path:` and their like look at."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fnmatch import fnmatchcase
from pathlib import PurePosixPath
from typing import Any

from cdk_stream.problems import Usage, near
from cdk_stream.results.manifest import Manifest, Node

_KINDS = ("source", "model", "test", "exposure")
_GLOB = frozenset("*?[")


def _values(value: Any) -> list[str]:
    """A node's value as the words to compare with."""
    if value is None:
        return []
    if isinstance(value, list):
        return [str(item) for item in value]
    return [str(value).lower() if isinstance(value, bool) else str(value)]


def _key(name: str) -> Callable[[Node], list[str]]:
    return lambda node: _values(node.get(name))


def _tags(node: Node) -> list[str]:
    return [
        *node.get("tags", ()),
        *(tag for held in _columns(node) for tag in held.get("tags", ())),
    ]


def _classes(node: Node) -> list[str]:
    return [held.get("classification") or "unclassified" for held in _columns(node)]


def _columns(node: Node) -> Iterable[Node]:
    columns = node.get("columns")
    return columns.values() if isinstance(columns, dict) else ()


def _paths(node: Node) -> list[str]:
    path = PurePosixPath(node["path"])
    return [str(path), *map(str, path.parents)]


_LOOKS: dict[str, Callable[[Node], list[str]]] = {
    "backend": _key("backend"),
    "classification": _classes,
    "cluster": _key("cluster"),
    "domain": _key("domain"),
    "file": lambda node: [PurePosixPath(node["path"]).name],
    "format": _key("format"),
    "materialized": _key("materialized"),
    "owner": _key("owner"),
    "path": _paths,
    "region": _key("region"),
    "role": lambda node: _values(node.get("access", {}).get("roles")),
    "tag": _tags,
    "topic": _key("topic"),
}
METHODS = (*sorted(_LOOKS), "config.KEY", *_KINDS, "resource_type", "type", "state")


def by_method(manifest: Manifest, method: str, value: str) -> set[str]:
    """The nodes whose `method` is `value`, which may be a glob; Usage when there are none."""
    if not method:
        return by_path_or_name(manifest, value)
    if method in _KINDS:
        return _by_name(manifest, value, method)
    if method in ("resource_type", "type"):
        found = {node: [node.partition(".")[0]] for node in manifest.nodes}
        return _matching(found, method, value)
    if method == "path":
        value = value.rstrip("/")
    look = _LOOKS.get(method)
    if look is None:
        section, _, key = method.partition(".")
        if section != "config" or not key:
            raise Usage(f"there is no method '{method}:'\n    {near(method, METHODS) or _all()}")
        look = _key(key)
    return _matching({name: look(manifest.nodes[name]) for name in manifest.nodes}, method, value)


def _all() -> str:
    return "known here: " + ", ".join(METHODS)


def by_path_or_name(manifest: Manifest, value: str) -> set[str]:
    """A term without a method: a path when it looks like one, else a name or an id."""
    if "/" in value or value.endswith((".yml", ".yaml", ".sql")):
        return by_method(manifest, "path", value)
    return _by_name(manifest, value, "")


def _by_name(manifest: Manifest, value: str, kind: str) -> set[str]:
    ids = [node for node in manifest.nodes if not kind or node.startswith(f"{kind}.")]
    return _matching({node: [node.partition(".")[2], node] for node in ids}, kind or "name", value)


def _matching(found: dict[str, list[str]], method: str, value: str) -> set[str]:
    if _GLOB & set(value):
        nodes = {node for node, words in found.items() if any(fnmatchcase(w, value) for w in words)}
    else:
        nodes = {node for node, words in found.items() if value in words}
    if not nodes:
        raise Usage(_nothing(found, method, value))
    return nodes


def _nothing(found: dict[str, list[str]], method: str, value: str) -> str:
    what = f"no node with {method} '{value}'"
    if method in ("name", *_KINDS):
        what = f"no {'node' if method == 'name' else method} named '{value}'"
    known = {word for words in found.values() for word in words}
    mend = near(value, known)
    return f"{what}\n    {mend}" if mend else what
