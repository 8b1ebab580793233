"""What the reader of a report asked for, beside the verdict itself."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Frame:
    """How to show a verdict."""

    strict: bool = False
    """Warnings refuse as errors do."""
    prefix: str = ""
    """What stands before every path so that the reader's tools find it: "" or "projects/fraud/"."""
    colour: bool = False
