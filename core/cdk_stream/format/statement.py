"""SQL laid out: keywords in capitals, each clause on a line of its own, indented alike.

Where an author breaks lines within a clause, they stay broken.
"""

from __future__ import annotations

from dataclasses import dataclass

from cdk_stream.format.clauses import begins_clause, begins_part, opens_query
from cdk_stream.sql.grammar.lexer import (
    COMMENT,
    HINT,
    NAME,
    NUMBER,
    QUOTED,
    STRING,
    TEMPLATE,
    Lexeme,
    lexemes,
)

_AS_WRITTEN = (NAME, QUOTED, TEMPLATE, STRING, NUMBER, COMMENT, HINT)
_SPACED = ("=", "<>", "<=", ">=", "!=", "||", "=>")
_STEP = 2


@dataclass(slots=True)
class _Frame:
    """What is open: a query, brackets, MATCH_RECOGNIZE's brackets, or a CASE."""

    kind: str
    indent: int
    """Of the lines within."""
    close: int
    """Of a line that begins with its end."""
    further: int = _STEP
    """How much further a line is indented that goes on with a clause."""
    empty: bool = True


def layout(sql: str) -> str:
    """`sql` laid out, without a newline at its end; raises SqlError when it is no SQL."""
    return _Layout(sql).text()


def substance(sql: str) -> tuple[list[tuple[str, str]], list[str]]:
    """What counts of it: its tokens and its comments; raises SqlError when it is no SQL."""
    tokens: list[tuple[str, str]] = []
    comments: list[str] = []
    for kind, text, _ in lexemes(sql):
        if kind == COMMENT:
            comments.append(text.rstrip())
        else:
            tokens.append((kind, text if kind in _AS_WRITTEN else ""))
    return tokens, comments


class _Layout:
    def __init__(self, sql: str) -> None:
        self._sql = sql
        self._found = list(lexemes(sql))
        self._kinds = [lexeme.kind for lexeme in self._found]
        self._frames = [_Frame("query", 0, 0)]
        self._lines: list[str] = []
        self._line = ""
        self._indent = 0

    def text(self) -> str:
        for at, lexeme in enumerate(self._found):
            self._place(at, lexeme)
            self._follow(at, lexeme)
        return "\n".join([*self._lines, self._line]).strip("\n")

    def _place(self, at: int, lexeme: Lexeme) -> None:
        """Put a lexeme on this line, or on a new one."""
        gap = self._gap(at)
        if at and self._breaks(at, gap):
            self._lines.append(self._line.rstrip())
            if gap.count("\n") > 1 and self._kinds[at - 1] != "(" and lexeme.kind != ")":
                self._lines.append("")
            self._indent = self._indentation(at)
            self._line = " " * self._indent + self._spelt(at)
        else:
            space = " " if at and self._spaced(at, bool(gap)) else ""
            self._line += space + self._spelt(at)

    def _gap(self, at: int) -> str:
        if not at:
            return ""
        before = self._found[at - 1]
        return self._sql[before.start + len(before.text) : self._found[at].start]

    def _spelt(self, at: int) -> str:
        kind, text, _ = self._found[at]
        if kind in _AS_WRITTEN or (at and self._kinds[at - 1] == "."):
            return text.rstrip() if kind == COMMENT else text
        return kind

    def _breaks(self, at: int, gap: str) -> bool:
        frame = self._frames[-1]
        if "\n" in gap or self._found[at - 1].text.startswith("--"):
            return True
        if frame.kind == "query" and self._kinds[at] != COMMENT:
            return self._kinds[at] == ")" or begins_clause(self._kinds, at, first=frame.empty)
        return False

    def _indentation(self, at: int) -> int:
        """Of a line that begins with a lexeme; a comment stands as what comes after it."""
        ahead = at
        while ahead < len(self._kinds) and self._kinds[ahead] == COMMENT:
            ahead += 1
        kind = self._kinds[ahead] if ahead < len(self._kinds) else ""
        frame = self._frames[-1]
        if kind in (")", "END") and self._closes(kind):
            return frame.close if ahead == at else frame.indent
        if self._leads(ahead, frame):
            return frame.indent
        return frame.indent + frame.further

    def _closes(self, kind: str) -> bool:
        return (kind == "END") == (self._frames[-1].kind == "case")

    def _leads(self, at: int, frame: _Frame) -> bool:
        """Whether a line that begins there stands at the indentation of its frame."""
        if at >= len(self._kinds) or frame.kind == "brackets":
            return True
        if frame.kind == "query":
            return frame.empty or begins_clause(self._kinds, at, first=False)
        if frame.kind == "case":
            return self._kinds[at] in ("WHEN", "ELSE")
        return begins_part(self._kinds, at, self._found[at].text)

    def _follow(self, at: int, lexeme: Lexeme) -> None:
        """Keep account of what is open after a lexeme."""
        kind = lexeme.kind
        frame = self._frames[-1]
        if kind in ("(", "["):
            self._open(at, kind)
        elif kind in (")", "]"):
            self._close()
        elif kind == "CASE":
            self._frames.append(_Frame("case", self._indent + _STEP, self._indent))
        elif kind == "END" and frame.kind == "case":
            self._frames.pop()
        elif frame.kind == "query" and begins_clause(self._kinds, at, first=frame.empty):
            alone = at + 1 < len(self._found) and "\n" in self._gap(at + 1)
            frame.further = 0 if kind == "WITH" and not alone else _STEP
        if kind != COMMENT:
            frame.empty = False

    def _open(self, at: int, kind: str) -> None:
        inner = self._indent + _STEP
        what = "brackets"
        if kind == "(" and opens_query(self._kinds, at):
            what = "query"
        elif at and self._kinds[at - 1] == "MATCH_RECOGNIZE":
            what = "match"
        further = 0 if what == "brackets" else _STEP
        self._frames.append(_Frame(what, inner, self._indent, further))

    def _close(self) -> None:
        while len(self._frames) > 1 and self._frames[-1].kind == "case":
            self._frames.pop()
        if len(self._frames) > 1:
            self._frames.pop()

    def _spaced(self, at: int, written: bool) -> bool:
        before, kind = self._kinds[at - 1], self._kinds[at]
        if COMMENT in (before, kind):
            return written or kind == COMMENT
        if before in ("(", "[") or kind in (")", "]", ","):
            return False
        if before in _SPACED or kind in _SPACED:
            return True
        return written or (before == "," and kind != "}")
