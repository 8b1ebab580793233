"""A script -> its statements, as the SQL Gateway takes them: one at a time."""

from __future__ import annotations

import re

_PIECE = re.compile(
    r"'[^']*'|`[^`]*`|--[^\n]*|/\*.*?\*/|;|[^'`;/-]+|.",
    re.DOTALL,
)


def split_statements(script: str) -> list[str]:
    """The texts between semicolons, without those that are inside quotes and comments."""
    statements = []
    parts: list[str] = []
    for piece in pieces(script):
        if piece == ";":
            statements.append("".join(parts).strip())
            parts = []
        else:
            parts.append(piece)
    statements.append("".join(parts).strip())
    return [statement for statement in statements if statement]


def pieces(text: str) -> list[str]:
    """The text in order: quoted parts and comments whole, the rest in between."""
    return _PIECE.findall(text)
