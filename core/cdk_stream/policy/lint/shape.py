"""What is known of a value before there is one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, eq=False)
class Anything:
    """A value of which nothing is known."""


@dataclass(frozen=True, slots=True, eq=False)
class Scalar:
    """Text, a number, true or false, or null."""

    kind: str
    """`string`, `number`, `boolean` or `null`."""
    values: frozenset[Any] | None = None
    """The only ones it has, when they are known."""
    closed: bool = False
    """Whether `values` are all that there will ever be, and not those of this text."""
    fraction: bool = False
    """Whether it comes of a division, or of numbers with fractions."""


@dataclass(frozen=True, slots=True, eq=False)
class Many:
    """An array or a set."""

    kind: str
    """`array` or `set`."""
    items: Shape
    first: tuple[Shape, ...] = ()
    """The items of an array whose places have meanings, or of a literal."""


@dataclass(frozen=True, slots=True, eq=False)
class Object:
    """A mapping."""

    fields: dict[str, tuple[Shape, bool]]
    """Name -> what it is, and whether it is always there."""
    rest: Shape | None
    """What any other key holds; None: there is no other."""
    name: str = ""
    """What messages call it: `a model`."""


@dataclass(frozen=True, slots=True, eq=False)
class Either:
    """One of several."""

    options: tuple[Shape, ...]
    """None at all: what is in an empty list."""


Shape = Anything | Scalar | Many | Object | Either

ANYTHING = Anything()
TEXT = Scalar("string")
NUMBER = Scalar("number")
FRACTION = Scalar("number", fraction=True)
BOOLEAN = Scalar("boolean")
NULL = Scalar("null")
OBJECT = Object({}, ANYTHING)
BY_KIND: dict[str, Shape] = {
    "any": ANYTHING,
    "array": Many("array", ANYTHING),
    "boolean": BOOLEAN,
    "null": NULL,
    "number": NUMBER,
    "object": OBJECT,
    "set": Many("set", ANYTHING),
    "string": TEXT,
}


def either(shapes: Iterable[Shape]) -> Shape:
    """One of `shapes`; anything when one of them is."""
    options: list[Shape] = []
    for shape in shapes:
        for option in alternatives(shape):
            if option is ANYTHING:
                return ANYTHING
            if option not in options:
                options.append(option)
    return options[0] if len(options) == 1 else Either(tuple(options))


def alternatives(shape: Shape) -> tuple[Shape, ...]:
    return shape.options if isinstance(shape, Either) else (shape,)


def kinds(shape: Shape) -> frozenset[str]:
    """The kinds of value it may be; empty when nothing is known."""
    found = set()
    for option in alternatives(shape):
        if isinstance(option, Anything):
            return frozenset()
        found.add("object" if isinstance(option, Object) else option.kind)  # type: ignore[union-attr]
    return frozenset(found)


def values(shape: Shape) -> frozenset[Any] | None:
    """The only values it has, when all are known."""
    found: set[Any] = set()
    for option in alternatives(shape):
        if not isinstance(option, Scalar) or option.values is None:
            return None
        found |= option.values
    return frozenset(found)


def is_closed(shape: Shape) -> bool:
    """Whether its values are all that there will ever be."""
    options = alternatives(shape)
    return bool(options) and all(isinstance(o, Scalar) and o.closed for o in options)


def items(shape: Shape) -> Shape:
    """What a loop over it takes: the items of a collection, the values of a mapping."""
    return either(_items(option) for option in alternatives(shape))


def _items(shape: Shape) -> Shape:
    if isinstance(shape, Many):
        return shape.items
    if isinstance(shape, Object):
        inner = [value for value, _ in shape.fields.values()]
        return either([*inner, *([shape.rest] if shape.rest else [])])
    return ANYTHING


def keys(shape: Shape) -> Shape:
    """What a loop over it has as key."""
    return either(_keys(option) for option in alternatives(shape))


def _keys(shape: Shape) -> Shape:
    if isinstance(shape, Many):
        return NUMBER if shape.kind == "array" else shape.items
    return TEXT if isinstance(shape, Object) else ANYTHING


def fields(shape: Shape) -> Iterator[str]:
    """The names of all its fields."""
    for option in alternatives(shape):
        if isinstance(option, Object):
            yield from option.fields


def field(shape: Shape, name: str) -> tuple[Shape, bool] | None:
    """What it has under `name` and whether always; None when it can have no such field.

    Of a value of which nothing is known, the best is thought.
    """
    found: list[Shape] = []
    always = True
    for option in alternatives(shape) or (ANYTHING,):
        if isinstance(option, Anything) or option is OBJECT:
            found.append(ANYTHING)
        elif isinstance(option, Object):
            known = option.fields.get(name)
            if known is not None:
                found.append(known[0])
                always = always and known[1]
                continue
            if option.rest is not None:
                found.append(option.rest)
            always = always and option.rest not in (None, ANYTHING)  # keys of its own are meant
        elif isinstance(option, Many) and option.kind == "set":
            found.append(option.items)  # whether it is one of them
        else:
            always = False
    return (either(found), always) if found else None
