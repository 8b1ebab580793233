"""What Rego looks up before it denies: `not f(x.a)` says nothing when `x.a` is absent.

OPA denies a reference (`not x.a`) and the two sides of `==` as they stand. Everything else inside
of `not`, arguments and operands, must have a value first, or the whole body has none. regorus
denies all of it at once.
"""

from __future__ import annotations

from collections.abc import Iterator

from cdk_stream.policy.text import Tree

_PLAIN = ("String", "RawString", "Number", "Bool", "Null")
_COMPREHENSIONS = ("ArrayCompr", "SetCompr", "ObjectCompr")


def needed(denied: Tree) -> Iterator[Tree]:
    """The expressions in a denied one that must have a value before it is denied."""
    ((kind, node),) = denied.items()
    if kind in ("RefDot", "RefBrack"):
        yield from _indices(denied)
    elif kind == "AssignExpr" or (kind == "BoolExpr" and node["op"] == "Eq"):
        for side in (node["lhs"], node["rhs"]):
            yield from _indices(side) if _is_reference(side) else _whole(side)
    elif kind == "Membership":
        for part in (node["key"], node["value"], node["collection"]):
            if part is not None:
                yield from _whole(part)
    elif kind == "Call":
        for argument in node["params"]:
            yield from _whole(argument)
    elif kind in ("BoolExpr", "ArithExpr", "BinExpr"):
        yield from _whole(node["lhs"])
        yield from _whole(node["rhs"])
    elif kind in ("Array", "Set", "Object"):
        yield denied


def _is_reference(expression: Tree) -> bool:
    return next(iter(expression)) in ("Var", "RefDot", "RefBrack")


def _whole(expression: Tree) -> Iterator[Tree]:
    ((kind, node),) = expression.items()
    if kind not in (*_PLAIN, *_COMPREHENSIONS) and not (kind == "Var" and node["value"] == "_"):
        yield expression


def _indices(reference: Tree) -> Iterator[Tree]:
    while "RefDot" in reference or "RefBrack" in reference:
        ((kind, link),) = reference.items()
        if kind == "RefBrack" and "Var" not in link["index"]:
            yield from _whole(link["index"])
        reference = link["refr"]
