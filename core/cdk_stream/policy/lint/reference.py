"""References taken apart: `node.columns[name].type` step by step."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cdk_stream.policy.text import Tree


def links_of(expression: Tree) -> Sequence[Tree]:
    """A reference as all the references that it goes on from, the shortest first."""
    links = [expression]
    while "RefDot" in links[-1] or "RefBrack" in links[-1]:
        links.append(next(iter(links[-1].values()))["refr"])
    links.reverse()
    return links


def constant_of(link: Tree) -> str | None:
    """The name that the last step of a reference takes, when it is written out."""
    if "RefDot" in link:
        name: str = link["RefDot"]["field"][1]
        return name
    index = link["RefBrack"]["index"]
    return index["String"]["value"] if "String" in index else None


def references(expression: Tree) -> Iterator[Tree]:
    """The references in an expression that it cannot do without."""
    ((kind, node),) = expression.items()
    if kind in ("RefDot", "RefBrack"):
        yield expression
    elif kind == "Call":
        for argument in node["params"]:
            yield from references(argument)
    elif kind in ("Array", "Set"):
        for item in node["items"]:
            yield from references(item)
    elif kind == "Object":
        for _, _, value in node["fields"]:
            yield from references(value)
    elif kind in ("ArithExpr", "BinExpr"):
        yield from references(node["lhs"])
        yield from references(node["rhs"])
