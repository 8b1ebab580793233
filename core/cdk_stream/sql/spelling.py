"""Reads and writes the spelling of Flink's data types."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple


class NoType(ValueError):
    """The text is no Flink type."""


class Part(NamedTuple):
    """What a collection or row holds: a field's name, '' in collections, its type and NULL."""

    name: str
    type: str
    nullable: bool


class Shape(NamedTuple):
    """A type taken apart."""

    name: str
    """`DECIMAL`, `ARRAY`, `ROW`; the same for every spelling of it."""
    numbers: tuple[int, ...] = ()
    """Length, precision and scale."""
    parts: tuple[Part, ...] = ()
    """The fields of ROW, the element of ARRAY and MULTISET, key and value of MAP."""


_TOKEN = re.compile(r"\s*(?:([A-Za-z_]\w*)|(\d+)|`((?:[^`]|``)+)`|'((?:[^']|'')*)'|([<>(),]))")
_PLAIN = re.compile(r"[A-Za-z_]\w*")
_SYNONYMS = {
    "BYTE": "TINYINT",
    "CHARACTER": "CHAR",
    "DEC": "DECIMAL",
    "INTEGER": "INT",
    "LONG": "BIGINT",
    "NUMERIC": "DECIMAL",
    "TIMESTAMP_NTZ": "TIMESTAMP",
}
_SIMPLE = frozenset(("BIGINT", "BOOLEAN", "BYTES", "DATE", "DOUBLE", "FLOAT", "INT", "NULL")) | {
    "SMALLINT",
    "STRING",
    "TINYINT",
    "VARIANT",
}
_DEFAULT_SIZE = {
    "BINARY": 1,
    "CHAR": 1,
    "TIME": 0,
    "TIMESTAMP": 6,
    "TIMESTAMP_LTZ": 6,
    "VARBINARY": 1,
    "VARCHAR": 2147483647,
}
NAMES = (*sorted({*_SIMPLE, *_DEFAULT_SIZE, "ARRAY", "DECIMAL", "MAP", "MULTISET", "ROW"}),)
"""The types as authors write them, for whoever misspells one."""
_LONGEST = {"VARCHAR": "STRING", "VARBINARY": "BYTES"}
_MONTHS = ("YEAR", "MONTH", "QUARTER")
_MAX_DEPTH = 32


@lru_cache(maxsize=4096)
def normalise(text: str) -> str:
    """Flink's one spelling of a type: `integer` is `INT`, `varchar` is `STRING`.

    Raises ValueError when it is no Flink type.
    """
    type_, nullable = _Reader(text).all()
    return type_ if nullable else type_ + " NOT NULL"


@lru_cache(maxsize=4096)
def shape(text: str) -> Shape:
    """The type taken apart; the unknown type, and text that is no type, have no name."""
    try:
        return _Reader(text).shape()
    except NoType:
        return Shape("")


@lru_cache(maxsize=4096)
def declared(text: str) -> str:
    """The type as a CREATE TABLE takes it: its fields may be called by reserved words."""
    if "<" not in text:
        return text
    name, _, parts = shape(text)
    if not name:
        return text
    if name == "ROW":
        fields = [f"`{one.name.replace('`', '``')}` {declared(_null(one))}" for one in parts]
    else:
        fields = [declared(_null(one)) for one in parts]
    end = " NOT NULL" if text.endswith(" NOT NULL") else ""
    return f"{name}<{', '.join(fields)}>{end}"


def row(fields: list[Part]) -> str:
    """The spelling of a ROW type."""
    inner = ", ".join(f"{_spelt(part.name)} {_null(part)}" for part in fields)
    return f"ROW<{inner}>"


def _null(part: Part) -> str:
    return part.type if part.nullable else part.type + " NOT NULL"


def _spelt(name: str) -> str:
    return name if _PLAIN.fullmatch(name) else "`" + name.replace("`", "``") + "`"


def _spell(shape: Shape) -> str:
    name, numbers, parts = shape
    if name == "ROW":
        return row(list(parts))
    if parts:
        return f"{name}<{', '.join(map(_null, parts))}>"
    if name in _LONGEST and numbers == (2147483647,):
        return _LONGEST[name]
    return f"{name}({', '.join(map(str, numbers))})" if numbers else name


