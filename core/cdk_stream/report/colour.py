"""Colour for terminals."""

from __future__ import annotations

_CODES = {"bold": "1", "red": "31", "green": "32", "yellow": "33", "blue": "34"}


def paint(text: str, colour: str, wanted: bool) -> str:
    """`text` in a colour of ANSI terminals, or as it is when no colour is wanted."""
    return f"\x1b[{_CODES[colour]}m{text}\x1b[0m" if wanted else text
