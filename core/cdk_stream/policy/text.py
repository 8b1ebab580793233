"""A Rego file with its syntax tree, and what is rewritten in it for an engine."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from cdk_stream.policy.edit import Edit, edited

Tree = dict[str, Any]
"""An object of regorus's syntax tree."""


class Text(NamedTuple):
    """One element of `Engine.get_ast_as_json`'s list."""

    path: str
    source: bytes
    tree: Tree
    """`package`, `imports` and `rules`."""


def below(text: Text, root: str) -> str:
    """The file as if everything under `data`, its own package as well, lay under `data.ROOT`."""
    package = _leftmost(text.tree["package"]["refr"])["span"]["start"]
    edits = [Edit(package, package, f"{root}.")]
    for name in _data(text.tree["imports"]):
        edits.append(Edit(name["span"]["end"], name["span"]["end"], f".{root}"))
    for name in _data(text.tree["rules"]):
        edits.append(Edit(name["span"]["end"], name["span"]["end"], f".{root}"))
    return edited(text.source, edits)


def _leftmost(reference: Tree) -> Tree:
    while "Var" not in reference:
        reference = next(iter(reference.values()))["refr"]
    found: Tree = reference["Var"]
    return found


def _data(tree: Any) -> Iterator[Tree]:
    """Every variable `data` in `tree`."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, list):
            waiting += node
        elif isinstance(node, dict):
            if "Var" in node and node["Var"]["value"] == "data":
                yield node["Var"]
            waiting += node.values()


def imported(text: Text) -> dict[str, tuple[str, ...]]:
    """What each import of the file stands for: `lib` -> `("data", "stream", "lib")`."""
    found: dict[str, tuple[str, ...]] = {}
    for item in text.tree["imports"]:
        names, alias = names_of(item["refr"])[0], item.get("as")
        name = text.source[alias["start"] : alias["end"]].decode() if alias else names[-1]
        found[name] = names
    return found


def place(reference: Tree, source: bytes) -> tuple[int, int]:
    """Line and column of its first character: regorus counts a tab for four and starts at dots."""
    start = next(iter(reference.values()))["span"]["start"]
    line = source.rfind(b"\n", 0, start) + 1
    return source.count(b"\n", 0, start) + 1, len(source[line:start].decode()) + 1


def names_of(reference: Tree) -> tuple[tuple[str, ...], list[Any]]:
    """The constant names a reference begins with, and the indices that are expressions."""
    indices: list[Any] = []
    names: list[str | None] = []
    while "Var" not in reference:
        if "RefDot" in reference:
            link = reference["RefDot"]
            names.append(link["field"][1])
        elif "RefBrack" in reference:
            link = reference["RefBrack"]
            index = link["index"]
            names.append(index["String"]["value"] if "String" in index else None)
            indices.append(index)
        else:
            return (), [*indices, reference]
        reference = link["refr"]
    names.append(reference["Var"]["value"])
    names.reverse()
    constant = names.index(None) if None in names else len(names)
    return tuple(name for name in names[:constant] if name is not None), indices
