"""Flink's lexical rules: from text to tokens, held as three lists that run side by side."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from cdk_stream.sql.grammar.words import KEYWORDS
from cdk_stream.sql.template import REFERENCE, literal

MAX_CHARACTERS = 500_000
MAX_TOKENS = 50_000
MAX_DEPTH = 64
SPLIT = "split it into several models"
TOO_DEEP = f"SQL is nested more than {MAX_DEPTH} deep"

NAME = "name"
QUOTED = "quoted"
TEMPLATE = "template"
STRING = "string"
NUMBER = "number"
END = "end"
COMMENT = "comment"
HINT = "hint"

_LEXEME = re.compile(
    r"\s*(?:((?i:group|order|partition)\s+(?i:by)\b|(?i:grouping)\s+(?i:sets)\b"
    r"|(?![xXnNbB]'|[uU]&'|_\w+')[^\W\d][\w$]*)"
    r"|(<>|<=|>=|!=|\|\||=>|\.(?!\d)|-(?!-)|/(?!\*)|\{(?![{%#])|[,()=*<>+%\[\];:?|^}])"
    r"|((?:[xXnNbB]|[uU]&|_\w+)?'[^']*(?:''[^']*)*')"
    r"|((?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)"
    r"|(`[^`]*(?:``[^`]*)*`)"
    r"|(" + REFERENCE + r")"
    r"|(--[^\n]*|/\*(?!\+)[\s\S]*?\*/)"
    r"|(/\*\+[\s\S]*?\*/)"
    r"|(\S))"
)
_QUOTED, _TEMPLATE = 5, 6
_COMMENT, _HINT = 10, 11


class SqlError(Exception):
    """The text cannot be read; `offset` is the character where that shows."""

    def __init__(self, offset: int, code: str, message: str, mend: str = "") -> None:
        self.offset = offset
        self.code = code
        self.message = message
        self.mend = mend
        super().__init__(message)


class Tokens:
    """The tokens of one text, ended by one of kind END; raises SqlError when there are none."""

    __slots__ = ("hints", "kinds", "references", "sql", "starts", "texts")

    def __init__(
        self,
        sql: str,
        tables: Mapping[tuple[str, str], str],
        variables: Mapping[str, object],
    ) -> None:
        self.sql = sql
        self.kinds: list[str] = []
        """A keyword or sign itself, or NAME, QUOTED, TEMPLATE, STRING, NUMBER."""
        self.texts: list[str] = []
        """As written; for a template the node id, or the variable's value as a literal."""
        self.starts: list[int] = []
        self.hints: list[str] = []
        self.references: dict[int, tuple[str, str]] = {}
        """Where a template stands -> the (kind, name) of the reference."""
        if len(sql) > MAX_CHARACTERS:
            raise SqlError(0, "CS424", f"SQL of {len(sql)} characters is too long", SPLIT)
        self._read(sql, tables, variables)
        if len(self.kinds) > MAX_TOKENS:
            raise SqlError(0, "CS424", f"SQL of {len(self.kinds)} tokens is too long", SPLIT)
        self._check_depth()
        self._add(END, "", len(sql))

    def _read(
        self,
        sql: str,
        tables: Mapping[tuple[str, str], str],
        variables: Mapping[str, object],
    ) -> None:
        kinds, texts, starts, words = self.kinds, self.texts, self.starts, KEYWORDS
        for match in _LEXEME.finditer(sql):
            group = match.lastindex
            if group == 1:
                text = match[1]
                kinds.append(words.get(text) or _other_case(text))
            elif group == 2:
                text = match[2]
                kinds.append(text)
            elif group == 4:
                text = match[4]
                kinds.append(NUMBER)
            elif group == 3:
                text = match[3]
                kinds.append(STRING)
            else:
                self._rarer(match, group or 0, tables, variables)
                continue
            texts.append(text)
            starts.append(match.start(group))

    def _add(self, kind: str, text: str, start: int) -> None:
        self.kinds.append(kind)
        self.texts.append(text)
        self.starts.append(start)

    def _rarer(
        self,
        match: re.Match[str],
        group: int,
        tables: Mapping[tuple[str, str], str],
        variables: Mapping[str, object],
    ) -> None:
        if group == _QUOTED:
            self._add(QUOTED, match[5], match.start(5))
        elif _TEMPLATE <= group < _COMMENT:
            self._template(match, tables, variables)
        elif group == _HINT:
            self.hints.append(" ".join(match[11][3:-2].split()))
        elif group != _COMMENT:
            raise _stray(match[group], match.start(group))

    def _template(
        self,
        match: re.Match[str],
        tables: Mapping[tuple[str, str], str],
        variables: Mapping[str, object],
    ) -> None:
        kind, name, start = match[7], match[8] or match[9], match.start(_TEMPLATE)
        if kind != "var":
            self.references[start] = (kind, name)
            self._add(TEMPLATE, tables.get((kind, name), name), start)
            return
        if name not in variables:
            mend = "declare it under 'vars:' of the project file"
            raise SqlError(start, "CS426", f"variable '{name}' is not declared", mend)
        text = literal(variables[name])
        self._add(text if text in KEYWORDS else STRING if text[0] == "'" else NUMBER, text, start)

    def _check_depth(self) -> None:
        """Refuse deep brackets before anything recurses on them."""
        if self.kinds.count("(") + self.kinds.count("[") <= MAX_DEPTH:
            return
        depth = 0
        for kind, start in zip(self.kinds, self.starts, strict=True):
            if kind in ("(", "["):
                depth += 1
                if depth > MAX_DEPTH:
                    raise SqlError(start, "CS424", TOO_DEEP, SPLIT)
            elif kind in (")", "]"):
                depth -= 1


class Lexeme(NamedTuple):
    """A token, comment or hint as it is written."""

    kind: str
    """As of `Tokens`, or COMMENT or HINT."""
    text: str
    start: int


_RARER = {3: STRING, 4: NUMBER, _QUOTED: QUOTED, _COMMENT: COMMENT, _HINT: HINT}


def lexemes(sql: str) -> Iterator[Lexeme]:
    """Everything but blanks, in order; raises SqlError for what is no part of SQL."""
    for match in _LEXEME.finditer(sql):
        group = match.lastindex or 0
        if _TEMPLATE <= group < _COMMENT:
            kind, group = TEMPLATE, _TEMPLATE
        elif group == 1:
            kind = KEYWORDS.get(match[1]) or _other_case(match[1])
        elif group == 2:
            kind = match[2]
        elif group in _RARER:
            kind = _RARER[group]
        else:
            raise _stray(match[group], match.start(group))
        yield Lexeme(kind, match[group], match.start(group))


def _other_case(text: str) -> str:
    return NAME if text.islower() else KEYWORDS.get(" ".join(text.upper().split()), NAME)


def _stray(sign: str, start: int) -> SqlError:
    if sign in "'`":
        return SqlError(start, "CS423", f"the {sign} here is never closed")
    if sign == '"':
        mend = "write text in single quotes and names in back-quotes"
        return SqlError(start, "CS423", "Flink SQL has no double quotes", mend)
    if sign == "{":
        mend = 'only {{ ref("x") }}, {{ source("x") }} and {{ var("x") }} are allowed'
        return SqlError(start, "CS421", "a template that is not allowed stands here", mend)
    return SqlError(start, "CS423", f"'{sign}' is no part of SQL")
