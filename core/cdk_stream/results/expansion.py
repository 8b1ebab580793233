"""What a node gets from the templates and macros that it names."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from cdk_stream.resources.parse import Complaint

Borrowed = dict[str, tuple[str, str]]
"""A place that the author did not write, `/assertions/2` -> (where its name stands, its name)."""


@dataclass(slots=True)
class Expansion:
    """A resource with everything in it that it names."""

    resource: Any
    complaints: list[Complaint] = field(default_factory=list)
    borrowed: Borrowed = field(default_factory=dict)

    def borrow(self, pointer: str, first: int, count: int, named_at: str, name: str) -> None:
        """The items from `first` on below `pointer` come from `name`, written at `named_at`."""
        for index in range(first, first + count):
            self.borrowed[f"{pointer}/{index}"] = (named_at, name)
