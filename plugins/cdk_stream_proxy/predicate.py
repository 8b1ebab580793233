"""Which rows a view keeps: conditions on fields, with every NOT already pushed into them.

A condition is true or not; where SQL says "unknown" (a NULL, an absent field) it is not true.
AND and OR keep that reading, so it is exact as long as no NOT stands above them.
"""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from cdk_stream_proxy.pattern import Pattern

Value = str | int | Decimal


class Unexpressible(Exception):
    """The view cannot be said in the language asked for; `reason` as a `Refusal` words it."""

    def __init__(self, reason: str, mend: str = "") -> None:
        self.reason = reason
        self.mend = mend
        super().__init__(reason)


class Field(NamedTuple):
    """A field of the record's value; `kind` is text, integer, number, boolean, other or ''."""

    path: tuple[str, ...]
    kind: str = ""
    nullable: bool = True

    def __str__(self) -> str:
        return ".".join(self.path)


class Compare(NamedTuple):
    """`op` is one of = <> < <= > >=."""

    field: Field
    op: str
    value: Value


class CompareFields(NamedTuple):
    left: Field
    op: str
    right: Field


class In(NamedTuple):
    field: Field
    values: tuple[Value, ...]
    negated: bool = False


class Like(NamedTuple):
    field: Field
    pattern: Pattern
    negated: bool = False


class Null(NamedTuple):
    field: Field
    negated: bool = False


class Flag(NamedTuple):
    """A boolean field that is true, or false when negated."""

    field: Field
    negated: bool = False


class And(NamedTuple):
    """All of `items`; always true when there are none."""

    items: tuple[Predicate, ...]


class Or(NamedTuple):
    """One of `items`; never true when there are none."""

    items: tuple[Predicate, ...]


class Cel(NamedTuple):
    """A condition that the author wrote in CEL, fields spelled as the Gateway wants them."""

    text: str


Predicate = Compare | CompareFields | In | Like | Null | Flag | And | Or | Cel

TRUE = And(())
FALSE = Or(())
OPPOSITE = {"=": "<>", "<>": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
FLIPPED = {"=": "=", "<>": "<>", "<": ">", ">": "<", "<=": ">=", ">=": "<="}


def conjunction(*items: Predicate) -> Predicate:
    """All of `items`, as flat as can be."""
    flat: list[Predicate] = []
    for item in items:
        flat += item.items if isinstance(item, And) else (item,)
    return flat[0] if len(flat) == 1 else And(tuple(flat))


def disjunction(*items: Predicate) -> Predicate:
    """One of `items`, as flat as can be."""
    flat: list[Predicate] = []
    for item in items:
        flat += item.items if isinstance(item, Or) else (item,)
    return flat[0] if len(flat) == 1 else Or(tuple(flat))


def fields_of(predicate: Predicate) -> list[Field]:
    """Every field the predicate looks at; none for an author's own CEL."""
    match predicate:
        case And(items) | Or(items):
            return [field for item in items for field in fields_of(item)]
        case CompareFields(left, _, right):
            return [left, right]
        case Cel():
            return []
        case _:
            return [predicate.field]
