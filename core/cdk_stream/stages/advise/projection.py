"""The columns of a plain query, as text: what one version selects put back into another."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

_TOKEN = re.compile(
    r"--[^\n]*|/\*.*?\*/|'(?:[^']|'')*'|`[^`]*`|\"[^\"]*\"|\{\{.*?\}\}|\w+|\s+|.", re.DOTALL
)
_OPEN, _CLOSE = "([{", ")]}"
_ENDS = {"WHERE", "ORDER", "LIMIT"}
_NOT_PLAIN = {
    "GROUP",
    "HAVING",
    "WINDOW",
    "UNION",
    "INTERSECT",
    "EXCEPT",
    "DISTINCT",
    "WITH",
    "QUALIFY",
}


def with_projections(old: str, new: str, columns: Iterable[str]) -> str | None:
    """`new`, which also selects `columns` as `old` does; None unless both are plain queries.

    Plain: one SELECT without grouping or sets, over the very same FROM, as far as text tells. The
    columns stand where they stood: a job's state knows them by their place.
    """
    before, after = _parsed(old), _parsed(new)
    if before is None or after is None or before.source != after.source:
        return None
    kept = after.projections
    for column in columns:
        at = _place(before.projections, column)
        if at is None:
            return None
        kept = _inserted(kept, before.projections, at)
    listed = ",".join(f"\n  {text}" for text in kept)
    return f"{new[: after.start]}{listed}\n{new[after.end :]}"


def _inserted(into: list[str], old: list[str], at: int) -> list[str]:
    """`old[at]` put behind the nearest one before it that is still selected, else first."""
    for earlier in reversed(old[:at]):
        place = _place(into, _column(earlier))
        if place is not None:
            return [*into[: place + 1], old[at], *into[place + 1 :]]
    return [old[at], *into]


class _Query(NamedTuple):
    projections: list[str]
    source: str
    """The FROM clause in one spelling."""
    start: int
    """Where the projections begin and, as `end`, where they end."""
    end: int


def _parsed(sql: str) -> _Query | None:
    words = list(_top_level(sql))
    names = [word.upper() for word, _ in words]
    if set(names) & _NOT_PLAIN or names.count("SELECT") != 1 or names.count("FROM") != 1:
        return None
    begin = words[names.index("SELECT")][1] + len("SELECT")
    start = words[names.index("FROM")][1]
    ends = [at for (_, at), name in zip(words, names, strict=True) if name in _ENDS and at > start]
    source = " ".join(sql[start : min(ends, default=len(sql))].rstrip("; \n").split())
    return _Query(_split(sql[begin:start]), source, begin, start)


def _top_level(sql: str) -> Iterator[tuple[str, int]]:
    """The words outside of brackets, with their places."""
    depth = 0
    for token in _TOKEN.finditer(sql):
        text = token[0]
        depth += (text in _OPEN) - (text in _CLOSE)
        if not depth and text[0].isalpha():
            yield text, token.start()


def _split(projections: str) -> list[str]:
    found, depth = [""], 0
    for token in _TOKEN.finditer(projections):
        text = token[0]
        depth += (text in _OPEN) - (text in _CLOSE)
        if text == "," and not depth:
            found.append("")
        elif not text.startswith(("--", "/*")):
            found[-1] += text
    return [" ".join(one.split()) for one in found]


def _column(projection: str) -> str:
    """The name that a projection gives its column, as far as text tells."""
    return re.split(r"[\s.]", projection)[-1].strip('`"')


def _place(projections: list[str], column: str) -> int | None:
    """Where the one projection stands that gives `column`."""
    found = [at for at, text in enumerate(projections) if _column(text) == column]
    return found[0] if len(found) == 1 else None
