"""What every authored thing shares: unknown keys are errors, values never change."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Annotated, Any, ClassVar, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

T = TypeVar("T")


class Authored(BaseModel):
    """A mapping of the user's YAML: closed, frozen, and filled by the names written there."""

    model_config: ClassVar[ConfigDict] = ConfigDict(
        extra="forbid", frozen=True, populate_by_name=True, defer_build=True
    )


A = TypeVar("A", bound=Authored)


def unsaid(class_: type[A]) -> A:
    """What a part means that is left out: its defaults, without building its validator first."""
    return class_.model_construct()


def shared(value: T) -> Callable[[], T]:
    """A default that every instance shares: pydantic would copy it deeply, and it never changes."""
    return lambda: value


def _as_list(value: object) -> object:
    if value is None or isinstance(value, list):
        return value
    return [value]


def _merge_mappings(value: object) -> object:
    """The two forms a user may write: a mapping, or a list of one-key mappings."""
    if isinstance(value, list) and all(isinstance(item, Mapping) for item in value):
        return {key: item[key] for item in value for key in item}
    return value


_DURATION = re.compile(
    r"^\s*(\d{1,12}(?:\.\d{1,12})?)\s*(ms|millis(?:econds?)?|s|sec(?:onds?)?|m|min(?:utes?)?|h|hours?|d|days?)\s*$",
    re.IGNORECASE,
)
_UNIT_MS = {"ms": 1, "mi": 60_000, "s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000}


def milliseconds(duration: str) -> int:
    """`"5 minutes"`, `"1 hour"`, `"250ms"`, `"7d"` in milliseconds; ValueError when it is none."""
    match = _DURATION.match(duration)
    if not match:
        raise ValueError(f"'{duration}' is not a duration such as '5 seconds', '15m' or '1 hour'")
    unit = match[2].lower()
    if unit.startswith("milli"):
        return round(float(match[1]))
    return round(float(match[1]) * _UNIT_MS.get(unit[:2], _UNIT_MS.get(unit[0], 0)))


def _check_duration(value: object) -> object:
    if isinstance(value, str):
        milliseconds(value)
    return value


_REFERENCE = re.compile(
    r"""^\s*(?:\{\{\s*)?(ref|source)\(\s*(["'])([\w.-]+)\2\s*\)(?:\s*\}\})?\s*$"""
)


def reference_name(text: str) -> str:
    """The name in `ref("x")`, `source("x")`, `{{ ref('x') }}` or plain `x`."""
    match = _REFERENCE.match(text)
    return match[3] if match else text


def _check_reference(value: object) -> object:
    if isinstance(value, str) and not re.fullmatch(r"[\w.-]+", reference_name(value)):
        raise ValueError(f"""'{value}' is not a reference such as ref("name") or source("name")""")
    return value


def _check_topic(value: object) -> object:
    if isinstance(value, str) and not re.fullmatch(r"[a-zA-Z0-9._-]{1,249}", value):
        raise ValueError(f"'{value}' is no name of a topic: letters, digits, '.', '_' and '-' only")
    return value


TopicName = Annotated[str, BeforeValidator(_check_topic)]
"""A topic of Kafka: `payments.raw.v1`."""

Duration = Annotated[str, BeforeValidator(_check_duration)]
"""A length of time in words: `5 seconds`, `15m`, `1 hour`, `250ms`, `7d`."""

Reference = Annotated[str, BeforeValidator(_check_reference)]
"""Another node: `ref("x")`, `source("x")`, or its bare name."""

ListOf = Annotated[tuple[T, ...], BeforeValidator(_as_list)]
"""One item or a list of items."""

MappingOf = Annotated[dict[str, T], BeforeValidator(_merge_mappings)]
"""A mapping, or a list of one-key mappings that is read as one."""

Name = Annotated[str, Field(pattern=r"^[A-Za-z_][\w.-]*$", max_length=200)]
"""A name: a letter or underscore, then letters, digits, `_`, `.` and `-`."""

Meta = dict[str, Any]
"""Free keys for the team's own tools; carried into the manifest, read by nobody here."""
