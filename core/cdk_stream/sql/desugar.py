"""Flink's own call syntax, rewritten into plain calls before parsing.

`EXTRACT(DAY FROM t)` becomes `EXTRACT('DAY', t)`, `CAST(x AS INT)` becomes `CAST(x, 'INT')`, and a
window function keeps its table as first argument. What the author wrote is still what is shipped:
these tokens are only for analysis.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlglot.tokenizer_core import Token, TokenType

from cdk_stream.sql.words import SIGNS

Tokens = list[Token]
OPEN, CLOSE, COMMA = SIGNS["("], SIGNS[")"], SIGNS[","]


def desugar(tokens: Tokens, calls: list[int]) -> None:
    """Rewrite, in place, the calls whose names stand at the indices `calls`, innermost first."""
    for index in reversed(calls):
        end = _end(tokens, index + 1)
        if end:
            name = tokens[index].text.upper().removesuffix("(")
            arguments = tokens[index + 2 : end]
            DESUGARED.get(name, _table_call)(tokens, index, end, arguments)


def _end(tokens: Tokens, start: int) -> int:
    """The index of the bracket that closes the one at `start`; 0 when nothing does."""
    depth = 0
    for index in range(start, len(tokens)):
        kind = tokens[index].token_type
        if kind == TokenType.L_PAREN:
            depth += 1
        elif kind == TokenType.R_PAREN:
            depth -= 1
            if not depth:
                return index
    return 0


def _string(text: str, like: Token) -> Token:
    return Token(TokenType.STRING, text, 0, like.col, like.start, like.end)


def _top(arguments: Tokens) -> list[int]:
    """The indices of the tokens outside inner brackets."""
    depth = 0
    top = []
    for index, token in enumerate(arguments):
        if token.token_type in (TokenType.L_PAREN, TokenType.L_BRACKET):
            depth += 1
        elif token.token_type in (TokenType.R_PAREN, TokenType.R_BRACKET):
            depth -= 1
        elif not depth:
            top.append(index)
    return top


def _replace(tokens: Tokens, index: int, end: int, arguments: Tokens) -> None:
    tokens[index + 2 : end] = arguments


def _cast(tokens: Tokens, index: int, end: int, arguments: Tokens) -> None:
    for place in reversed(_top(arguments)):
        if arguments[place].token_type == TokenType.ALIAS:
            named = arguments[place + 1 :]
            if named:
                text = type_text(named)
                _replace(tokens, index, end, [*arguments[:place], COMMA, _string(text, named[0])])
            return


def type_text(tokens: Tokens) -> str:
    """The spelling of a type from its tokens."""
    text = ""
    for token in tokens:
        name = token.text.removesuffix("(") if len(token.text) > 1 else token.text
        if token.token_type == TokenType.IDENTIFIER:
            name = "`" + name.replace("`", "``") + "`"
        space = text and (text[-1].isalnum() or text[-1] in "_`)>") and name not in "(),<>"
        text += " " + name if space else name
    return text


def _words_to_commas(*words: str) -> Callable[[Tokens, int, int, Tokens], None]:
    """For calls such as SUBSTRING(a FROM b FOR c): each of `words` parts two arguments."""

    def rewrite(tokens: Tokens, index: int, end: int, arguments: Tokens) -> None:
        for place in _top(arguments):
            if arguments[place].text.upper() in words and place:
                arguments[place] = COMMA
        _replace(tokens, index, end, arguments)

    return rewrite


def _unit_first(tokens: Tokens, index: int, end: int, arguments: Tokens) -> None:
    """EXTRACT(DAY FROM t), TIMESTAMPDIFF(DAY, a, b): the unit is a word, not a column."""
    if len(arguments) < 3 or arguments[0].token_type != TokenType.VAR:
        return
    if arguments[1].token_type in (TokenType.FROM, TokenType.COMMA):
        unit = _string(arguments[0].text.upper(), arguments[0])
        _replace(tokens, index, end, [unit, COMMA, *arguments[2:]])


def _unit_last(tokens: Tokens, index: int, end: int, arguments: Tokens) -> None:
    """FLOOR(t TO DAY)."""
    if len(arguments) > 2 and arguments[-2].text.upper() == "TO":
        unit = _string(arguments[-1].text.upper(), arguments[-1])
        _replace(tokens, index, end, [*arguments[:-2], COMMA, unit])


def _trim(tokens: Tokens, index: int, end: int, arguments: Tokens) -> None:
    """TRIM(BOTH 'x' FROM t) becomes TRIM('BOTH', 'x', t)."""
    side = arguments[0].text.upper() if arguments else ""
    if side in ("BOTH", "LEADING", "TRAILING"):
        rest = arguments[1:]
        if rest and rest[0].token_type == TokenType.FROM:
            rest[0] = _string(" ", rest[0])
            rest.insert(1, COMMA)
        arguments = [_string(side, arguments[0]), COMMA, *rest]
    for place in _top(arguments):
        if arguments[place].token_type == TokenType.FROM:
            arguments[place] = COMMA
    _replace(tokens, index, end, arguments)


_JSON_CLAUSE = frozenset(("RETURNING", "NULL", "ERROR", "WITH", "WITHOUT", "EMPTY", "ABSENT"))
_JSON_TRUTH = frozenset(("TRUE", "FALSE", "UNKNOWN"))


def _json(tokens: Tokens, index: int, end: int, arguments: Tokens) -> None:
    """JSON calls: the words of `NULL ON EMPTY` and the like become one text argument each."""
    rewritten: Tokens = []
    place = 0
    while place < len(arguments):
        size, replacement = _json_clause(arguments, place, rewritten)
        rewritten += replacement
        place += size
    _replace(tokens, index, end, rewritten)


def _json_clause(arguments: Tokens, place: int, before: Tokens) -> tuple[int, Tokens]:
    token = arguments[place]
    word = token.text.upper()
    operand_before = bool(before) and before[-1].token_type not in (
        TokenType.COMMA,
        TokenType.L_PAREN,
    )
    words = [other.text.upper() for other in arguments[place : place + 7]]
    if word == "KEY" and not operand_before and token.token_type == TokenType.VAR:
        return 1, []
    if word in ("VALUE", ":") and operand_before:
        return 1, [COMMA]
    if word == "DEFAULT" and operand_before:
        return 1, [COMMA]
    if word == "ON" and len(words) > 1 and words[1] in ("EMPTY", "ERROR", "NULL"):
        return 2, [COMMA, _string(" ".join(words[:2]), token)]
    if word == "RETURNING" and operand_before:
        size = _type_size(arguments, place + 1)
        text = type_text(arguments[place + 1 : place + 1 + size])
        return 1 + size, [COMMA, _string("RETURNING " + text, token)]
    if (word in _JSON_CLAUSE or word in _JSON_TRUTH) and operand_before:
        size = 1
        while place + size < len(arguments) and words[size : size + 1] in (
            ["ARRAY"],
            ["OBJECT"],
            ["CONDITIONAL"],
            ["UNCONDITIONAL"],
            ["WRAPPER"],
        ):
            size += 1
        return size, [COMMA, _string(" ".join(words[:size]), token)]
    return 1, [token]


def _type_size(arguments: Tokens, start: int) -> int:
    """How many tokens the type at `start` takes: a name and what its brackets hold."""
    size = min(1, len(arguments) - start)
    depth = 0
    while start + size < len(arguments):
        sign = arguments[start + size].text
        if sign in ("(", "<"):
            depth += 1
        elif sign in (")", ">") and depth:
            depth -= 1
        elif not depth:
            break
        size += 1
    return size


def _table(tokens: Tokens, index: int, end: int, arguments: Tokens) -> None:
    """TABLE(f(x)) is f(x) where a table stands, and TABLE(SELECT ...) a sub-query."""
    if arguments and arguments[0].token_type in (TokenType.SELECT, TokenType.WITH):
        del tokens[index]
    else:
        tokens[index : end + 1] = arguments


def _table_call(tokens: Tokens, index: int, end: int, arguments: Tokens) -> None:
    """TUMBLE(TABLE t PARTITION BY a, DESCRIPTOR(ts), ...): the table is a plain argument."""
    rewritten: Tokens = []
    place = 0
    while place < len(arguments):
        token = arguments[place]
        if token.token_type == TokenType.PARTITION_BY:
            keys = _keys(arguments, place + 1)
            rewritten += (COMMA, Token(TokenType.VAR, "PARTITION_KEYS", 0, -1, -1, -1), OPEN)
            rewritten += (*(key for key in keys if key.text not in "()"), CLOSE)
            place += len(keys)
        elif token.token_type != TokenType.TABLE:
            rewritten.append(token)
        place += 1
    _replace(tokens, index, end, rewritten)


def _keys(arguments: Tokens, start: int) -> Tokens:
    place = start
    while place < len(arguments):
        following = [token.text.upper() for token in arguments[place : place + 3]]
        if following[:1] == [","] and ("DESCRIPTOR" in following[1:2] or "=>" in following):
            break
        place += 1
    return arguments[start:place]


def _match_recognize(tokens: Tokens, index: int, end: int, arguments: Tokens) -> None:
    """WITHIN is not in sqlglot's grammar; the pattern keeps its place and the interval goes."""
    for place in _top(arguments):
        if arguments[place].text.upper() == "WITHIN" and place + 3 < len(arguments):
            _replace(tokens, index, end, arguments[:place] + arguments[place + 4 :])
            return


_TABLE_CALLS = ("TUMBLE", "HOP", "CUMULATE", "SESSION")
DESUGARED: dict[str, Callable[[Tokens, int, int, Tokens], None]] = {
    "CAST": _cast,
    "TRY_CAST": _cast,
    "EXTRACT": _unit_first,
    "TIMESTAMPADD": _unit_first,
    "TIMESTAMPDIFF": _unit_first,
    "FLOOR": _unit_last,
    "CEIL": _unit_last,
    "CEILING": _unit_last,
    "TRIM": _trim,
    "SUBSTRING": _words_to_commas("FROM", "FOR"),
    "OVERLAY": _words_to_commas("PLACING", "FROM", "FOR"),
    "POSITION": _words_to_commas("IN"),
    "TABLE": _table,
    "MATCH_RECOGNIZE": _match_recognize,
    **dict.fromkeys(_TABLE_CALLS, _table_call),
    **dict.fromkeys(
        (
            "JSON_ARRAY",
            "JSON_ARRAYAGG",
            "JSON_EXISTS",
            "JSON_OBJECT",
            "JSON_OBJECTAGG",
            "JSON_QUERY",
            "JSON_VALUE",
        ),
        _json,
    ),
}
