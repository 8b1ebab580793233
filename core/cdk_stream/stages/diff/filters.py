"""Whether a filter lets fewer rows through, or more."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from cdk_stream.results.change import Aspect
from cdk_stream.stages.diff.codes import aspect

_LITERAL = r"'(?:[^']|'')*'|[\w.]+"
_MEMBERSHIP = re.compile(
    rf"(?P<subject>.+?)\s+IN\s+\((?P<values>(?:{_LITERAL})(?:,\s*(?:{_LITERAL}))*)\)",
    re.IGNORECASE | re.DOTALL,
)
_EQUALITY = re.compile(rf"(?P<subject>.+?)\s+=\s+(?P<values>{_LITERAL})", re.DOTALL)
_VALUE = re.compile(_LITERAL)
_KIND = re.compile(r"\b(?:source|model)\.(?=\w)")
# `NOT x IN (1)` and `a OR x IN (1)` let more rows through when the list gets shorter.
_LOGIC = re.compile(r"\b(NOT|AND|OR|CASE)\b", re.IGNORECASE)


def filter_aspects(base: Iterable[str], head: Iterable[str]) -> Iterator[Aspect]:
    """One aspect when the sets of conjuncts differ; each conjunct is canonical SQL."""
    gone, come = sorted(set(base) - set(head)), sorted(set(head) - set(base))
    if not gone and not come:
        return
    if not gone:
        yield aspect("FILTER_NARROWED", "risky", f"only rows with {_all(come)} come out now")
    elif not come:
        yield aspect("FILTER_WIDENED", "risky", f"rows without {_all(gone)} come out as well now")
    elif len(gone) == 1 and len(come) == 1:
        yield _replaced(gone[0], come[0])
    else:
        yield _changed(_all(gone), _all(come))


def _all(conjuncts: list[str]) -> str:
    return " and ".join(f"'{_shown(conjunct)}'" for conjunct in conjuncts)


def _shown(conjunct: str) -> str:
    """Without the kinds of its inputs: `raw.status`, not `source.raw.status`."""
    return _KIND.sub("", conjunct)


def _changed(gone: str, come: str) -> Aspect:
    return aspect("FILTER_CHANGED", "risky", f"the filter is {come}, not {gone}")


def _replaced(gone: str, come: str) -> Aspect:
    old, new = _values(gone), _values(come)
    if old and new and old[0] == new[0]:
        subject = f"'{_shown(old[0])}'"
        if new[1] < old[1]:
            lost = ", ".join(sorted(old[1] - new[1]))
            message = f"rows with {lost} in {subject} do not come out any more"
            return aspect("FILTER_NARROWED", "risky", message)
        if new[1] > old[1]:
            gained = ", ".join(sorted(new[1] - old[1]))
            message = f"rows with {gained} in {subject} come out as well now"
            return aspect("FILTER_WIDENED", "risky", message)
    return _changed(_all([gone]), _all([come]))


def _values(conjunct: str) -> tuple[str, frozenset[str]] | None:
    """The subject and the literals of `x IN (1, 2)` or `x = 1`; None for anything else."""
    match = _MEMBERSHIP.fullmatch(conjunct) or _EQUALITY.fullmatch(conjunct)
    if not match or _LOGIC.search(match["subject"]):
        return None
    return match["subject"], frozenset(_VALUE.findall(match["values"]))
