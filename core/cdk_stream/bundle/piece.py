"""Templates and macros: text with `{{ name }}` in it, and values to put there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from cdk_stream.policy.parameter import MISSING, Parameter
from cdk_stream.problems import near
from cdk_stream.resources.authoring import Authored
from cdk_stream.resources.bundle import Piece, TestTemplate
from cdk_stream.resources.parse import Complaint, parse
from cdk_stream.resources.security import SecurityPolicy
from cdk_stream.resources.test import Assertion

Told = tuple[str, str, str]
"""Pointer, message, mend."""
_HOLE = re.compile(r"\{\{\s*([A-Za-z_]\w*)\s*\}\}")
_ALONE = re.compile(r"\s*" + _HOLE.pattern + r"\s*")
_SAMPLES: dict[str, Any] = {
    "array": ["x"], "boolean": True, "integer": 1, "number": 1, "object": {}, "string": "x",
}  # fmt: skip
_SHAPES = ("CS111", "CS112")


def body(piece: Piece) -> tuple[str, tuple[dict[str, Any], ...], type[Authored]]:
    """The key, items and item class of what a template or macro expands to."""
    if isinstance(piece, TestTemplate):
        return "assertions", piece.assertions, Assertion
    return "policies", getattr(piece, "policies", ()), SecurityPolicy


def filled(value: Any, arguments: Mapping[str, Any]) -> Any:
    """`value` with arguments in place of `{{ name }}`: alone, as they are; within text, as text."""
    if isinstance(value, str):
        alone = _ALONE.fullmatch(value)
        if alone and alone[1] in arguments:
            return arguments[alone[1]]
        return _HOLE.sub(lambda hole: _text(arguments, hole), value)
    if isinstance(value, list | tuple):
        return [filled(item, arguments) for item in value]
    if isinstance(value, dict):
        return {filled(key, arguments): filled(item, arguments) for key, item in value.items()}
    return value


def _text(arguments: Mapping[str, Any], hole: re.Match[str]) -> str:
    value = arguments.get(hole[1], hole[0])
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return str(value).lower() if isinstance(value, bool) else str(value)


def check_piece(piece: Piece, parameters: Mapping[str, Parameter]) -> Iterator[Told]:
    """What is wrong with a template or macro, whatever it is given."""
    key, items, class_ = body(piece)
    if not items:
        yield "", f"it has no '{key}:'", ""
    for pointer, name in _holes(list(items), f"/{key}"):
        if name not in piece.params:
            yield pointer, f"'{{{{ {name} }}}}' is none of its parameters", near(name, piece.params)
    samples = {name: _sample(known) for name, known in parameters.items()}
    for index, item in enumerate(items):
        parsed = parse(class_, filled(item, samples))
        for one in parsed if isinstance(parsed, list) else ():
            if _certain(one):
                yield f"/{key}/{index}{one.pointer}", one.message, one.mend


def _certain(complaint: Complaint) -> bool:
    """Whether other arguments would change nothing."""
    return complaint.code in _SHAPES or "exactly one" in complaint.message


def _sample(known: Parameter) -> Any:
    if known.default is not MISSING:
        return known.default
    if known.schema.get("enum"):
        return known.schema["enum"][0]
    return _SAMPLES[known.schema.get("type", "string")]


def _holes(value: Any, pointer: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield from ((pointer, hole[1]) for hole in _HOLE.finditer(value))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _holes(item, f"{pointer}/{index}")
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _holes(key, pointer)
            yield from _holes(item, f"{pointer}/{key}")
