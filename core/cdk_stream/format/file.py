"""A file of a project -> the same file laid out, or why it is left alone."""

from __future__ import annotations

from typing import Any

import yaml as pyyaml

from cdk_stream import yaml
from cdk_stream.format import document, statement
from cdk_stream.format.scan import Literal, comments, scan
from cdk_stream.problems import Location, Problem, Refused
from cdk_stream.sql.grammar.lexer import SqlError
from cdk_stream.sql.template import position
from cdk_stream.tree import MAX_BYTES

_BREAKS = ("\r", "\x85", "\u2028", "\u2029")
"""Line ends to some readers only."""
_KEPT = "+"
_SQL_SECTION, _SQL_KEY = "models", "sql"


def formatted(content: bytes, path: str) -> bytes:
    """The file at `path` laid out.

    Raises `Refused` when it cannot be read (CS101 to CS105, and what the SQL is told), and with
    CS120 when laying it out would change what it says: then it must be laid out by hand.
    """
    text = _text(content, path)
    if text is None:
        return content
    if path.endswith(".sql"):
        return _sql(text, path, 1).encode() + b"\n" if text.strip() else b""
    return _yaml(content, text, path)


def _text(content: bytes, path: str) -> str | None:
    """The file as text with plain line ends; None when it is better left alone."""
    if len(content) > MAX_BYTES:
        return None
    try:
        text = content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        mend = "save the file as UTF-8"
        problem = Problem(Location(path, line), "CS103", "the file is not UTF-8 text", mend)
        raise Refused([problem]) from None
    return None if any(sign in text for sign in _BREAKS) else text


def _sql(text: str, path: str, line: int) -> str:
    """SQL that begins at `line`, laid out."""
    try:
        told = statement.layout(text)
        if statement.substance(told) != statement.substance(text):
            raise _changed(path, line, "SQL")
    except SqlError as error:
        row, column = position(text, error.offset)
        where = Location(path, line + row - 1, column if path.endswith(".sql") else 0)
        raise Refused([Problem(where, error.code, error.message, error.mend)]) from None
    return told


def _yaml(content: bytes, text: str, path: str) -> bytes:
    before = yaml.load(content, path)

    def rewrite(one: Literal, said: str) -> str:
        if _is_sql(one) and said.strip() and _KEPT not in _header(text, one):
            return _sql(said, path, one.first + 1)
        return said

    try:
        told = document.layout(text, rewrite)
        found = scan(text)
        after = yaml.load(told.encode(), path)
        same = _same(before, after) and comments(told, scan(told)) == comments(text, found)
    except (pyyaml.YAMLError, IndexError):  # IndexError: a structure that was not foreseen
        raise _changed(path, 0, "YAML") from None
    if not same:
        raise _changed(path, 0, "YAML")
    return told.encode()


def _header(text: str, one: Literal) -> str:
    return text.split("\n")[one.header].partition(" #")[0].split()[-1]


def _is_sql(one: Literal) -> bool:
    return one.style == "|" and one.key == _SQL_KEY and one.section == _SQL_SECTION


def _same(before: Any, after: Any, key: str = "") -> bool:
    """Equal data; SQL may be laid out anew, its tokens and comments are the same."""
    if isinstance(before, dict) and isinstance(after, dict):
        return list(before) == list(after) and all(
            _same(before[name], after[name], name) for name in before
        )
    if isinstance(before, list) and isinstance(after, list):
        return len(before) == len(after) and all(
            _same(one, other, key) for one, other in zip(before, after, strict=True)
        )
    if type(before) is not type(after):
        return False
    if before == after or repr(before) == repr(after):  # .nan is never equal
        return True
    return (
        key == _SQL_KEY
        and isinstance(before, str)
        and statement.substance(before) == statement.substance(after)
    )


def _changed(path: str, line: int, what: str) -> Refused:
    message = f"laying out this {what} would change what it says"
    mend = "it is left as it is: lay it out by hand, or write it more plainly"
    return Refused([Problem(Location(path, line), "CS120", message, mend)])
