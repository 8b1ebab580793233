"""Who reads topics right now, as brokers know it."""

from __future__ import annotations

from dataclasses import dataclass

from cdk_stream.results.change import Category


@dataclass(frozen=True, slots=True)
class LiveGroup:
    """A consumer group that has offsets in a topic, or members that read it."""

    group: str
    topic: str
    members: int | None = None
    """How many read at the moment; None when nobody said."""
    principals: tuple[str, ...] = ()
    """The accounts of its members without `User:`, as far as they are known."""


@dataclass(frozen=True, slots=True)
class LiveGroups:
    """What was seen, and where: a file's name, or `the brokers of 'main'`."""

    groups: tuple[LiveGroup, ...]
    source: str


@dataclass(frozen=True, slots=True)
class Undeclared:
    """A live group that reads what a change touches; `severity` is the change's."""

    group: str
    topic: str
    node: str
    """The changed node, or the nearest one downstream of it, whose topic that is."""
    severity: Category
    members: int | None = None
