"""The `{{ ref("x") }}` of model SQL: found without a template engine, replaced by position."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, NamedTuple

from cdk_stream.sql.analysis import Finding, Splice

ReferenceKind = Literal["ref", "source", "var"]


class Reference(NamedTuple):
    """`{{ kind("name") }}` at the characters `start` to `end` of the text."""

    kind: ReferenceKind
    name: str
    start: int
    end: int


REFERENCE = (
    r"""\{\{-?\s*(ref|source|var)\s*\(\s*(?:"([^"{}\\\n]+)"|'([^'{}\\\n]+)')\s*\)\s*-?\}\}"""
)
_SCAN = re.compile(  # one character first: the search then skips to it without trying each branch
    r"""[{'`/-](?:(?<=\{)(?:"""
    + REFERENCE.removeprefix(r"\{")
    + r"""|([{%#](?:[^}]|\}(?!\}))*\}*))|(?<=')([^']*'?)|(?<=`)[^`]*`?"""
    r"""|(?<=-)-[^\n]*|(?<=/)\*[\s\S]*?(?:\*/|\Z))"""
)
_ALLOWED = (
    'only {{ ref("model") }}, {{ source("source") }} and {{ var("variable") }} with a plain name'
    " are allowed: the graph must be known without running anything"
)


def references(sql: str) -> tuple[tuple[Reference, ...], tuple[Finding, ...]]:
    """Every reference of `sql` in order, and what is wrong with its templates.

    Comments, string literals and quoted identifiers are passed over.
    """
    if "{" not in sql:
        return (), ()
    found: list[Reference] = []
    findings: list[Finding] = []
    for match in _SCAN.finditer(sql):
        if match[1]:
            kind: ReferenceKind = match[1]  # type: ignore[assignment]
            found.append(Reference(kind, match[2] or match[3], match.start(), match.end()))
        elif match[4]:
            findings.append(_refused(sql, match.start(), match[0]))
        elif match[5] and "{{" in match[5]:
            findings.append(_quoted(sql, match.start()))
    return tuple(found), tuple(findings)


def render(
    sql: str,
    names: Mapping[tuple[str, str], str],
    splices: Sequence[Splice] = (),
    variables: Mapping[str, object] | None = None,
) -> str:
    """`sql` with each reference named, `splices` applied, and every other character as it was.

    `names` maps (kind, name) to a table's name, which is back-quoted as one identifier unless it
    starts with a back-quote itself. Raises KeyError for a reference that is not in it.
    """
    pieces: list[str] = []
    end = 0
    for splice in _edits(sql, names, splices, variables or {}):
        pieces += (sql[end : splice.start], splice.text)
        end = splice.end
    pieces.append(sql[end:])
    return "".join(pieces)


def written_at(
    sql: str,
    names: Mapping[tuple[str, str], str],
    splices: Sequence[Splice],
    variables: Mapping[str, object],
    place: tuple[int, int],
) -> tuple[int, int]:
    """Where in `sql` a line and column of what `render` makes of it were written.

    A place within a replacement was written where the replaced text begins.
    """
    lines = render(sql, names, splices, variables).split("\n")
    line, column = place
    wanted = sum(len(text) + 1 for text in lines[: line - 1]) + column - 1
    shift = 0
    for splice in _edits(sql, names, splices, variables):
        if wanted < splice.start + shift:
            break
        if wanted < splice.start + shift + len(splice.text):
            return position(sql, splice.start)
        shift += len(splice.text) - (splice.end - splice.start)
    return position(sql, min(wanted - shift, len(sql)))


def quoted(name: str) -> str:
    """`name` as a back-quoted identifier."""
    return name if name.startswith("`") else "`" + name.replace("`", "``") + "`"


def literal(value: object) -> str:
    """A variable's value as a SQL literal."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return repr(value)
    return "'" + str(value).replace("'", "''") + "'"


def position(sql: str, offset: int) -> tuple[int, int]:
    """The line and column of a character of `sql`, both from 1."""
    return sql.count("\n", 0, offset) + 1, offset - sql.rfind("\n", 0, offset)


def _edits(
    sql: str,
    names: Mapping[tuple[str, str], str],
    splices: Sequence[Splice],
    variables: Mapping[str, object],
) -> list[Splice]:
    return sorted([*splices, *_named(sql, names, variables)])


def _named(
    sql: str, names: Mapping[tuple[str, str], str], variables: Mapping[str, object]
) -> Iterable[Splice]:
    for kind, name, start, end in references(sql)[0]:
        text = literal(variables[name]) if kind == "var" else quoted(names[kind, name])
        yield Splice(start, end, text)


def _refused(sql: str, start: int, text: str) -> Finding:
    line, column = position(sql, start)
    shown = " ".join(text.split())
    shown = shown if len(shown) <= 60 else shown[:57] + "..."
    return Finding(line, column, "CS421", f"template '{shown}' is not allowed in SQL", _ALLOWED)


def _quoted(sql: str, start: int) -> Finding:
    line, column = position(sql, start)
    return Finding(
        line,
        column,
        "CS422",
        "a template inside a string literal is plain text",
        "write it without the quotes: a text variable becomes a SQL string by itself",
        "warning",
    )
