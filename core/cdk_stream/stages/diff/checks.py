"""What differs in a test: does it still see what it saw?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import orjson

from cdk_stream.results.change import Aspect
from cdk_stream.results.manifest import Node
from cdk_stream.stages.diff.codes import aspect
from cdk_stream.stages.diff.promises import description_aspects, owner_aspects

_SUBJECTS = ("column", "key", "name", "expression", "target")
_CEILINGS = ("max", "max_ms", "max_ratio", "max_age", "seconds")
_FLOORS = ("min", "min_ratio")


def check_aspects(base: Node, head: Node) -> Iterator[Aspect]:
    """Aspects of what a test asserts, of what it looks at, and of what its failure does."""
    if base.get("model") != head.get("model"):
        message = f"it tests '{head.get('model')}' now, not '{base.get('model')}'"
        yield aspect("TEST_WEAKENED", "risky", message)
    if base.get("type") != head.get("type"):
        message = f"it runs as {head.get('type')} now, not as {base.get('type')}"
        yield aspect("TEST_WEAKENED", "risky", message)
    yield from _assertions(base, head)
    yield from _on_failure(base.get("on_failure") or {}, head.get("on_failure") or {})
    yield from owner_aspects(base, head)
    yield from description_aspects(base, head)


def _assertions(base: Node, head: Node) -> Iterator[Aspect]:
    old, new = _by_subject(base), _by_subject(head)
    for subject, assertion in old.items():
        if subject not in new:
            yield aspect("TEST_WEAKENED", "risky", f"{_told(subject)} is not asserted any more")
        elif new[subject] != assertion:
            yield _changed(subject, assertion, new[subject])
    for subject in new:
        if subject not in old:
            yield aspect("TEST_TIGHTENED", "safe", f"{_told(subject)} is asserted")


def _by_subject(node: Node) -> dict[tuple[str, str], Mapping[str, Any]]:
    """(kind, what it is about) -> assertion; a second one of the same gets a number."""
    found: dict[tuple[str, str], Mapping[str, Any]] = {}
    for assertion in node.get("assertions", ()):
        about = next((str(assertion[key]) for key in _SUBJECTS if key in assertion), "")
        subject, count = (assertion["kind"], about), 1
        while subject in found:
            count += 1
            subject = (assertion["kind"], f"{about} #{count}")
        found[subject] = assertion
    return found


def _told(subject: tuple[str, str]) -> str:
    kind, about = subject
    return f"{kind} of {about}" if about else kind


def _changed(subject: tuple[str, str], old: Mapping[str, Any], new: Mapping[str, Any]) -> Aspect:
    differing = sorted(key for key in old.keys() | new.keys() if old.get(key) != new.get(key))
    parts = ", ".join(
        f"{key} {_value(new.get(key))} instead of {_value(old.get(key))}" for key in differing
    )
    message = f"{_told(subject)} is checked otherwise: {parts}"
    if all(_tighter(key, old.get(key), new.get(key)) for key in differing):
        return aspect("TEST_TIGHTENED", "safe", message)
    return aspect("TEST_WEAKENED", "risky", message)


def _value(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _tighter(key: str, old: Any, new: Any) -> bool:
    """Whether the new argument lets less pass; False when that cannot be told."""
    if key == "values" and isinstance(old, list) and isinstance(new, list):
        return {orjson.dumps(value) for value in new} <= {orjson.dumps(value) for value in old}
    if key in _CEILINGS and isinstance(new, int | float):
        return old is None or (isinstance(old, int | float) and new <= old)
    if key in _FLOORS and isinstance(new, int | float):
        return old is None or (isinstance(old, int | float) and new >= old)
    return False


def _on_failure(base: Mapping[str, Any], head: Mapping[str, Any]) -> Iterator[Aspect]:
    old, new = base.get("severity", "error"), head.get("severity", "error")
    if old != new:
        code = "TEST_WEAKENED" if new == "warn" else "TEST_TIGHTENED"
        message = f"a failure is {new}, it was {old}"
        yield aspect(code, "risky" if new == "warn" else "safe", message)
    before = {orjson.dumps(action).decode() for action in base.get("actions", ())}
    after = {orjson.dumps(action).decode() for action in head.get("actions", ())}
    for action in sorted(before - after):
        yield aspect("TEST_WEAKENED", "risky", f"a failure does not lead to {action} any more")
    for action in sorted(after - before):
        yield aspect("TEST_TIGHTENED", "safe", f"a failure leads to {action}")
