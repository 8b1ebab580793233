"""Violations -> one event for each test and stretch of time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from cdk_stream.results.violation import Violation

STRETCH = 300
"""In seconds: what one test finds within it is told once."""
Stretch = tuple[str, int]
"""A test, and which stretch since 1970."""


@dataclass(frozen=True, slots=True)
class Event:
    """What a test found within one stretch."""

    test: str
    model: str
    count: int
    assertions: tuple[str, ...]
    first: Violation


def events(found: Iterable[Violation], known: set[Stretch]) -> dict[Stretch, Event]:
    """What is new; `known` are the stretches that were acted on already."""
    grouped: dict[Stretch, list[Violation]] = {}
    for one in found:
        stretch = one.test, int(one.seconds // STRETCH)
        if stretch not in known:
            grouped.setdefault(stretch, []).append(one)
    return {stretch: _event(several) for stretch, several in grouped.items()}


def _event(several: list[Violation]) -> Event:
    first = min(several, key=lambda one: one.seconds)
    assertions = tuple(dict.fromkeys(one.assertion for one in several))
    return Event(first.test, first.model, len(several), assertions, first)
