"""The variables of a query, and what its statements take for granted."""

from __future__ import annotations

from cdk_stream.policy.lint.shape import Shape
from cdk_stream.policy.text import Tree


class Scope:
    """What a query knows, and the queries around it."""

    def __init__(self, outer: Scope | None = None) -> None:
        self.outer = outer
        self.names: dict[str, Shape] = {}
        self.declared: set[str] = set()
        """The variables of `some x`, which have a value once something gives them one."""
        self.narrowed: dict[str, Shape] = {}
        """Path -> what it must be for the query to hold."""
        self.present: set[str] = set()
        """The paths that must be there for it to hold."""
        self.missed = False
        """Whether a variable was read before it had a value."""

    def shape(self, name: str) -> Shape | None:
        """What the variable `name` is."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope.names:
                return scope.names[name]
            scope = scope.outer
        return None

    def declares(self, name: str) -> bool:
        scope: Scope | None = self
        while scope is not None:
            if name in scope.declared:
                return True
            scope = scope.outer
        return False

    def must_be(self, path: str) -> Shape | None:
        """What the value at `path` was found to be."""
        scope: Scope | None = self
        while scope is not None:
            if path in scope.narrowed:
                return scope.narrowed[path]
            scope = scope.outer
        return None

    def is_there(self, path: str) -> bool:
        """Whether the query needs the value at `path` anyway."""
        scope: Scope | None = self
        while scope is not None:
            if path in scope.present:
                return True
            scope = scope.outer
        return False


def path_of(expression: Tree) -> str:
    """A reference as text that is equal for the same place; empty when it is none."""
    if "Var" in expression:
        name: str = expression["Var"]["value"]
        return "" if name == "_" else name
    if "RefDot" in expression:
        link = expression["RefDot"]
        base = path_of(link["refr"])
        return f"{base}.{link['field'][1]}" if base else ""
    if "RefBrack" in expression:
        link = expression["RefBrack"]
        base, index = path_of(link["refr"]), link["index"]
        if base and "String" in index:
            return f"{base}.{index['String']['value']}"
        inner = path_of(index) if base else ""
        return f"{base}[{inner}]" if inner else ""
    return ""
