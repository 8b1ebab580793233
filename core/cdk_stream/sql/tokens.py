"""Flink's lexical rules: from text to the tokens that sqlglot's parser reads."""

from __future__ import annotations

import re
from collections.abc import Mapping

from sqlglot.parser import Parser
from sqlglot.tokenizer_core import Token, TokenType

from cdk_stream.sql.desugar import DESUGARED, desugar
from cdk_stream.sql.template import REFERENCE, literal
from cdk_stream.sql.words import SIGNS, WORDS

MAX_CHARACTERS = 500_000
MAX_TOKENS = 20_000
MAX_DEPTH = 64
_SPLIT = "split it into several models"

_LEXEME = re.compile(
    r"\s*(?:((?i:group|order|partition)\s+(?i:by)\b|(?i:grouping)\s+(?i:sets)\b"
    r"|(?i:similar)\s+(?i:to)\b|(?i:json)\s+(?i:value|object|array|scalar)\b|[^\W\d][\w$]*)"
    r"|(<>|<=|>=|!=|\|\||=>|\.(?!\d)|-(?!-)|/(?!\*)|[,()=*<>+%\[\];:])"
    r"|('[^']*(?:''[^']*)*')"
    r"|((?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)"
    r"|(`[^`]*(?:``[^`]*)*`)"
    r"|(" + REFERENCE + r")"
    r"|(--[^\n]*|/\*(?!\+)[\s\S]*?\*/)"
    r"|(/\*\+[\s\S]*?\*/)"
    r"|(\S))"
)
_TEMPLATE = 6
_COMMENT = 10

# Names that sqlglot would read as functions of its own, with its own meaning and arity: with a
# parenthesis in the name they stay plain calls. `called` takes it off again.
_CLASH = (
    frozenset(Parser.FUNCTIONS)
    | frozenset(Parser.FUNCTION_PARSERS)
    | frozenset(Parser.NO_PAREN_FUNCTION_PARSERS)
)
_LITERALS = frozenset(("DATE", "TIME", "TIMESTAMP", "TIMESTAMP_LTZ"))
_CONSTRUCTORS = frozenset(("ARRAY", "MAP"))
_CALLABLE_KEYWORDS = frozenset((TokenType.LEFT, TokenType.RIGHT))


class SqlError(Exception):
    """The text cannot be read; `offset` is the character where that shows, -1 for unknown."""

    def __init__(self, offset: int, code: str, message: str, mend: str = "") -> None:
        self.offset = offset
        self.code = code
        self.message = message
        self.mend = mend
        super().__init__(message)


def called(name: str) -> str:
    """The name of a call as the author wrote it."""
    return name.removesuffix("(")


