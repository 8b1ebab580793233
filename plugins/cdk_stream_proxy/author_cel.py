"""A model's own CEL -> the Gateway's: bare column names become `record.value.name`."""

from __future__ import annotations

import re
from collections.abc import Collection

from cdk_stream.problems import near
from cdk_stream_proxy.predicate import Cel, Unexpressible

_TOKEN = re.compile(
    r"""(?P<skip>[rR]?(?:"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')|\d[\w.]*|\s+|//[^\n]*)"""
    r"""|(?P<word>[A-Za-z_]\w*)|(?P<other>.)""",
    re.DOTALL,
)
_OWN = frozenset({"true", "false", "null", "in", "record"})
_MACROS = frozenset({"all", "exists", "exists_one", "filter", "map"})


def condition(text: str, columns: Collection[str], closed: bool) -> Cel:
    """The author's expression with its columns spelled as the Gateway knows them.

    `closed` says that `columns` are all there are; a name that is none of them is refused then.
    """
    tokens = [(match.lastgroup or "", match[0]) for match in _TOKEN.finditer(text.strip())]
    bound = _bound(tokens)
    parts = []
    before = ""
    for position, (kind, token) in enumerate(tokens):
        if kind == "word" and before != "." and not _is_call(tokens, position):
            parts.append(_spelled(token, columns, bound, closed))
        else:
            parts.append(token)
        before = token if token.strip() else before
    return Cel("".join(parts))


def _spelled(name: str, columns: Collection[str], bound: set[str], closed: bool) -> str:
    if name in bound or name in _OWN:
        return name
    if closed and name not in columns:
        raise Unexpressible(f"the CEL names '{name}', which is no column", near(name, columns))
    return f"record.value.{name}"


def _is_call(tokens: list[tuple[str, str]], position: int) -> bool:
    following = (token for _, token in tokens[position + 1 :] if token.strip())
    return next(following, "") == "("


def _bound(tokens: list[tuple[str, str]]) -> set[str]:
    """The variables of macros: `tags.exists(t, t == "x")` binds `t`."""
    told = [token for _, token in tokens if token.strip()]
    return {
        name
        for dot, macro, opening, name in zip(told, told[1:], told[2:], told[3:], strict=False)
        if dot == "." and macro in _MACROS and opening == "("
    }
