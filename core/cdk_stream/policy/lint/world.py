"""What lies around an expression: the rules of all files, and where faults are told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from cdk_stream.policy.lint.shape import Shape
from cdk_stream.policy.text import Text, Tree, place
from cdk_stream.problems import Location, Problem


@dataclass(slots=True)
class Faults:
    """What was found wrong, each fault once."""

    found: dict[tuple[Location, str], Problem] = field(default_factory=dict)
    quiet: int = 0
    """Above 0, what is said is not kept: the same will be looked at again, knowing more."""

    def tell(self, text: Text, expression: Tree, code: str, message: str, mend: str = "") -> None:
        if not self.quiet:
            where = Location(text.path, *place(expression, text.source))
            self.found.setdefault((where, message), Problem(where, code, message, mend))


class World(Protocol):
    """The rules of all files."""

    faults: Faults

    def rule(self, package: tuple[str, ...], name: str) -> Shape | None:
        """What a rule without arguments gives; None when there is none."""
        ...

    def call(self, package: tuple[str, ...], name: str, arguments: Sequence[Shape]) -> Shape | None:
        """What a function of a package gives for these; None when there is none."""
        ...

    def data(self, path: tuple[str, ...]) -> tuple[Shape, int]:
        """What `data.PATH` is, and how many names of the path that took."""
        ...

    def function(self, path: tuple[str, ...]) -> tuple[tuple[str, ...], str] | None:
        """The package and name of the function `data.PATH`."""
        ...

    def arity(self, package: tuple[str, ...], name: str) -> int:
        """How many arguments a function takes."""
        ...
