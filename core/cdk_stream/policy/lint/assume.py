"""What a statement takes for granted when it holds: the kind of a node, a field that is there."""

from __future__ import annotations

from collections.abc import Callable

from cdk_stream.policy.lint.infer import Inference
from cdk_stream.policy.lint.reference import constant_of, links_of
from cdk_stream.policy.lint.scope import Scope, path_of
from cdk_stream.policy.lint.shape import (
    ANYTHING,
    Either,
    Many,
    Shape,
    alternatives,
    either,
    field,
    items,
    values,
)
from cdk_stream.policy.text import Tree, names_of


def assume(inference: Inference, expression: Tree, scope: Scope) -> None:
    """Note in `scope` what must be so for `expression` to hold, and bind its variables."""
    ((kind, node),) = expression.items()
    if kind == "AssignExpr":
        _assigned(inference, node, scope)
    elif kind in ("BoolExpr", "Membership"):
        inference.shape(expression, scope)
        other = "collection" if kind == "Membership" else "rhs"
        _needs(inference, node["value" if kind == "Membership" else "lhs"], scope)
        _needs(inference, node[other], scope)
        if kind == "Membership" or node["op"] == "Eq":
            _equal(inference, node, kind, scope)
    else:
        inference.shape(expression, scope)
        _needs(inference, expression, scope)
        if kind == "Call":
            _output(inference, node, scope)


def bind(inference: Inference, pattern: Tree, shape: Shape, scope: Scope) -> None:
    """Give the variables of `pattern` their part of `shape`."""
    ((kind, node),) = pattern.items()
    if kind == "Var":
        if node["value"] != "_":
            scope.names[node["value"]] = shape
    elif kind == "Array":
        for number, item in enumerate(node["items"]):
            has_first = isinstance(shape, Many) and number < len(shape.first)
            inner = shape.first[number] if has_first and isinstance(shape, Many) else items(shape)
            bind(inference, item, inner, scope)
    elif kind == "Object":
        for _, key, value in node["fields"]:
            known = field(shape, key["String"]["value"]) if "String" in key else None
            bind(inference, value, known[0] if known else ANYTHING, scope)


def _assigned(inference: Inference, node: Tree, scope: Scope) -> None:
    right = inference.shape(node["rhs"], scope)
    _needs(inference, node["rhs"], scope)
    if node["op"] == "ColEq":
        bind(inference, node["lhs"], right, scope)
        return
    left = inference.shape(node["lhs"], scope)
    _needs(inference, node["lhs"], scope)
    _unify(inference, node["lhs"], right, scope)
    _unify(inference, node["rhs"], left, scope)
    _equal(inference, node, "BoolExpr", scope)


def _unify(inference: Inference, pattern: Tree, shape: Shape, scope: Scope) -> None:
    """As `bind`, for what has no value yet."""
    ((kind, node),) = pattern.items()
    if kind == "Var":
        if inference.is_free(node["value"], scope):
            bind(inference, pattern, shape, scope)
    elif kind == "Array":
        for number, item in enumerate(node["items"]):
            has_first = isinstance(shape, Many) and number < len(shape.first)
            inner = shape.first[number] if has_first and isinstance(shape, Many) else items(shape)
            _unify(inference, item, inner, scope)
    elif kind == "Object":
        for _, _, value in node["fields"]:
            _unify(inference, value, ANYTHING, scope)


def _output(inference: Inference, node: Tree, scope: Scope) -> None:
    """`walk(x, [path, value])`: a pattern behind the arguments gets the result."""
    if len(node["params"]) > 1 and names_of(node["fcn"])[0]:
        _unify(inference, node["params"][-1], ANYTHING, scope)


def _needs(inference: Inference, expression: Tree, scope: Scope) -> None:
    """Every reference in `expression` is there; messages and findings need theirs told apart."""
    ((kind, node),) = expression.items()
    if kind in ("RefDot", "RefBrack"):
        for link in links_of(expression)[1:]:
            _is_there(inference, link, scope)
    elif kind == "Call":
        if names_of(node["fcn"])[0] != ("sprintf",):
            for argument in node["params"]:
                _needs(inference, argument, scope)
    elif kind in ("Array", "Set"):
        for item in node["items"]:
            _needs(inference, item, scope)
    elif kind in ("ArithExpr", "BinExpr", "BoolExpr"):
        _needs(inference, node["lhs"], scope)
        _needs(inference, node["rhs"], scope)


def _is_there(inference: Inference, link: Tree, scope: Scope) -> None:
    path, name = path_of(link), constant_of(link)
    if path:
        scope.present.add(path)
    if name is not None:
        _narrow(inference, link, lambda option: field(option, name) is not None, scope)


def _equal(inference: Inference, node: Tree, kind: str, scope: Scope) -> None:
    if kind == "Membership":
        sides = [(node["value"], items(inference.shape(node["collection"], scope)))]
    else:
        sides = [
            (node["lhs"], inference.shape(node["rhs"], scope)),
            (node["rhs"], inference.shape(node["lhs"], scope)),
        ]
    for reference, shape in sides:
        meant = values(shape)
        if meant and ("RefDot" in reference or "RefBrack" in reference):
            _is_one_of(inference, reference, meant, scope)


def _is_one_of(inference: Inference, link: Tree, meant: frozenset[object], scope: Scope) -> None:
    name = constant_of(link)
    if name is None:
        return

    def fits(option: Shape) -> bool:
        known = field(option, name)
        if known is None:
            return False
        found = values(known[0])
        return found is None or bool(found & meant)

    _narrow(inference, link, fits, scope)


def _narrow(inference: Inference, link: Tree, fits: Callable[[Shape], bool], scope: Scope) -> None:
    """What the value that `link` goes on from must be; left alone when nothing would be left."""
    inner = next(iter(link.values()))["refr"]
    path = path_of(inner)
    if not path:
        return
    known = inference.shape(inner, scope)
    if isinstance(known, Either):
        left = [option for option in alternatives(known) if fits(option)]
        if 0 < len(left) < len(known.options):
            scope.narrowed[path] = either(left)
