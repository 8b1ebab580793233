"""What a Rego file declares and uses, read from the syntax tree that regorus gives as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cdk_stream.policy.banned import BANNED
from cdk_stream.policy.module import Head, Mention, Module
from cdk_stream.policy.text import Text, Tree, imported, names_of, place

_REFERENCES = ("RefDot", "RefBrack", "Var")


def module(text: Text) -> Module:
    """What the file declares and uses."""
    parsed, source = text.tree, text.source
    return Module(
        text.path,
        names_of(parsed["package"]["refr"])[0],
        parsed["package"]["span"]["line"],
        tuple(_head(rule, source) for rule in parsed["rules"]),
        tuple(_mentions(parsed["rules"], imported(text), source)),
    )


def _head(rule: Tree, source: bytes) -> Head:
    if "Default" in rule:
        kind, head = "Default", rule["Default"]
    else:
        kind, head = next(iter(rule["Spec"]["head"].items()))
    name = names_of(head["refr"])[0][0]
    collects = kind == "Set" and "Var" in head["refr"]
    return Head(name, collects, *place(head["refr"], source))


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
                path, indices = names_of(reference)
                waiting += indices
                full = imports[path[0]] + path[1:] if path and path[0] in imports else path
                if full and (call or full[0] == "data" or ".".join(full) in BANNED):
                    yield Mention(full, call, *place(reference, source))
            else:
                waiting += reversed(node.values())
