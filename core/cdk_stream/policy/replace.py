"""`strings.replace_n` as OPA does it: in one pass, where regorus replaces what it replaced."""

from __future__ import annotations

import re
from typing import Any


def replaced(patterns: Any, text: Any) -> str:
    """`text` with each key of `patterns` replaced by its value; of two that fit, the lesser wins.

    Raises `TypeError` for what is not text.
    """
    if not isinstance(patterns, dict) or not isinstance(text, str):
        raise TypeError("strings.replace_n takes an object of text and text")
    if not all(isinstance(part, str) for pair in patterns.items() for part in pair):
        raise TypeError("strings.replace_n takes an object of text")
    if not patterns:
        return text
    either = "|".join(map(re.escape, sorted(patterns)))
    return re.sub(either, lambda found: str(patterns[found[0]]), text)
