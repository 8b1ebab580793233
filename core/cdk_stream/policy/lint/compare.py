"""Two sides that are compared, and never equal."""

from __future__ import annotations

from typing import Protocol

from cdk_stream.policy.lint.calls import DIFFER, NEVER
from cdk_stream.policy.lint.shape import Scalar, Shape, is_closed, kinds, values
from cdk_stream.policy.text import Tree
from cdk_stream.problems import near


class Tell(Protocol):
    """Tells of a fault at an expression."""

    def __call__(self, expression: Tree, code: str, message: str, mend: str = "", /) -> None: ...


def compare(tell: Tell, node: Tree, left: Shape, right: Shape, operator: str) -> None:
    """Tell of two sides that are never equal, or that no order is meant for."""
    for one, other in ((left, right), (right, left)):
        if kinds(one) == {"null"} and kinds(other) and "null" not in kinds(other):
            mend = "absent values are left out of the input: write `not x`, or `x` alone"
            tell(node["lhs"], NEVER, "this is never null", mend)
            return
    are = kinds(left), kinds(right)
    if are[0] and are[1] and not are[0] & are[1]:
        words = [" or ".join(sorted(side)) for side in are]
        tell(node["lhs"], NEVER, f"{words[0]} is compared with {words[1]}")
        return
    if operator not in ("Eq", "Ne"):
        if operator and "set" in are[0] | are[1]:
            tell(node["lhs"], DIFFER, "engines order sets differently", "compare their `count`")
        return
    if any(isinstance(side, Scalar) and side.fraction for side in (left, right)):
        mend = "compare with `<` or `>`, or round both"
        tell(node["lhs"], DIFFER, "engines compute fractions differently", mend)
    never(tell, node["lhs"], left, right)


def never(tell: Tell, at: Tree, left: Shape, right: Shape) -> None:
    """Tell when two sides have no value in common."""
    one, other = values(left), values(right)
    if one and other and not one & other and (is_closed(left) or is_closed(right)):
        wrong, known = (other, one) if is_closed(left) else (one, other)
        name = min(map(str, wrong))
        tell(at, NEVER, f"this is never '{name}'", near(name, map(str, known)))
