"""Write until a look says that it is so: what makes a step safe to run again."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Generic, NamedTuple, TypeVar

from cdk_stream.plugin.system import SystemFailed

T = TypeVar("T")
WRITES = 3
LOOKS = 40
_FIRST_PAUSE, _LONGEST_PAUSE = 0.05, 1.0


class Converged(NamedTuple, Generic[T]):
    """What was seen last, and whether a write was sent for it."""

    seen: T
    changed: bool


def converge(
    what: str,
    look: Callable[[], T],
    is_done: Callable[[T], bool],
    write: Callable[[T], None],
    *,
    pause: Callable[[float], None] = time.sleep,
) -> Converged[T]:
    """Look, write when it is not done, and look again until it is.

    A write that may have arrived is followed by a look, and sent again when nothing came of it, at
    most three times in all. Systems that show a change late are given about half a minute. Raises
    `SystemFailed` when it still is not done.
    """
    seen = look()
    changed = False
    failure: SystemFailed | None = None
    for _ in range(WRITES):
        if is_done(seen):
            return Converged(seen, changed)
        changed = True
        failure = _written(write, seen)
        seen = _awaited(look, is_done, 4 if failure else LOOKS, pause)
        if failure is None:
            break
    if is_done(seen):
        return Converged(seen, changed)
    raise failure or SystemFailed(
        f"{what} was accepted, and does not show",
        "look at the system itself, then run the deploy again: it goes on where it stopped",
        unsure=True,
    )


def _written(write: Callable[[T], None], seen: T) -> SystemFailed | None:
    try:
        write(seen)
    except SystemFailed as error:
        if not error.unsure:
            raise
        return error
    return None


def _awaited(
    look: Callable[[], T],
    is_done: Callable[[T], bool],
    looks: int,
    pause: Callable[[float], None],
) -> T:
    wait = _FIRST_PAUSE
    seen = look()
    for _ in range(looks - 1):
        if is_done(seen):
            break
        pause(wait)
        wait = min(1.5 * wait, _LONGEST_PAUSE)
        seen = look()
    return seen
