"""What a change of a model means for that which its running job remembers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

StateVerdict = Literal["safe", "pinned", "drift", "incompatible"]
"""safe: the new job goes on where the old one stopped. pinned: it does once the operators keep
their ids. drift: the state restores and means something else. incompatible: it does not restore.
"""

WORSE: dict[StateVerdict, int] = {"safe": 0, "pinned": 1, "drift": 2, "incompatible": 3}


class StateFinding(NamedTuple):
    """One operator of the job, and what becomes of that which it remembers."""

    verdict: StateVerdict
    operator: str
    """In the backend's own words: `GroupAggregate(groupBy=[customer_id], ...)`, `GROUP BY`."""
    message: str
    """What differs and what would be wrong; lower-case, no full stop."""


@dataclass(frozen=True, slots=True)
class StateChange:
    """The answer of a backend whose jobs keep state; no findings: nothing is lost or mixed."""

    findings: tuple[StateFinding, ...] = ()
    planned: bool = True
    """The target system's own planner was heard; else the answer is ours, and strict."""
    advice: str = ""
    """How to find out more, when it was not heard."""

    @property
    def verdict(self) -> StateVerdict:
        """The worst of the findings."""
        return max((one.verdict for one in self.findings), key=WORSE.__getitem__, default="safe")


SAFE = StateChange()