class _Reader:
    """Reads one type from its tokens."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens: list[str] = []
        self.place = 0
        self.depth = 0
        place = 0
        stripped = text.rstrip()
        while place < len(stripped):
            match = _TOKEN.match(stripped, place)
            if match is None:
                raise self.wrong()
            quoted = match[3] or match[4]
            self.tokens.append("`" + quoted if quoted is not None else match[match.lastindex or 0])
            place = match.end()

    def wrong(self) -> NoType:
        shown = self.text if len(self.text) <= 60 else self.text[:57] + "..."
        return NoType(f"'{shown}' is not a Flink type")

    def all(self) -> tuple[str, bool]:
        found = self.field()
        if self.place != len(self.tokens):
            raise self.wrong()
        return found

    def peek(self) -> str:
        return self.tokens[self.place] if self.place < len(self.tokens) else ""

    def take(self, *wanted: str) -> bool:
        """Pass over the given words when they come next."""
        end = self.place + len(wanted)
        if tuple(word.upper() for word in self.tokens[self.place : end]) != wanted:
            return False
        self.place = end
        return True

    def need(self, sign: str) -> None:
        if not self.take(sign):
            raise self.wrong()

    def numbers(self) -> tuple[int, ...]:
        found: list[int] = []
        if self.take("("):
            while not self.take(")"):
                if not self.peek().isdigit() or len(self.peek()) > 10:
                    raise self.wrong()
                found.append(int(self.peek()))
                self.place += 1
                self.take(",")
        return tuple(found)

    def field(self) -> tuple[str, bool]:
        """A type and whether it may be null."""
        self.depth += 1
        if self.depth > _MAX_DEPTH:
            raise self.wrong()
        text = _spell(self.shape())
        while self.peek().upper() in ("ARRAY", "MULTISET"):
            text = f"{self.peek().upper()}<{text}>"
            self.place += 1
        self.depth -= 1
        if self.take("NOT", "NULL"):
            return text, False
        self.take("NULL")
        return text, True

    def shape(self) -> Shape:
        word = self.peek().upper()
        self.place += 1
        name = _SYNONYMS.get(word, word)
        if name in ("ARRAY", "MULTISET"):
            return Shape(name, (), self._items(1))
        if name == "MAP":
            return Shape(name, (), self._items(2))
        if name == "ROW":
            return Shape(name, (), tuple(self._fields()))
        if name == "INTERVAL":
            return self._interval()
        return self._scalar(name)

    def _items(self, count: int) -> tuple[Part, ...]:
        self.need("<")
        parts = []
        for index in range(count):
            if index:
                self.need(",")
            parts.append(Part("", *self.field()))
        self.need(">")
        return tuple(parts)

    def _fields(self) -> list[Part]:
        close = ">" if self.take("<") else ")"
        if close == ")":
            self.need("(")
        fields: list[Part] = []
        while not self.take(close):
            if fields:
                self.need(",")
            name = self.peek()
            self.place += 1
            if not name or name in "<>(),":
                raise self.wrong()
            fields.append(Part(name.removeprefix("`").replace("``", "`"), *self.field()))
            if self.peek().startswith("`"):
                self.place += 1  # a field's comment
        return fields

    def _interval(self) -> Shape:
        unit = self.peek().upper()
        while self.peek() and (self.peek() in "()" or self.peek().isalnum()):
            self.place += 1
        if not unit:
            raise self.wrong()
        if unit in _MONTHS:
            return Shape("INTERVAL YEAR TO MONTH")
        return Shape("INTERVAL DAY TO SECOND(3)")

    def _scalar(self, name: str) -> Shape:
        if name == "DOUBLE":
            self.take("PRECISION")
        if name in ("CHAR", "BINARY") and self.take("VARYING"):
            name = "VAR" + name
        if name in _SIMPLE:
            if name in ("STRING", "BYTES"):
                return Shape("VARCHAR" if name == "STRING" else "VARBINARY", (2147483647,))
            return Shape(name)
        numbers = self.numbers()
        if name == "TIMESTAMP":
            self.take("WITHOUT", "TIME", "ZONE")
            if self.take("WITH", "LOCAL", "TIME", "ZONE"):
                name = "TIMESTAMP_LTZ"
        if name == "DECIMAL":
            return Shape(name, (*numbers, 0)[:2] if numbers else (10, 0))
        if name not in _DEFAULT_SIZE:
            raise self.wrong()
        return Shape(name, numbers[:1] or (_DEFAULT_SIZE[name],))
