"""The part of a project that a change reaches, for drawing it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Affected:
    """Changed nodes, the ways from them, and whom they hit; both lists in reading order."""

    nodes: tuple[str, ...] = ()
    """Ids, what is written before what reads it."""
    edges: tuple[tuple[str, str], ...] = ()
    """(writer or input, reader)."""
