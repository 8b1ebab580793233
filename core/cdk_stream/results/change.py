"""What differs between two versions of a project, and how dangerous each difference is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Category = Literal["breaking", "risky", "safe"]
"""breaking: a reader fails or reads something else; risky: someone must look; safe: neither."""

SEVERITY: dict[Category, int] = {"safe": 0, "risky": 1, "breaking": 2}

Axis = Literal["schema", "meaning", "security", "state", "promise", "operation"]
"""What a difference touches.

schema: the shape of rows; meaning: which rows and values; security: who sees what;
state: what a running job remembers; promise: contracts, SLAs, tests and owners;
operation: where and how it runs.
"""


@dataclass(frozen=True, slots=True)
class Aspect:
    """One difference of a node, with the reason for its category.

    `message` follows the wording of problems; `column` is empty when all rows are concerned.
    """

    code: str
    """A closed list, `COLUMN_REMOVED` for instance; docs/changes.md says every one."""
    category: Category
    axis: Axis
    message: str
    column: str = ""
    mend: str = ""
    spreads: bool = True
    """Whether readers downstream notice: a removed column does, a description does not."""
    inherited: bool = False
    """It follows from a change upstream; the node's own text says what it said."""
    new_name: str = ""
    """What `column` is called now, when it was renamed."""


@dataclass(frozen=True, slots=True)
class Change:
    """A node that was added, removed or modified; `category` is the worst of its aspects.

    A modified node has an aspect for each difference; an added or removed one has one.
    """

    node: str
    """`model.payments_clean`; `project` for the project file."""
    kind: Literal["added", "removed", "modified"]
    category: Category
    aspects: tuple[Aspect, ...]
    path: str
    """The file of the head, or of the base when the node was removed."""
    pointer: str
    """The resource's place in that file: `/models/0`."""

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that the aspects name, sorted."""
        return tuple(sorted({aspect.column for aspect in self.aspects if aspect.column}))

    @property
    def inherited(self) -> bool:
        """Nobody touched the node: all of its aspects come from upstream."""
        return all(aspect.inherited for aspect in self.aspects)


def worst(categories: tuple[Category, ...]) -> Category:
    """The most dangerous of `categories`; safe when there are none."""
    return max(categories, key=SEVERITY.__getitem__, default="safe")
