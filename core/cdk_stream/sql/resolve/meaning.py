"""Spellings that say all they stand on, so that equal ones mean the same."""

from __future__ import annotations

import re
from collections.abc import Mapping

_INNER = re.compile(r"\bq(?:~\d+)?\.\w+")
_PLAIN = re.compile(r"(?:q(?:~\d+)?\.\w+ ?)*")


def closed(spelling: str, meanings: Mapping[str, str]) -> str:
    """The spelling together with what the columns of inner queries in it are made of.

    `meanings` maps such a column (`q.total`) to its spelling inside. Columns that the spelling
    does not use are left out: dropping one changes nothing of it.
    """
    if not meanings:
        return spelling
    if "q." not in spelling and "q~" not in spelling and _are_plain(meanings):
        return spelling
    used: dict[str, str] = {}
    pending = [spelling]
    while pending:
        for name in _names(pending.pop(), meanings):
            if name in meanings and name not in used:
                used[name] = meanings[name]
                pending.append(meanings[name])
    return spelling + "".join(f"; {name} = {used[name]}" for name in sorted(used))


def _names(text: str, meanings: Mapping[str, str]) -> list[str]:
    """The inner columns that a text may name; with odd names about, all of them."""
    return _INNER.findall(text) if _are_plain(meanings) else list(meanings)


def _are_plain(meanings: Mapping[str, str]) -> bool:
    return _PLAIN.fullmatch(" ".join(meanings)) is not None
