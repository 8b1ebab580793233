"""The order of the classes, for those who compare them without reading YAML."""

from __future__ import annotations

LEVELS = ("public", "internal", "confidential", "sensitive", "highly_sensitive")
RANK = {level: rank for rank, level in enumerate(LEVELS)}


def highest(levels: tuple[str | None, ...]) -> str | None:
    """The most sensitive of `levels`; None when none of them is known."""
    known = [level for level in levels if level is not None]
    return max(known, key=RANK.__getitem__) if known else None
