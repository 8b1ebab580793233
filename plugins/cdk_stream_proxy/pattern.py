"""LIKE patterns and literals as regular expressions that every engine reads alike.

Special characters stand in a class, `[.]`, and never after a backslash: whether the Gateway's SQL
takes a backslash in a string as an escape of its own is not documented.
"""

from __future__ import annotations

from collections.abc import Iterable

ANY = 0
"""`%`: any characters, or none."""
ONE = 1
"""`_`: exactly one character."""

Pattern = tuple[str | int, ...]
"""Runs of literal text between `ANY` and `ONE`; no empty run, no two runs side by side."""

_CLASSES = {ord(c): f"[{c}]" for c in ".$*+?(){}|"}
_WILD = {ANY: ".*", ONE: "."}
UNSAFE = frozenset("\\^[]")
"""Characters that stand in no class without a backslash."""


def like(text: str) -> Pattern:
    """The pattern of `LIKE 'text'` without an ESCAPE clause."""
    runs: list[str | int] = []
    literal = ""
    for character in text:
        if character in "%_":
            runs += [literal] if literal else []
            runs.append(ANY if character == "%" else ONE)
            literal = ""
        else:
            literal += character
    return (*runs, literal) if literal else tuple(runs)


def is_literal(pattern: Pattern) -> bool:
    """Whether the pattern matches one text only."""
    return all(isinstance(run, str) for run in pattern)


def literal_of(pattern: Pattern) -> str:
    return str(pattern[0]) if pattern else ""


def regex_of(pattern: Pattern) -> str:
    """The pattern as an expression without anchors; `.` is meant to match line breaks too."""
    return "".join(
        run.translate(_CLASSES) if isinstance(run, str) else _WILD[run] for run in pattern
    )


def anchored(patterns: Iterable[Pattern]) -> str:
    """One expression for "matches one of `patterns`", right for full-match and for search."""
    told = tuple(patterns)
    body = "|".join(map(regex_of, told))
    group = "(?:" if all(map(is_literal, told)) else "(?s:"
    return f"^{group}{body})$"


def is_safe(pattern: Pattern) -> bool:
    """Whether `regex_of` can write the pattern without a backslash."""
    return not any(isinstance(run, str) and not UNSAFE.isdisjoint(run) for run in pattern)


_ESCAPED = {ord(c): f"\\{c}" for c in ".$*+?(){}|\\^[]"}


def anchored_topics(names: Iterable[str]) -> str:
    """An expression for exactly these topics; not SQL, so a backslash is safe."""
    told = [name.translate(_ESCAPED) for name in dict.fromkeys(names)]
    return f"^{told[0]}$" if len(told) == 1 else f"^(?:{'|'.join(told)})$"
