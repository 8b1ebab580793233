"""How deep the brackets of a Rego file go: parsers take time exponential in it."""

from __future__ import annotations

import re

DEEPEST = 12
_TOKEN = re.compile(r'"(?:[^"\\\n]|\\.)*"|`[^`]*`|#[^\n]*|[\[{(]|[\]})]')


def too_deep(text: str) -> tuple[int, int] | None:
    """Line and column of the first bracket that is nested deeper than `DEEPEST`."""
    depth = 0
    for token in _TOKEN.finditer(text):
        if token[0] in "[{(":
            depth += 1
            if depth > DEEPEST:
                line = text.count("\n", 0, token.start()) + 1
                return line, token.start() - text.rfind("\n", 0, token.start())
        elif token[0] in "]})":
            depth = max(0, depth - 1)
    return None
