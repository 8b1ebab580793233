"""From SQL text to sqlglot's tree, or one error with its place."""

from __future__ import annotations

import sys
from collections.abc import Mapping

from sqlglot import exp
from sqlglot.errors import ParseError
from sqlglot.parser import Parser
from sqlglot.tokenizer_core import Token, TokenType

from cdk_stream.sql.tokens import MAX_DEPTH, Lexer, SqlError

_PARSER = Parser()
_QUERIES = (exp.Select, exp.SetOperation, exp.Subquery, exp.Values)
_STARTS = frozenset((TokenType.SELECT, TokenType.WITH, TokenType.VALUES, TokenType.L_PAREN))
_UNARY = frozenset((TokenType.NOT, TokenType.DASH, TokenType.PLUS))
_FRAMES_PER_LEVEL = 60
_SHALLOW = 10
_SHORT = 500
_NESTED = f"SQL is nested more than {MAX_DEPTH} deep"


def parse(
    sql: str, tables: Mapping[tuple[str, str], str], variables: Mapping[str, object]
) -> tuple[exp.Expr, Lexer]:
    """The one query of `sql` and its tokens; raises SqlError.

    Calls are `exp.Anonymous` whatever their name, their own grammar written as text arguments.
    """
    try:
        lexer = Lexer(sql, tables, variables).run()
        return _parsed(lexer), lexer
    except ParseError:
        # Keywords are shared and have no place: once more, slowly, for a message with a line.
        lexer = Lexer(sql, tables, variables, exact=True).run()
        try:
            return _parsed(lexer), lexer
        except ParseError as error:
            raise _explained(error, lexer) from None


def _parsed(lexer: Lexer) -> exp.Expr:
    tokens = lexer.tokens
    while tokens and tokens[-1].token_type == TokenType.SEMICOLON:
        tokens.pop()
    if not tokens:
        raise SqlError(0, "CS425", "the SQL is empty", "write a SELECT")
    first = tokens[0]
    if first.token_type not in _STARTS:
        message = f"a model is one query, and '{first.text}' starts none"
        raise SqlError(max(first.start, 0), "CS425", message, "write the SELECT alone")
    if len(tokens) > _SHORT and _unbracketed_depth(tokens) > MAX_DEPTH:
        raise SqlError(0, "CS424", _NESTED, "split it into several models")
    limit = sys.getrecursionlimit()
    try:
        if lexer.depth > _SHALLOW:
            sys.setrecursionlimit(limit + lexer.depth * _FRAMES_PER_LEVEL)
        return _one(tokens, lexer.sql)
    except RecursionError:
        raise SqlError(0, "CS424", _NESTED, "split it into several models") from None
    finally:
        sys.setrecursionlimit(limit)


def _one(tokens: list[Token], sql: str) -> exp.Expr:
    try:
        trees = _PARSER.parse(tokens, sql)
    except (ParseError, RecursionError):
        raise
    except Exception as error:  # sqlglot's parser is not total on nonsense; nonsense is refused
        raise ParseError(str(error), [{"description": f"not understood ({error})"}]) from None
    if len(trees) != 1:
        raise SqlError(0, "CS425", "a model is one query, not several", "make each one a model")
    tree = trees[0]
    if not isinstance(tree, _QUERIES):
        raise SqlError(0, "CS425", "the SQL is no query", "write a SELECT")
    return tree


def _unbracketed_depth(tokens: list[Token]) -> int:
    """How deep CASE, chains of signs and joins without ON nest; brackets are counted elsewhere."""
    deepest = cases = signs = joins = 0
    for token in tokens:
        kind = token.token_type
        signs = signs + 1 if kind in _UNARY else 0
        if kind == TokenType.CASE:
            cases += 1
        elif kind == TokenType.END:
            cases -= 1
        elif kind == TokenType.JOIN:
            joins += 1
        elif kind in (TokenType.ON, TokenType.USING):
            joins = 0
        deepest = max(deepest, cases, signs, joins)
    return deepest


def _explained(error: ParseError, lexer: Lexer) -> SqlError:
    told = error.errors[0] if error.errors else {}
    offset = told.get("col")
    description = str(told.get("description") or error).split("\n")[0]
    if not isinstance(offset, int) or offset < 0:
        offset = 0
    near = lexer.sql[offset : offset + 30].split("\n")[0].strip()
    text = description[:1].lower() + description[1:]
    if "required keyword" in text:
        text = "something is missing"
    if "invalid expression" in text:
        text = "unexpected text"
    return SqlError(offset, "CS423", f"SQL syntax: {text}" + (f" at '{near}'" if near else ""))
