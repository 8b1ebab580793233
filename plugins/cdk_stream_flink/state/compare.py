"""Two signatures of a job -> what becomes of its state when the one takes over from the other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from cdk_stream.results.state import StateChange, StateFinding
from cdk_stream_flink.state.consequence import consequence
from cdk_stream_flink.state.signature import Operator, Signature

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
        fields = _listed(old.layout, new.layout)
        message = f"it keeps other fields than before ({fields}): Flink refuses the state"
        yield StateFinding("incompatible", new.says, message)
    elif old.place != new.place and differs:
        message = f"{differs}, and its id changes: Flink finds no operator for the old state"
        yield StateFinding("incompatible", new.says, message)
    elif differs:
        yield StateFinding("drift", new.says, f"{differs}: {consequence(new.kind)}")
    elif old.place != new.place:
        message = "it does the same, but its id changes with what comes before or after it"
        yield StateFinding("pinned", new.says, message)
    if _is_longer(old.ttl, new.ttl):
        message = "it keeps state for longer: what the old job has forgotten already is missing"
        yield StateFinding("drift", new.says, message)


def _replaced(old: Operator, new: Operator) -> StateFinding:
    message = f"it takes the place of {old.says}: what that one knew is dropped without a word"
    if _keys(old) != _keys(new):
        message = f"it takes the place of {old.says}, and has another key: Flink refuses the state"
        return StateFinding("incompatible", new.says, message)
    return StateFinding("drift", new.says, message)


def _keys(operator: Operator) -> list[str]:
    return [text for text in operator.layout if text.startswith("key ")]


def _is_longer(old: tuple[int, ...], new: tuple[int, ...]) -> bool:
    if len(old) != len(new):
        return False
    return any(
        before and (after == 0 or after > before) for before, after in zip(old, new, strict=True)
    )


def _differences(old: Operator, new: Operator) -> str:
    told = []
    if old.layout != new.layout:
        told.append(f"what it keeps changes ({_listed(old.layout, new.layout)})")
    if old.does != new.does:
        told.append(f"it was {old.says}" if old.says != new.says else _settings(old, new))
    if old.reads != new.reads:
        told.append(f"it takes other rows ({_rows(old, new)})")
    return ", and ".join(told)


def _settings(old: Operator, new: Operator) -> str:
    keys = sorted(old.does.keys() | new.does.keys())
    differing = [key for key in keys if old.does.get(key) != new.does.get(key)]
    return f"its settings change ({', '.join(differing)})"


def _rows(old: Operator, new: Operator) -> str:
    before = [text for one in old.reads for text in one]
    after = [text for one in new.reads for text in one]
    return _listed(before, after)


def _listed(old: Iterable[str], new: Iterable[str]) -> str:
    before, after = list(old), list(new)
    lost = [text for text in before if text not in after]
    gained = [text for text in after if text not in before]
    if not lost and not gained:
        return "in another order"
    if lost and gained:
        return f"{'; '.join(lost)} becomes {'; '.join(gained)}"
    return f"{'; '.join(gained)} comes in" if gained else f"{'; '.join(lost)} goes"


def _gone(operator: Operator) -> StateFinding:
    message = "it is not in the new job: Flink refuses to start while there is state for it"
    return StateFinding("incompatible", operator.says, message)


def _new(operator: Operator) -> StateFinding:
    message = "it is new and starts empty, while what lies before it goes on"
    return StateFinding("drift", operator.says, message)
