"""How the readers of a stream get over a change: steps, with what to write."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["new_version", "expand_contract", "consumer_group", "replay", "access", "confirm"]
"""new_version: old and new are written side by side until the readers have moved;
expand_contract: the old column stays beside the new one; consumer_group: readers start anew in
a group of their own; replay: the job starts from its inputs, its savepoint is the way back;
access: readers see less, or ask for a role; confirm: nothing to write, its readers must look.
"""

Effect = Literal["file", "set", "run", ""]
"""What a snippet is: a new file, keys to set in a resource that is there, a command, nothing."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do; `text` follows the wording of problems."""

    text: str
    effect: Effect = ""
    path: str = ""
    """The file that a `file` or `set` snippet belongs to."""
    snippet: str = ""
    """YAML or a command; ends with a line feed when there is one."""


@dataclass(frozen=True, slots=True)
class Move:
    """What one application does, once the author's steps are done."""

    exposure: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Migration:
    """The way over one change of one node, for those whom it hits."""

    node: str
    kind: Kind
    title: str
    why: str
    steps: tuple[Step, ...] = ()
    """The author's, in order."""
    moves: tuple[Move, ...] = ()
    """The readers', by exposure; none when they need not do a thing."""
    last: tuple[Step, ...] = ()
    """The author's, once every reader has moved."""
