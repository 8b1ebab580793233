"""Where a clause of a query begins."""

from __future__ import annotations

from collections.abc import Sequence

from cdk_stream.sql.grammar.lexer import COMMENT

_CLAUSES = frozenset(
    (
        *("SELECT", "FROM", "WHERE", "GROUP BY", "HAVING", "QUALIFY", "WINDOW", "ORDER BY"),
        *("LIMIT", "OFFSET", "FETCH", "UNION", "INTERSECT", "EXCEPT"),
    )
)
_SIDES = frozenset(("LEFT", "RIGHT", "FULL", "INNER", "CROSS", "NATURAL", "OUTER"))
_PARTS = frozenset(("MEASURES", "ONE", "AFTER", "PATTERN", "SUBSET", "WITHIN", "DEFINE"))
"""Of MATCH_RECOGNIZE; to the lexer they are names."""


def begins_clause(kinds: Sequence[str], at: int, *, first: bool) -> bool:
    """Whether a clause of a query begins at `at`, the `first` lexeme of it or another."""
    kind = kinds[at]
    before = _neighbour(kinds, at, -1)
    if before == ".":
        return False
    if kind == "FROM":
        return before != "DISTINCT" or _neighbour(kinds, at, -2) not in ("IS", "NOT")
    if kind in _CLAUSES:
        return True
    if kind == "JOIN":
        return before not in _SIDES
    if kind in _SIDES:
        return before not in _SIDES and _leads_to_join(kinds, at)
    return kind == "WITH" and first


def begins_part(kinds: Sequence[str], at: int, text: str) -> bool:
    """Whether a line of MATCH_RECOGNIZE that begins there begins a part of it."""
    if kinds[at] in ("PARTITION BY", "ORDER BY"):
        return True
    if kinds[at] == "ALL":
        return True  # ALL ROWS PER MATCH
    return text.upper() in _PARTS


def opens_query(kinds: Sequence[str], at: int) -> bool:
    """Whether the bracket at `at` holds a query."""
    return _neighbour(kinds, at, 1) in ("SELECT", "WITH")


def _neighbour(kinds: Sequence[str], at: int, steps: int) -> str:
    """The kind so many lexemes on, or back, comments left out; empty beyond the ends."""
    way = 1 if steps > 0 else -1
    for _ in range(abs(steps)):
        at += way
        while 0 <= at < len(kinds) and kinds[at] == COMMENT:
            at += way
    return kinds[at] if 0 <= at < len(kinds) else ""


def _leads_to_join(kinds: Sequence[str], at: int) -> bool:
    steps = 1
    while _neighbour(kinds, at, steps) in _SIDES:
        steps += 1
    return _neighbour(kinds, at, steps) == "JOIN"
