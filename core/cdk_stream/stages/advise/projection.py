"""The columns of a plain query, as text: what one version selects put back into another."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

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

    Plain: one SELECT without grouping or sets, over the very same FROM, as far as text tells.
    """
    before, after = _parsed(old), _parsed(new)
    if before is None or after is None or before[1] != after[1]:
        return None
    wanted = [_selected(before[0], column) for column in columns]
    if not wanted or None in wanted:
        return None
    end = after[2]
    added = "".join(f",\n  {text}" for text in wanted)
    kept = new[:end].rstrip().removesuffix(",")
    return f"{kept}{added}\n{new[end:].lstrip()}"


def _parsed(sql: str) -> tuple[list[str], str, int] | None:
    """The projections, the FROM clause in one spelling, and where it begins."""
    words = list(_top_level(sql))
    names = [word.upper() for word, _ in words]
    if set(names) & _NOT_PLAIN or names.count("SELECT") != 1 or names.count("FROM") != 1:
        return None
    select, start = words[names.index("SELECT")][1], words[names.index("FROM")][1]
    ends = [at for (_, at), name in zip(words, names, strict=True) if name in _ENDS and at > start]
    source = " ".join(sql[start : min(ends, default=len(sql))].rstrip("; \n").split())
    return _split(sql[select + len("SELECT") : start]), source, start


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


def _selected(projections: Iterable[str], column: str) -> str | None:
    """The one projection that gives `column`."""
    ending = re.compile(rf"(?:^|[\s.])[`\"]?{re.escape(column)}[`\"]?$")
    found = [text for text in projections if ending.search(text)]
    return found[0] if len(found) == 1 else None
