"""What a Rego engine must do, so that one can stand for another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Protocol

import orjson

from cdk_stream.policy.module import Module
from cdk_stream.policy.text import Text


class EntryPoint(NamedTuple):
    """A rule that collects findings: `deny` of the package `stream.rules.residency`."""

    package: tuple[str, ...]
    rule: str


def reference(entry: EntryPoint, root: str = "data") -> str:
    """The entry point in Rego: `data["stream"]["rules"]["residency"]["deny"]`."""
    return root + "".join(
        f"[{orjson.dumps(name).decode()}]" for name in (*entry.package, entry.rule)
    )


class EngineError(Exception):
    """The engine could not read or answer. `path` is empty when no policy is to blame."""

    def __init__(self, message: str, path: str = "", line: int = 0, column: int = 0) -> None:
        super().__init__(message)
        self.message = message
        self.path = path
        self.line = line
        self.column = column


class RegoEngine(Protocol):
    """Reads Rego once and answers for one document. Every method raises `EngineError`."""

    name: str

    @property
    def version(self) -> str:
        """Of the engine itself."""
        ...

    def read(self, path: str, text: str) -> None:
        """Parse a Rego file; `path` is what messages call it."""
        ...

    def modules(self) -> tuple[Module, ...]:
        """What the files read so far declare and use, in the order they were read."""
        ...

    def texts(self) -> tuple[Text, ...]:
        """The files read so far with their syntax trees, in the order they were read."""
        ...

    def builtins(self) -> frozenset[str]:
        """The functions it knows: `upper`, `time.parse_rfc3339_ns`."""
        ...

    def compile(self) -> None:
        """Make sure that what was read can be evaluated, if that can be known beforehand."""
        ...

    def evaluate(
        self, document: bytes, data: Mapping[str, Any], entries: Sequence[EntryPoint]
    ) -> list[Any]:
        """What each entry point answers for the JSON `document` as `input`, in their order.

        One evaluation for all. An entry point without an answer is an error, never an empty list.
        """
        ...
