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
