"""A Rego file as the load-time checks see it, whichever engine read it."""

from __future__ import annotations

from typing import NamedTuple

from cdk_stream.problems import Location

RULES = ("stream", "rules")
LIBRARY = ("stream", "lib")
ENTRIES = ("deny", "warn", "require_approval")
"""The rules that collect findings."""


class Head(NamedTuple):
    """A rule's name and whether it collects answers: `deny contains ...`."""

    name: str
    collects: bool
    line: int
    column: int


class Mention(NamedTuple):
    """A function that is called, or a rule of another package that is read, by its full name.

    `("upper",)`, `("http", "send")`, `("data", "stream", "lib", "streams")`.
    """

    name: tuple[str, ...]
    call: bool
    line: int
    column: int


class Module(NamedTuple):
    """What one Rego file declares and uses."""

    path: str
    package: tuple[str, ...]
    """`("stream", "rules", "residency")`."""
    line: int
    """Where `package` stands, from 1."""
    heads: tuple[Head, ...]
    mentions: tuple[Mention, ...]

    def at(self, line: int = 0, column: int = 0) -> Location:
        return Location(self.path, line, column)

    @property
    def decides(self) -> bool:
        """Whether its package is a policy, `stream.rules.NAME`."""
        return self.package[:2] == RULES and len(self.package) == 3

    @property
    def is_library(self) -> bool:
        """Whether its package is `stream.lib` or lies under it."""
        return self.package[:2] == LIBRARY
