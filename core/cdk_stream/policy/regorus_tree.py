"""What a Rego file declares and uses, read from the syntax tree that regorus gives as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cdk_stream.policy.module import Head, Mention, Module
from cdk_stream.policy.text import Text, Tree

_REFERENCES = ("RefDot", "RefBrack", "Var")


def module(text: Text) -> Module:
    """What the file declares and uses."""
    parsed, source = text.tree, text.source
    imports = dict(_import(item, source) for item in parsed["imports"])
    return Module(
        text.path,
        _path(parsed["package"]["refr"])[0],
        parsed["package"]["span"]["line"],
        tuple(_head(rule, source) for rule in parsed["rules"]),
        tuple(_mentions(parsed["rules"], imports, source)),
    )


def _import(item: Tree, source: bytes) -> tuple[str, tuple[str, ...]]:
    path = _path(item["refr"])[0]
    alias = item.get("as")
    name = source[alias["start"] : alias["end"]].decode() if alias else path[-1]
    return name, path


def _head(rule: Tree, source: bytes) -> Head:
    if "Default" in rule:
        kind, head = "Default", rule["Default"]
    else:
        kind, head = next(iter(rule["Spec"]["head"].items()))
    name = _path(head["refr"])[0][0]
    collects = kind == "Set" and "Var" in head["refr"]
    return Head(name, collects, *_place(head["refr"], source))


def _place(reference: Tree, source: bytes) -> tuple[int, int]:
    """Line and column of its first character: regorus counts a tab for four and starts at dots."""
    start = next(iter(reference.values()))["span"]["start"]
    line = source.rfind(b"\n", 0, start) + 1
    return source.count(b"\n", 0, start) + 1, len(source[line:start].decode()) + 1


def _path(reference: Tree) -> tuple[tuple[str, ...], list[Any]]:
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


def _mentions(tree: Any, imports: dict[str, tuple[str, ...]], source: bytes) -> Iterator[Mention]:
    """Every call, and every reference that an import or `data` begins, in the order written."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, list):
            waiting += reversed(node)
        elif isinstance(node, dict):
            call = "Call" in node
            reference = node["Call"]["fcn"] if call else node
            if call:
                waiting += reversed(node["Call"]["params"])
            if call or any(kind in reference for kind in _REFERENCES):
                path, indices = _path(reference)
                waiting += indices
                full = imports[path[0]] + path[1:] if path and path[0] in imports else path
                if full and (call or full[0] == "data"):
                    yield Mention(full, call, *_place(reference, source))
            else:
                waiting += reversed(node.values())
