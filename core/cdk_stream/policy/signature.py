"""The functions of OPA: their names, and what they take and give."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import NamedTuple

import orjson

_FILE = "opa_builtins.json"
ANY = frozenset({"any"})
Types = frozenset[str]
"""`number`, `string`, `boolean`, `null`, `array`, `object`, `set`; or `any`, alone."""


class Signature(NamedTuple):
    """A function. `arguments` is None when it takes any number of anything."""

    arguments: tuple[Types, ...] | None
    result: Types


@cache
def signatures() -> dict[str, Signature]:
    """Name -> signature, of the OPA that tests hold this list against; operators left out."""
    found = orjson.loads(files(__package__).joinpath(_FILE).read_bytes())
    return {name: _signature(types) for name, types in found.items()}


def _signature(types: list[str]) -> Signature:
    *arguments, result = (frozenset(text.split("|")) for text in types)
    if arguments and "..." in arguments[0]:
        return Signature(None, result)
    return Signature(tuple(arguments), result)
