"""Flink SQL types, read into a tree: `ROW<a INT NOT NULL, b ARRAY<STRING>>`."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

_TOKEN = re.compile(r"\s*(`[^`]*`|'[^']*'|[A-Za-z_]\w*|\d+|[<>(),])")


class UnknownType(Exception):
    """The text is no type that can be written to a topic; the message says which part."""


@dataclass(frozen=True, slots=True)
class SqlType:
    """`name` in capitals; `numbers` are length, precision and scale; `items` the inner types."""

    name: str
    numbers: tuple[int, ...] = ()
    items: tuple[SqlType, ...] = ()
    fields: tuple[str, ...] = field(default=())
    """The field names of a ROW, one for each of `items`."""
    nullable: bool = True


@lru_cache(maxsize=10_000)  # a project has many columns and few types
def parse(text: str) -> SqlType:
    """The type that `text` spells; raises `UnknownType`."""
    tokens = _tokens(text)
    found, end = _type(tokens, 0)
    if end != len(tokens):
        raise UnknownType(f"'{tokens[end]}' in '{text}'")
    return found


def _tokens(text: str) -> list[str]:
    tokens = []
    at = 0
    while at < len(text.rstrip()):
        match = _TOKEN.match(text, at)
        if match is None:
            raise UnknownType(f"'{text[at:]}'")
        tokens.append(match[1])
        at = match.end()
    return tokens


def _at(tokens: list[str], position: int) -> str:
    return tokens[position].upper() if position < len(tokens) else ""


def _type(tokens: list[str], at: int) -> tuple[SqlType, int]:
    name = _at(tokens, at)
    if not name[:1].isalpha():
        raise UnknownType(f"'{name}'")
    at += 1
    numbers: tuple[int, ...] = ()
    items: tuple[SqlType, ...] = ()
    fields: tuple[str, ...] = ()
    if _at(tokens, at) == "(" and name != "ROW":
        numbers, at = _numbers(tokens, at + 1)
    elif _at(tokens, at) in ("<", "("):
        items, fields, at = _items(tokens, at + 1, name == "ROW")
    name, at = _suffix(name, tokens, at)
    nullable = True
    if _at(tokens, at) == "NOT" and _at(tokens, at + 1) == "NULL":
        nullable = False
        at += 2
    elif _at(tokens, at) == "NULL":
        at += 1
    return SqlType(name, numbers, items, fields, nullable), at


def _numbers(tokens: list[str], at: int) -> tuple[tuple[int, ...], int]:
    found = []
    while _at(tokens, at).isdecimal():
        found.append(int(tokens[at]))
        at += 1
        if _at(tokens, at) == ",":
            at += 1
    return tuple(found), _closed(tokens, at)


def _items(
    tokens: list[str], at: int, named: bool
) -> tuple[tuple[SqlType, ...], tuple[str, ...], int]:
    items: list[SqlType] = []
    fields: list[str] = []
    while True:
        if named:
            fields.append(tokens[at].strip("`") if at < len(tokens) else "")
            at += 1
        item, at = _type(tokens, at)
        items.append(item)
        if _at(tokens, at)[:1] == "'":  # a field's comment
            at += 1
        if _at(tokens, at) != ",":
            return tuple(items), tuple(fields), _closed(tokens, at)
        at += 1


def _closed(tokens: list[str], at: int) -> int:
    if _at(tokens, at) not in (">", ")"):
        raise UnknownType("a type that is not closed")
    return at + 1


_LOCAL = ("WITH", "LOCAL", "TIME", "ZONE")
_PLAIN = ("WITHOUT", "TIME", "ZONE")


def _suffix(name: str, tokens: list[str], at: int) -> tuple[str, int]:
    """The longer spellings of times and of DOUBLE."""
    if tuple(_at(tokens, at + step) for step in range(4)) == _LOCAL:
        return f"{name}_LTZ", at + 4
    if tuple(_at(tokens, at + step) for step in range(3)) == _PLAIN:
        return name, at + 3
    if name == "DOUBLE" and _at(tokens, at) == "PRECISION":
        return name, at + 1
    return name, at
