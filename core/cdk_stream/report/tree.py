"""Lines that draw a tree, each thing with what is below it once."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")


def draw(
    roots: Iterable[T],
    below: Callable[[T], list[T]],
    title: Callable[[T], str],
    same: Callable[[T], Hashable],
) -> Iterator[str]:
    """One line for each thing, indented under its parent.

    A thing that is the `same` as one above, and has something below, ends in " ...".
    """
    drawn: set[Hashable] = set()
    waiting = [(root, "", "") for root in reversed(list(roots))]
    while waiting:
        thing, lead, indent = waiting.pop()
        children = below(thing)
        again = bool(children) and same(thing) in drawn
        yield f"{lead}{title(thing)}{' ...' if again else ''}"
        if again:
            continue
        drawn.add(same(thing))
        for child, last in reversed([(child, child is children[-1]) for child in children]):
            waiting.append(
                (child, f"{indent}{'└─' if last else '├─'} ", indent + ("   " if last else "│  "))
            )
