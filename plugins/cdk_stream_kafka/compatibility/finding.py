"""What a reader cannot do with what a writer writes."""

from __future__ import annotations

from typing import NamedTuple


class Finding(NamedTuple):
    """`path` is where in the schema, "amount" or "address.zip"; "" for the whole."""

    path: str
    message: str

    def __str__(self) -> str:
        return f"'{self.path}': {self.message}" if self.path else self.message


class Unreadable(ValueError):
    """The text is no schema of its kind; the message says why."""


class Budget:
    """Ends a comparison of parts that hold one another in too many ways."""

    def __init__(self, steps: int = 20_000) -> None:
        self._left = steps

    def spend(self) -> None:
        self._left -= 1
        if self._left < 0:
            raise Unreadable("the schema has too many parts that hold one another")


def below(path: str, name: str) -> str:
    """The path of a part."""
    return f"{path}.{name}" if path else name
