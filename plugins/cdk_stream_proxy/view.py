"""A stateless model as the Gateway could run it: one topic, the fields shown, the rows kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from cdk_stream_proxy.predicate import TRUE, Predicate, Value


class Shown(NamedTuple):
    """A field of the topic under the name it has in the view."""

    name: str
    path: tuple[str, ...]


class Chosen(NamedTuple):
    """A column with one of several literals: CASE WHEN ... THEN ... ELSE ... END."""

    name: str
    branches: tuple[tuple[Predicate, Value], ...]
    otherwise: Value


@dataclass(frozen=True, slots=True)
class View:
    """`columns` is None when every field is shown as it is."""

    topic: str
    format: str
    columns: tuple[Shown | Chosen, ...] | None = None
    predicate: Predicate = TRUE
