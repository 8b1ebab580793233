"""Plain data -> a resource, or every complaint about it in words that an author understands."""

from __future__ import annotations

import importlib
import types
import typing
from collections.abc import Mapping
from typing import Annotated, Any, NamedTuple

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from cdk_stream.problems import near
from cdk_stream.resources.authoring import Authored

KINDS = {
    "sources": ("source", "Source"),
    "models": ("model", "Model"),
    "tests": ("test", "Test"),
    "exposures": ("exposure", "Exposure"),
}
"""Key of a YAML file -> the module and class of the items under it."""


UNIT_TEST = ("unit_test", "UnitTest")
"""The module and class of those tests that run on given rows."""


class Complaint(NamedTuple):
    """What is wrong with a resource at a place in it ("/sink/config")."""

    code: str
    pointer: str
    message: str
    mend: str = ""
    line: int = 0
    """For pointers to a text such as SQL: a position in it, from 1."""
    column: int = 0


def is_unit_test(key: str, item: object) -> bool:
    """Whether an item under a file's key is a test on given rows."""
    return (
        key == "tests"
        and isinstance(item, Mapping)
        and (item.get("type") == "unit" or "given" in item or "expect" in item)
    )


def resource_class(key: str) -> type[Authored]:
    """The class of the items under a file's key; imported when first asked for."""
    return _imported(*KINDS[key])


def unit_test_class() -> type[Authored]:
    """The class of tests on given rows; imported when first asked for."""
    return _imported(*UNIT_TEST)


def _imported(module: str, name: str) -> type[Authored]:
    found: type[Authored] = getattr(importlib.import_module(f"cdk_stream.resources.{module}"), name)
    return found


def parse(class_: type[Authored], data: object) -> Authored | list[Complaint]:
    """An instance of `class_`, or what is wrong with `data`."""
    try:
        return class_.model_validate(data)
    except ValidationError as error:
        details = error.errors(include_url=False, include_context=True)
        told = {
            (found.pointer, found.code): found
            for found in reversed([_complaint(class_, detail) for detail in details])
        }
        return list(reversed(told.values()))


def _complaint(class_: type[Authored], detail: ErrorDetails) -> Complaint:
    steps = _written(detail["loc"])
    pointer = "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in steps)
    name = next((step for step in reversed(steps) if isinstance(step, str)), "")
    kind = detail["type"]
    if kind == "extra_forbidden":
        keys = _keys(class_, steps[:-1])
        return Complaint("CS111", pointer, f"unknown key '{name}'", near(name, keys))
    if kind == "missing":
        parent = pointer.rsplit("/", 1)[0]
        return Complaint("CS112", parent, f"the key '{name}' is missing")
    if kind == "literal_error":
        expected = str(detail.get("ctx", {}).get("expected", "")).replace("'", "")
        options = expected.replace(" or ", ", ").split(", ")
        message = f"{_quoted(detail['input'])} is not a value of '{name}'"
        return Complaint("CS113", pointer, message, near(str(detail["input"]), options))
    return Complaint("CS113", pointer, *_told(detail, name))


def _told(detail: ErrorDetails, name: str) -> tuple[str, str]:
    value = _quoted(detail["input"])
    kind = detail["type"]
    if kind == "value_error":
        return " ".join(str(detail["ctx"]["error"]).split()), ""
    if kind == "string_pattern_mismatch":
        mend = "a name is a letter or underscore, then letters, digits, '_', '.' and '-'"
        return f"{value} is not a name for '{name}'", mend
    expected = _EXPECTED.get(kind)
    if expected:
        here = f"'{name}'" if name else "what stands here"
        return f"{here} must be {expected}, not {value}", ""
    message = detail["msg"]
    return f"'{name}': {message[0].lower()}{message[1:]}", ""


_EXPECTED = {
    "string_type": "text",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "dict_type": "a mapping",
    "model_type": "a mapping",
    "model_attributes_type": "a mapping",
    "list_type": "a list",
    "tuple_type": "a list",
}


def _quoted(value: object) -> str:
    if isinstance(value, Mapping):
        return "a mapping"
    if isinstance(value, list | tuple):
        return "a list"
    if value is None:
        return "nothing"
    text = " ".join(str(value).split())
    return f"'{text[:60]}...'" if len(text) > 60 else f"'{text}'"


def _written(location: tuple[int | str, ...]) -> list[int | str]:
    """The location without what pydantic adds for the members of a union."""
    return [
        step
        for step in location
        if not (isinstance(step, str) and ("[" in step or step in ("str", "int", "float", "bool")))
    ]


def _keys(class_: type[Authored], steps: list[int | str]) -> list[str]:
    """The keys that are known at a place inside a resource."""
    here: Any = class_
    for step in steps:
        here = _member(_bare(here), str(step))
    here = _bare(here)
    if isinstance(here, type) and issubclass(here, Authored):
        return [field.alias or name for name, field in here.model_fields.items()]
    return []


def _member(here: Any, key: str) -> Any:
    """The annotation of a field of a class, or of the items of a list or mapping."""
    if typing.get_origin(here) in (tuple, list, dict):
        return [item for item in typing.get_args(here) if item is not ...][-1]
    if isinstance(here, type) and issubclass(here, Authored):
        for name, field in here.model_fields.items():
            if key in (name, field.alias):
                return field.annotation
    return None


def _bare(annotation: Any) -> Any:
    """The annotation without Annotated and Optional around it."""
    while typing.get_origin(annotation) in (Annotated, typing.Union, types.UnionType):
        options = typing.get_args(annotation)
        if typing.get_origin(annotation) is not Annotated:
            options = tuple(item for item in options if item is not type(None))
        annotation = options[0]
    return annotation
