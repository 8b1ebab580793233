"""What a change means for that which the model's running job remembers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from cdk_stream.results.change import Aspect
from cdk_stream.results.manifest import Node
from cdk_stream.results.state import StateChange, StateFinding
from cdk_stream.sql.analysis import STATEFUL
from cdk_stream.stages.diff.codes import aspect

Judge = Callable[[str], StateChange | None]
"""Node id -> what its backend says of the state; None when it says nothing."""

UNDECIDED = ("STATE_DRIFT", "STATE_INCOMPATIBLE", "STATE_UNKNOWN")
"""The aspects that the author must answer with `on_state_change`."""
_JOINS = {"regular_join", "interval_join", "temporal_join", "lookup_join", "cross_join"}
_MEND = "say 'on_state_change: reset', 'replay' or 'keep'"
_EMPTY = {
    "reset": "the job starts empty and goes on from the newest rows",
    "replay": "the job starts empty and reads its inputs again from the beginning",
}


def state_aspects(
    base: Node, head: Node, found: Iterable[Aspect], judge: Judge | None
) -> Iterator[Aspect]:
    """Aspects of the state axis, with what the author decided; `found` are all the others."""
    change = judge(head["id"]) if judge is not None else None
    if change is not None:
        yield from _judged(change, head.get("on_state_change", ""))
    elif _may_differ(base, head, found):
        yield _unknown(base, head)


def _judged(change: StateChange, policy: str) -> Iterator[Aspect]:
    for finding in change.findings:
        yield _aspect(finding, policy, change.advice)


def _aspect(finding: StateFinding, policy: str, advice: str) -> Aspect:
    verdict, operator, message = finding
    told = f"{operator}: {message}"
    if verdict == "pinned":
        mend = "start the new job with the old plan's ids, or it finds no state"
        return aspect("STATE_PINNED", "risky", told, mend=mend)
    if policy in _EMPTY:
        return aspect("STATE_RESET", "risky", f"{_EMPTY[policy]}; else {told}")
    if verdict == "incompatible":
        mend = "it cannot be kept: say 'on_state_change: reset' or 'replay'"
        return aspect("STATE_INCOMPATIBLE", "breaking", told, mend=_and(mend, advice))
    if policy == "keep":
        return aspect("STATE_KEPT", "risky", f"the author keeps the state; {told}")
    return aspect("STATE_DRIFT", "breaking", told, mend=_and(_MEND, advice))


def _and(mend: str, advice: str) -> str:
    return f"{mend}; {advice}" if advice else mend


def _may_differ(base: Node, head: Node, found: Iterable[Aspect]) -> bool:
    if base.get("fingerprint", "") == head.get("fingerprint", ""):
        return False
    return bool(_stateful(base, head)) and not _only_dressed(base, head, found)


def _stateful(base: Node, head: Node) -> set[str]:
    return set(STATEFUL & (set(base.get("features", ())) | set(head.get("features", ()))))


def _only_dressed(base: Node, head: Node, found: Iterable[Aspect]) -> bool:
    """Only expressions over joined rows differ: the join keeps the very same rows in its state."""
    rows = base.get("rows_fingerprint"), head.get("rows_fingerprint")
    return (
        rows[0] is not None
        and rows[0] == rows[1]
        and _stateful(base, head) <= _JOINS
        and all(one.code == "EXPRESSION_CHANGED" for one in found)
    )


def _unknown(base: Node, head: Node) -> Aspect:
    policy = head.get("on_state_change", "")
    kinds = ", ".join(kind.replace("_", " ") for kind in sorted(_stateful(base, head)))
    message = f"what the running job remembers ({kinds}) may not fit the new query"
    if policy in _EMPTY:
        return aspect("STATE_RESET", "risky", f"{_EMPTY[policy]}: {kinds}")
    if policy == "keep":
        return aspect("STATE_KEPT", "risky", f"the author keeps the state; {message}")
    return aspect("STATE_UNKNOWN", "risky", message, mend=_MEND)