class Lexer:
    """Makes the tokens of one text.

    A reference becomes one quoted identifier, its node id in `tables`. With `exact` every token
    knows its place; without it only names and literals do, which is what findings need.
    """

    __slots__ = (
        "_brackets",
        "_calls",
        "_depth",
        "_exact",
        "_tables",
        "_variables",
        "depth",
        "hints",
        "references",
        "sql",
        "tokens",
    )

    def __init__(
        self,
        sql: str,
        tables: Mapping[tuple[str, str], str],
        variables: Mapping[str, object],
        exact: bool = False,
    ) -> None:
        self.sql = sql
        self.tokens: list[Token] = []
        self.references: dict[int, tuple[str, str]] = {}
        """Where an identifier token starts -> the (kind, name) of the reference it stands for."""
        self.hints: list[str] = []
        self.depth = 0
        """The deepest nesting of brackets."""
        self._tables = tables
        self._variables = variables
        self._exact = exact
        self._calls: list[int] = []
        self._brackets: list[bool] = []
        self._depth = 0
        if len(sql) > MAX_CHARACTERS:
            raise SqlError(0, "CS424", f"SQL of {len(sql)} characters is too long", _SPLIT)

    def run(self) -> Lexer:
        """Fill `tokens`; raises SqlError."""
        append, words, signs, exact = self.tokens.append, WORDS, SIGNS, self._exact
        for match in _LEXEME.finditer(self.sql):
            kind = match.lastindex
            if kind == 1:
                text = match[1]
                token = words.get(text)
                if token is None:
                    self._word(text, match.start(1))
                elif exact or token.__class__ is tuple:
                    self._keyword(text, match.start(1))
                else:
                    append(token)  # type: ignore[arg-type]
            elif kind == 2:
                text = match[2]
                if text in "()[]":
                    self._bracket(text, match.start(2))
                else:
                    append(self._placed(signs[text], match.start(2)) if exact else signs[text])
            elif kind != _COMMENT:
                _OTHERS[kind or 0](self, match)
        if len(self.tokens) > MAX_TOKENS:
            raise SqlError(0, "CS424", f"SQL of {len(self.tokens)} tokens is too long", _SPLIT)
        if self._calls:
            desugar(self.tokens, self._calls)
        return self

    def _word(self, text: str, start: int) -> None:
        keyword = " ".join(text.upper().split())
        if keyword in WORDS:
            self._keyword(keyword, start)
        else:
            end = start + len(text) - 1
            self.tokens.append(Token(TokenType.VAR, text, 0, start, start, end))

    def _keyword(self, text: str, start: int) -> None:
        token = WORDS[text]
        several = token if isinstance(token, tuple) else (token,)
        if several[0].token_type == TokenType.TABLE and self._depth and len(self.tokens) > 1:
            called_with_table = len(self.tokens) - 2
            if called_with_table not in self._calls[-1:]:
                self._calls.append(called_with_table)
        if self._exact:
            several = tuple(self._placed(one, start) for one in several)
        self.tokens += several

    def _placed(self, token: Token, start: int) -> Token:
        end = start + len(token.text) - 1
        return Token(token.token_type, token.text, 0, start, start, end)

    def _bracket(self, sign: str, start: int) -> None:
        if sign in "([":
            self._depth += 1
            if self._depth > self.depth:
                self.depth = self._depth
                if self.depth > MAX_DEPTH:
                    message = f"SQL is nested more than {MAX_DEPTH} deep"
                    raise SqlError(start, "CS424", message, _SPLIT)
            if self.tokens:
                sign = self._call(sign)
        else:
            self._depth -= 1
            if sign == "]" and self._brackets and self._brackets.pop():
                sign = ")"
        self.tokens.append(self._placed(SIGNS[sign], start) if self._exact else SIGNS[sign])

    def _call(self, sign: str) -> str:
        """Mark the name before an opening bracket as called; `ARRAY[` reads like `ARRAY(`."""
        name = self.tokens[-1]
        upper = name.text.upper()
        if sign == "[":
            constructor = upper in _CONSTRUCTORS and name.token_type == TokenType.VAR
            self._brackets.append(constructor)
            if not constructor:
                return "["
        elif name.token_type in _CALLABLE_KEYWORDS:
            name = self.tokens[-1] = Token(TokenType.VAR, upper, 0, -1, -1, -1)
        if name.token_type == TokenType.VAR:
            if upper in _CLASH:
                name.text += "("
            if upper in DESUGARED:
                self._calls.append(len(self.tokens) - 1)
        elif name.token_type in (TokenType.TABLE, TokenType.MATCH_RECOGNIZE):
            self._calls.append(len(self.tokens) - 1)
        return "("

    def _string(self, match: re.Match[str]) -> None:
        start = match.start(3)
        text = self._prefix(start) + match[3][1:-1].replace("''", "'")
        token = Token(TokenType.STRING, text, 0, start, start, match.end() - 1)
        before = self.tokens[-1] if self.tokens else token
        if before.token_type == TokenType.VAR and before.text.upper() in _LITERALS:
            before.text = before.text.upper() + "("
            self.tokens += (SIGNS["("], token, SIGNS[")"])
        else:
            self.tokens.append(token)

    def _prefix(self, start: int) -> str:
        """`X'00'`, `U&'..'`, `N'..'`, `_UTF8'..'`: the letters belong to the literal."""
        prefix = ""
        if start and (self.sql[start - 1].isalnum() or self.sql[start - 1] in "_&"):
            while self.tokens and self.tokens[-1].end == start - len(prefix) - 1:
                prefix = self.tokens.pop().text + prefix
        return prefix and prefix + ":"

    def _number(self, match: re.Match[str]) -> None:
        start = match.start(4)
        self.tokens.append(Token(TokenType.NUMBER, match[4], 0, start, start, match.end() - 1))

    def _quoted(self, match: re.Match[str]) -> None:
        self._identifier(match[5][1:-1].replace("``", "`"), match.start(5), match.end() - 1)

    def _identifier(self, text: str, start: int, end: int) -> None:
        self.tokens.append(Token(TokenType.IDENTIFIER, text, 0, start, start, end))

    def _template(self, match: re.Match[str]) -> None:
        kind, name, start = match[7], match[8] or match[9], match.start(_TEMPLATE)
        if kind == "var":
            self._variable(name, start, match.end() - 1)
            return
        self.references[start] = (kind, name)
        self._identifier(self._tables.get((kind, name), name), start, match.end() - 1)

    def _variable(self, name: str, start: int, end: int) -> None:
        if name not in self._variables:
            mend = 'declare it under "vars:" of the project file'
            raise SqlError(start, "CS426", f"variable '{name}' is not declared", mend)
        value = self._variables[name]
        if isinstance(value, bool):
            token = WORDS[literal(value)]
            assert isinstance(token, Token)
            self.tokens.append(self._placed(token, start))
        else:
            kind = TokenType.NUMBER if isinstance(value, int | float) else TokenType.STRING
            self.tokens.append(Token(kind, str(value), 0, start, start, end))

    def _hint(self, match: re.Match[str]) -> None:
        self.hints.append(" ".join(match[11][3:-2].split()))

    def _stray(self, match: re.Match[str]) -> None:
        sign, start = match[12], match.start(12)
        if sign == "&" and self.sql[start + 1 : start + 2] == "'":
            self.tokens.append(Token(TokenType.VAR, sign, 0, start, start, start))
        elif sign in "'`":
            raise SqlError(start, "CS423", f"the {sign} here is never closed")
        elif sign == '"':
            mend = "write text in single quotes and names in back-quotes"
            raise SqlError(start, "CS423", "Flink SQL has no double quotes", mend)
        else:
            raise SqlError(start, "CS423", f"'{sign}' is no part of SQL")


_OTHERS = {
    3: Lexer._string,
    4: Lexer._number,
    5: Lexer._quoted,
    7: Lexer._template,
    8: Lexer._template,
    9: Lexer._template,
    _TEMPLATE: Lexer._template,
    11: Lexer._hint,
    12: Lexer._stray,
    0: Lexer._stray,
}
