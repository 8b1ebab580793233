"""A place among the tokens, and the little steps every rule of the grammar takes."""

from __future__ import annotations

from typing import TypeVar

from sqlglot import exp

from cdk_stream.sql.grammar.lexer import (
    END,
    MAX_DEPTH,
    NAME,
    QUOTED,
    SPLIT,
    TEMPLATE,
    TOO_DEEP,
    SqlError,
    Tokens,
)

Node = exp.Expr
NAMES = frozenset((NAME, QUOTED))
E = TypeVar("E", bound=exp.Expr)


def make(class_: type[E], **arguments: object) -> E:
    """A node of the tree that does not know its parent: no reader asks, and it frees itself."""
    made = class_()
    made.args = arguments
    return made


class Cursor:
    """Reads tokens from left to right; `at` is the next one."""

    __slots__ = ("at", "depth", "kinds", "starts", "texts", "tokens")

    def __init__(self, tokens: Tokens) -> None:
        self.tokens = tokens
        self.kinds = tokens.kinds
        self.texts = tokens.texts
        self.starts = tokens.starts
        self.at = 0
        self.depth = 0
        """How deep the rule being read is nested, brackets left aside."""

    def take(self, kind: str) -> bool:
        """Pass over the next token when it is of this kind."""
        if self.kinds[self.at] == kind:
            self.at += 1
            return True
        return False

    def need(self, kind: str) -> None:
        """Pass over the next token, which must be of this kind."""
        if self.kinds[self.at] != kind:
            raise self.wrong(f"'{kind}'")
        self.at += 1

    def word(self, *words: str) -> bool:
        """Pass over the next tokens when they are these words, whatever their case."""
        at = self.at
        for word in words:
            if self.texts[at].upper() != word or self.kinds[at] == QUOTED:
                return False
            at += 1
        self.at = at
        return True

    def wrong(self, wanted: str, mend: str = "") -> SqlError:
        """The error that something else is expected here."""
        start = self.starts[self.at]
        if self.kinds[self.at] == END:
            return SqlError(start, "CS423", f"SQL syntax: {wanted} expected, and the text ends")
        found = self.tokens.sql[start : start + 30].split("\n")[0].rstrip()
        return SqlError(start, "CS423", f"SQL syntax: {wanted} expected at '{found}'", mend)

    def deeper(self) -> None:
        """Count one level of nesting that has no bracket; the caller takes it off again."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise SqlError(self.starts[self.at], "CS424", TOO_DEEP, SPLIT)

    def identifier(self, wanted: str = "a name") -> exp.Identifier:
        """The name that comes next."""
        kind = self.kinds[self.at]
        if kind not in NAMES:
            raise self.wrong(wanted)
        return self.made_identifier()

    def made_identifier(self) -> exp.Identifier:
        """The next token as an identifier that knows its place."""
        at = self.at
        kind, text, start = self.kinds[at], self.texts[at], self.starts[at]
        self.at = at + 1
        if kind == QUOTED:
            end = start + len(text)
            identifier = make(exp.Identifier, this=text[1:-1].replace("``", "`"), quoted=True)
        elif kind == TEMPLATE:
            end = self.tokens.sql.index("}}", start) + 2
            identifier = make(exp.Identifier, this=text, quoted=True)
        else:
            end = start + len(text)
            identifier = make(exp.Identifier, this=text, quoted=False)
        identifier._meta = {"start": start, "end": end - 1}
        return identifier

    def names(self) -> list[exp.Identifier]:
        """`(a, b, c)`."""
        self.need("(")
        found = [self.identifier()]
        while self.take(","):
            found.append(self.identifier())
        self.need(")")
        return found
