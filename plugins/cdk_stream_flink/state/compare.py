"""Two signatures of a job -> what becomes of its state when the one takes over from the other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from cdk_stream.results.state import StateChange, StateFinding, StateVerdict
from cdk_stream_flink.state.consequence import consequence
from cdk_stream_flink.state.signature import Operator, Signature
from cdk_stream_flink.state.wording import differing, label, listed

Pair = tuple[Operator, Operator]


def compare(base: Signature, head: Signature) -> StateChange:
    """What differs for every operator that keeps state; no findings when nothing does."""
    pairs, gone, new = _matched(base.operators, head.operators)
    findings = [finding for pair in pairs for finding in _kept(*pair)]
    findings += [_gone(operator) for operator in gone]
    findings += [_new(operator) for operator in new]
    return StateChange(tuple(findings))


def _matched(
    base: Iterable[Operator], head: Iterable[Operator]
) -> tuple[list[Pair], list[Operator], list[Operator]]:
    """Operators at the same place, then those of one kind in order; the rest has no partner."""
    pairs: list[Pair] = []
    left, right = list(base), list(head)
    for same in (_by_place, _by_kind):
        waiting: defaultdict[str, list[Operator]] = defaultdict(list)
        for operator in right:
            waiting[same(operator)].append(operator)
        for operator in list(left):
            partners = waiting[same(operator)]
            if partners:
                pairs.append((operator, partners[0]))
                left.remove(operator)
                right.remove(partners.pop(0))
    return pairs, left, right


def _by_place(operator: Operator) -> str:
    return operator.place


def _by_kind(operator: Operator) -> str:
    return operator.kind


def _kept(old: Operator, new: Operator) -> Iterator[StateFinding]:
    if old.kind != new.kind:
        yield _replaced(old, new)
        return
    differs = _differences(old, new)
    if old.layout != new.layout and old.is_known and new.is_known:
        fields = listed(old.layout, new.layout)
        message = f"it keeps other fields than before ({fields}): Flink refuses the state"
        yield _finding("incompatible", new, message)
    elif old.place != new.place and differs:
        message = f"{differs}, and its id changes: Flink finds no operator for the old state"
        yield _finding("incompatible", new, message)
    elif differs:
        yield _finding("drift", new, f"{differs}: {consequence(new.kind)}")
    elif old.place != new.place:
        message = "it does the same, but its id changes with what comes before or after it"
        yield _finding("pinned", new, message)
    if _is_longer(old.ttl, new.ttl):
        message = "it keeps state for longer: what the old job has forgotten already is missing"
        yield _finding("drift", new, message)


def _replaced(old: Operator, new: Operator) -> StateFinding:
    taken = f"it takes the place of {label(old.says)}"
    if _keys(old) != _keys(new):
        message = f"{taken}, and has another key: Flink refuses the state"
        return _finding("incompatible", new, message)
    return _finding("drift", new, f"{taken}: what that one knew is dropped without a word")


def _keys(operator: Operator) -> list[str]:
    return [text for text in operator.layout if text.startswith("key ")]


def _is_longer(old: tuple[int, ...], new: tuple[int, ...]) -> bool:
    if len(old) != len(new):
        return False
    pairs = zip(old, new, strict=True)
    return any(before and (after == 0 or after > before) for before, after in pairs)


def _differences(old: Operator, new: Operator) -> str:
    told = []
    if old.layout != new.layout:
        told.append(f"it keeps other fields ({listed(old.layout, new.layout)})")
    if old.does != new.does:
        told.append(differing(old.does, new.does))
    before, after = _rows(old), _rows(new)
    if old.does != new.does:  # the part that collects before says the same once more
        before, after = ([text for text in one if "local-" not in text] for one in (before, after))
    if before != after:
        told.append(f"it takes other rows ({listed(before, after)})")
    if not told and old.reads != new.reads:
        told.append("it takes other rows")
    return ", and ".join(told)


def _rows(operator: Operator) -> list[str]:
    """What is read, column by column, then the conditions."""
    columns = [column for texts in operator.reads for column in texts[:1]]
    return [*columns, *(text for texts in operator.reads for text in texts[1:])]


def _gone(operator: Operator) -> StateFinding:
    message = "it is not in the new job: Flink refuses to start while there is state for it"
    return _finding("incompatible", operator, message)


def _new(operator: Operator) -> StateFinding:
    message = "it is new and starts empty, while what lies before it goes on"
    return _finding("drift", operator, message)


def _finding(verdict: StateVerdict, operator: Operator, message: str) -> StateFinding:
    return StateFinding(verdict, label(operator.says), message)
