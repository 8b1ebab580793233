"""Tests that hold whatever a policy does."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cdk_stream.policy.lint.calls import NEVER
from cdk_stream.policy.text import Text, Tree, names_of, place
from cdk_stream.problems import Location, Problem

_COMPARED = "write `found := x with input as y` and `found == z` below it"
_EMPTY = "write `count(x) == 0`: a set that is empty is not false"


def idle(text: Text) -> Iterator[Problem]:
    """CS714 for `x with input as y == z`, which compares y, and for `not deny`."""
    for node in _objects(text.tree["rules"]):
        for change in node.get("with_mods") or ():
            if "BoolExpr" in change["as"]:
                message = "what `with` replaces is compared, not what the policy says"
                yield _problem(text, change["refr"], message, _COMPARED)
        if "NotExpr" in node:
            denied = node["NotExpr"]["expr"]
            if names_of(denied)[0][-1:] in (("deny",), ("warn",), ("require_approval",)):
                yield _problem(text, denied, "findings are a set, and never false", _EMPTY)


def _problem(text: Text, at: Tree, message: str, mend: str) -> Problem:
    return Problem(Location(text.path, *place(at, text.source)), NEVER, message, mend)


def _objects(tree: Any) -> Iterator[Tree]:
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, list):
            waiting += node
        elif isinstance(node, dict):
            yield node
            waiting += node.values()
