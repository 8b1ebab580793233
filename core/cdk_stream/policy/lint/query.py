"""The statements of a body: what they give to variables, and what is wrong in them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cdk_stream.policy.lint.assume import assume, bind
from cdk_stream.policy.lint.calls import DIFFER, NEVER
from cdk_stream.policy.lint.infer import Inference
from cdk_stream.policy.lint.scope import Scope
from cdk_stream.policy.lint.shape import ANYTHING, items, keys, kinds
from cdk_stream.policy.negation import needed
from cdk_stream.policy.signature import signatures
from cdk_stream.policy.text import Tree, names_of

_OWN_QUERY = ("ArrayCompr", "SetCompr", "ObjectCompr")


def look(inference: Inference, query: Tree, scope: Scope) -> None:
    """Give the variables of `query` their shapes in `scope`, then tell what is wrong in it.

    Statements hold together in any order, so all of them are read before any is judged.
    """
    faults = inference.world.faults
    faults.quiet += 1
    for statement in query["stmts"]:
        _read(inference, statement, scope)
    if scope.missed:
        for statement in query["stmts"]:
            _read(inference, statement, scope)
    faults.quiet -= 1
    for statement in query["stmts"]:
        _judge(inference, statement, scope)


def _read(inference: Inference, statement: Tree, scope: Scope) -> None:
    ((kind, node),) = statement["literal"].items()
    if statement.get("with_mods"):
        _read_elsewhere(inference, kind, node, scope)
    elif kind == "SomeVars":
        source = inference.text.source
        scope.declared |= {source[v["start"] : v["end"]].decode() for v in node["vars"]}
    elif kind == "SomeIn":
        held = inference.shape(node["collection"], scope)
        assume(inference, node["collection"], scope)
        if node["key"] is not None:
            bind(inference, node["key"], keys(held), scope)
        bind(inference, node["value"], items(held), scope)
    elif kind == "Expr":
        assume(inference, node["expr"], scope)


def _read_elsewhere(inference: Inference, kind: str, node: Tree, scope: Scope) -> None:
    """A statement about another input: its variables are anything."""
    if kind == "SomeIn":
        for pattern in (node["key"], node["value"]):
            if pattern is not None:
                bind(inference, pattern, ANYTHING, scope)
    elif kind == "Expr":
        inference.shape(node["expr"], scope)
        if "AssignExpr" in node["expr"]:
            bind(inference, node["expr"]["AssignExpr"]["lhs"], ANYTHING, scope)


def _judge(inference: Inference, statement: Tree, scope: Scope) -> None:
    ((kind, node),) = statement["literal"].items()
    if statement.get("with_mods"):  # it is about another input
        for change in statement["with_mods"]:
            name = ".".join(names_of(change["refr"])[0])
            if name in signatures():
                mend = "replace a rule, or a part of `input` or `data`"
                message = f"engines replace function '{name}' differently"
                inference.tell(change["refr"], DIFFER, message, mend)
        return
    if kind == "SomeIn":
        known = kinds(inference.shape(node["collection"], scope))
        if known and not known & {"array", "set", "object"}:
            message = f"`some` goes through {' or '.join(sorted(known))}, which has no items"
            inference.tell(node["collection"], NEVER, message)
    elif kind == "Expr":
        inference.statement = node["expr"].get("Call", {})
        inference.shape(node["expr"], scope)
    elif kind == "NotExpr":
        for variable in _unbound(inference, node["expr"], scope):
            name = variable["value"]
            mend = f"say `some {name} in ...` before, or move what is denied into a rule of its own"
            inference.tell({"Var": variable}, DIFFER, f"'{name}' has no value in `not`", mend)
        for part in needed(node["expr"]):
            inference.denied(part, scope)
        inference.shape(node["expr"], scope)
    elif kind == "Every":
        _every(inference, node, scope)


def _every(inference: Inference, node: Tree, scope: Scope) -> None:
    held = inference.shape(node["domain"], scope)
    inner = Scope(scope)
    source = inference.text.source
    for variable, shape in ((node["key"], keys(held)), (node["value"], items(held))):
        if variable is not None:
            name = source[variable["start"] : variable["end"]].decode()
            inner.names[name] = shape
            if name != "_" and name not in _variables(node["query"]):
                message = f"`every` has no use for '{name}'"
                inference.tell({"Every": node}, DIFFER, message, "write `_` for it")
    look(inference, node["query"], inner)


def _variables(tree: Any) -> Iterator[str]:
    if isinstance(tree, list):
        for item in tree:
            yield from _variables(item)
    elif isinstance(tree, dict):
        if "Var" in tree:
            yield tree["Var"]["value"]
        for node in tree.values():
            yield from _variables(node)


def _unbound(inference: Inference, tree: Any, scope: Scope) -> Iterator[Tree]:
    """The variables in a denied expression that nothing outside of it gives a value."""
    if isinstance(tree, list):
        for item in tree:
            yield from _unbound(inference, item, scope)
    elif isinstance(tree, dict):
        if "Var" in tree:
            name = tree["Var"]["value"]
            if name == "_" or inference.is_free(name, scope):
                yield tree["Var"]
            return
        for kind, node in tree.items():
            if kind == "Call":
                yield from _unbound(inference, node["params"], scope)
            elif kind not in _OWN_QUERY:
                yield from _unbound(inference, node, scope)
