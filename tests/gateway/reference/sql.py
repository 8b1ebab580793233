"""The SQL of virtual topics, as it is documented and no wider: one topic, AND, REGEXP, CASE."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any, NamedTuple

from tests.gateway.reference.document import ABSENT, Document, get

_TOKEN = re.compile(
    r"""\s+|(?P<number>-?\d+(?:\.\d+)?)|(?P<text>'(?:[^']|'')*')|(?P<quoted>"[^"]+")"""
    r"""|(?P<word>[A-Za-z_]\w*)|(?P<sign><=|>=|<>|[=<>,.*])"""
)
_WORDS = frozenset(
    ("select", "from", "where", "and", "as", "case", "when", "then", "else", "end", "regexp")
)
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda a, b: a == b,
    "<>": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


class NotSql(ValueError):
    """The text is no statement of the dialect."""


class Condition(NamedTuple):
    path: tuple[str, ...]
    sign: str
    value: Any

    def holds(self, document: Document) -> bool:
        """An absent field makes it false; so does null, and a value of another type."""
        found = get(document, self.path)
        if found is ABSENT or found is None or isinstance(found, bool | dict | list):
            return False
        if isinstance(found, str) is not isinstance(self.value, str):
            return False
        if self.sign == "REGEXP":
            return re.fullmatch(self.value, found) is not None
        value = Decimal(str(found)) if isinstance(found, float) else found
        return _COMPARE[self.sign](value, self.value)


class Item(NamedTuple):
    """A field under a name, or the literal of the first branch whose conditions all hold."""

    name: str
    path: tuple[str, ...] = ()
    branches: tuple[tuple[tuple[Condition, ...], Any], ...] = ()
    otherwise: Any = None

    def value(self, document: Document) -> Any:
        if self.path:
            return get(document, self.path)
        for conditions, value in self.branches:
            if all(condition.holds(document) for condition in conditions):
                return value
        return self.otherwise


class Statement(NamedTuple):
    """`items` is None for `*`."""

    topic: str
    items: tuple[Item, ...] | None
    conditions: tuple[Condition, ...]

    def apply(self, document: Document) -> Document | None:
        """What the view shows of a record's value; None when it drops the record."""
        if not all(condition.holds(document) for condition in self.conditions):
            return None
        if self.items is None:
            return document
        shown = ((item.name, item.value(document)) for item in self.items)
        return {name: value for name, value in shown if value is not ABSENT}


def parse(text: str) -> Statement:
    """Raises `NotSql` for anything that the documentation does not have."""
    return _Reader(list(_tokens(text))).statement()


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    place = 0
    while place < len(text):
        match = _TOKEN.match(text, place)
        if match is None:
            raise NotSql(f"what is '{text[place]}' in: {text}")
        place = match.end()
        if match.lastgroup:
            yield _kind(match.lastgroup, match[0]), match[0]
    yield "end", ""


def _kind(group: str, text: str) -> str:
    return text.upper() if group == "word" and text.lower() in _WORDS else group


class _Reader:
    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self.tokens = tokens
        self.at = 0

    def statement(self) -> Statement:
        self.need("SELECT")
        items = None if self.take("sign", "*") else self.items()
        self.need("FROM")
        topic = self.name()
        conditions = self.conditions() if self.take("WHERE") else ()
        self.need("end")
        return Statement(topic, items, conditions)

    def items(self) -> tuple[Item, ...]:
        found = [self.item()]
        while self.take("sign", ","):
            found.append(self.item())
        return tuple(found)

    def item(self) -> Item:
        if self.take("CASE"):
            return self.case()
        path = self.path()
        return Item(self.name() if self.take("AS") else path[-1], path)

    def case(self) -> Item:
        branches = []
        while self.take("WHEN"):
            conditions = self.conditions()
            self.need("THEN")
            branches.append((conditions, self.literal()))
        self.need("ELSE")
        otherwise = self.literal()
        self.need("END")
        self.need("AS")
        return Item(self.name(), (), tuple(branches), otherwise)

    def conditions(self) -> tuple[Condition, ...]:
        found = [self.condition()]
        while self.take("AND"):
            found.append(self.condition())
        return tuple(found)

    def condition(self) -> Condition:
        path = self.path()
        if self.take("REGEXP"):
            return Condition(path, "REGEXP", self.literal())
        sign = self.need("sign")
        if sign not in _COMPARE:
            raise NotSql(f"'{sign}' compares nothing")
        return Condition(path, sign, self.literal())

    def path(self) -> tuple[str, ...]:
        steps = [self.name()]
        while self.take("sign", "."):
            steps.append(self.name())
        return tuple(steps)

    def name(self) -> str:
        return self.take("word") or self.need("quoted").strip('"')

    def literal(self) -> Any:
        number = self.take("number")
        if number:
            return int(number) if number.lstrip("-").isdecimal() else Decimal(number)
        return self.need("text")[1:-1].replace("''", "'")

    def take(self, kind: str, text: str = "") -> str:
        found, said = self.tokens[self.at]
        if found != kind or (text and said != text):
            return ""
        self.at += 1
        return said or kind

    def need(self, kind: str) -> str:
        taken = self.take(kind)
        if not taken:
            raise NotSql(f"{kind} is missing before '{self.tokens[self.at][1]}'")
        return taken
