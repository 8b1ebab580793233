"""What can go wrong with GitHub, on demand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

Trouble = (
    int
    | Literal["rate limit", "long rate limit", "retry after", "truncated", "slow", "reset", "html"]
)
"""A status, `rate limit`: 403 until the next second, `long rate limit`: 403 for 50 minutes,
`retry after`: 429 with a header, `truncated`: half of the JSON with the right length, `slow`: an
answer that comes too late, `reset`: the connection breaks, `html`: a page of a proxy."""


@dataclass
class Fault:
    """Troubles for the next requests of an operation, one each."""

    method: str
    ending: str
    """How the operation's template ends: `/reviews`."""
    troubles: list[Trouble]
    page: int | None = None


@dataclass
class Moment:
    """Something that happens just before the nth request of an operation is answered."""

    method: str
    ending: str
    act: Callable[[], None]
    left: int = 1


@dataclass
class Faults:
    planned: list[Fault] = field(default_factory=list)
    moments: list[Moment] = field(default_factory=list)

    def plan(self, method: str, ending: str, *troubles: Trouble, page: int | None = None) -> None:
        self.planned.append(Fault(method, ending, list(troubles), page))

    def before(self, method: str, ending: str, act: Callable[[], None], nth: int = 1) -> None:
        self.moments.append(Moment(method, ending, act, nth))

    def next(self, method: str, template: str, page: int) -> Trouble | None:
        self._happen(method, template)
        for fault in self.planned:
            fits = fault.method == method and template.endswith(fault.ending)
            if fits and fault.troubles and fault.page in (None, page):
                return fault.troubles.pop(0)
        return None

    def _happen(self, method: str, template: str) -> None:
        for moment in self.moments:
            if moment.method == method and template.endswith(moment.ending):
                moment.left -= 1
                if moment.left == 0:
                    moment.act()
