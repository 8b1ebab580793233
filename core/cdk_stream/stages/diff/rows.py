"""What differs in which rows come out of a model, and when."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cdk_stream.results.change import Aspect
from cdk_stream.results.manifest import Node
from cdk_stream.sql.analysis import STATEFUL
from cdk_stream.stages.diff.codes import aspect
from cdk_stream.stages.diff.filters import filter_aspects
from cdk_stream.stages.diff.windows import window_aspects

_JOINS = {"regular_join", "interval_join", "temporal_join", "lookup_join", "cross_join"}
_GROUPINGS = {"group_by", "over", "rank", "deduplicate", "distinct"}
# These say how the query is written; what it gives is compared elsewhere.
_WRITING = {"filter", "projection", "computed", "cte", "udf", "window"}
_ORDER = {"append": 0, "upsert": 1, "retract": 2}
_RENEW = "give the model a new version and move its readers to it"


def row_aspects(base: Node, head: Node) -> Iterator[Aspect]:
    """Aspects of filters, windows, joins, grouping, key, time and changelog mode."""
    yield from filter_aspects(base.get("filters", ()), head.get("filters", ()))
    yield from window_aspects(base.get("windows", ()), head.get("windows", ()))
    yield from _shape(base, head)
    yield from _key(base, head)
    yield from _time(base, head)
    yield from _patience(base, head)
    yield from _changelog(base, head)
    if set(base.get("functions", ())) != set(head.get("functions", ())):
        called = _listed(set(head.get("functions", ())) ^ set(base.get("functions", ())))
        yield aspect("FUNCTIONS_CHANGED", "risky", f"calls to {called} come or go")


def query_aspects(base: Node, head: Node, found: Iterable[Aspect]) -> Iterator[Aspect]:
    """What the query's fingerprint tells beyond the aspects `found`."""
    if base.get("fingerprint", "") == head.get("fingerprint", ""):
        yield from _unread(base, head)
        return
    rows = base.get("rows_fingerprint"), head.get("rows_fingerprint")
    told = any(one.axis == "meaning" and not one.column for one in found)
    if None in rows:
        message = "the query changes, and which of its columns do cannot be told"
        yield aspect("QUERY_CHANGED", "risky", message)
    elif rows[0] != rows[1] and not told:
        message = "other rows come out: a join's condition, a HAVING or an inner query differs"
        yield aspect("QUERY_CHANGED", "breaking", message)


def _unread(base: Node, head: Node) -> Iterator[Aspect]:
    """A query that nothing could be told of has only its text to go by."""
    if head.get("fingerprint"):
        return
    if any(base.get(key, "") != head.get(key, "") for key in ("sql", "cel")):
        message = "the query changes, and what it means is not known"
        yield aspect("QUERY_CHANGED", "breaking", message)


def _shape(base: Node, head: Node) -> Iterator[Aspect]:
    old, new = set(base.get("features", ())), set(head.get("features", ()))
    changed = (old ^ new) - _WRITING
    influences = _influences(base), _influences(head)
    joins = changed & _JOINS
    if joins:
        yield _breaking("JOIN_CHANGED", f"{_gained_and_lost(joins, old)}")
    elif influences[0].get("join", set()) != influences[1].get("join", set()):
        yield _breaking("JOIN_CHANGED", "the join is on other columns")
    groupings = changed & _GROUPINGS
    if groupings:
        yield _breaking("GROUPING_CHANGED", f"{_gained_and_lost(groupings, old)}")
    elif influences[0].get("group_by", set()) != influences[1].get("group_by", set()):
        yield _breaking("GROUPING_CHANGED", "the grouping is by other columns")
    rest = changed - _JOINS - _GROUPINGS
    if rest:
        yield _breaking("ROWS_CHANGED", f"{_gained_and_lost(rest, old)}")


def _breaking(code: str, message: str) -> Aspect:
    return aspect(code, "breaking", message, mend=_RENEW)


def _gained_and_lost(changed: set[str], old: set[str]) -> str:
    lost, gained = _listed(changed & old), _listed(changed - old)
    if lost and gained:
        return f"{lost} becomes {gained}"
    return f"{gained} comes in" if gained else f"{lost} goes"


def _listed(names: set[str]) -> str:
    return ", ".join(name.replace("_", " ") if name in STATEFUL else name for name in sorted(names))


def _influences(node: Node) -> dict[str, set[tuple[str, str]]]:
    found: dict[str, set[tuple[str, str]]] = {}
    for parent, column, kinds in node.get("influences", ()):
        for kind in kinds:
            found.setdefault(kind, set()).add((parent, column))
    return found


def _key(base: Node, head: Node) -> Iterator[Aspect]:
    old, new = base.get("key", []), head.get("key", [])
    if old != new:
        message = f"key changes from {_columns(old)} to {_columns(new)}"
        yield _breaking("KEY_CHANGED", f"{message}: rows land in other partitions")


def _columns(names: Iterable[str]) -> str:
    return ", ".join(f"'{name}'" for name in names) or "none"


def _time(base: Node, head: Node) -> Iterator[Aspect]:
    old, new = base.get("event_time", ""), head.get("event_time", "")
    if old != new:
        message = f"event time changes from {_columns([old] if old else [])}"
        message += f" to {_columns([new] if new else [])}"
        yield aspect("EVENT_TIME_CHANGED", "breaking", message)
    before, after = base.get("watermark_ms", 0), head.get("watermark_ms", 0)
    if after > before:
        message = f"rows are waited for {after} ms, not {before} ms: results come later"
        yield aspect("WATERMARK_LENGTHENED", "risky", message)
    elif after < before:
        message = f"rows are waited for {after} ms, not {before} ms: more late rows are dropped"
        yield aspect("WATERMARK_SHORTENED", "risky", message)


def _patience(base: Node, head: Node) -> Iterator[Aspect]:
    old, new = base.get("idle_timeout_ms", 0), head.get("idle_timeout_ms", 0)
    if old != new:
        message = f"a partition without rows holds time back for {new} ms, not {old} ms"
        yield aspect("IDLE_TIMEOUT_CHANGED", "risky", message)
    before, after = base.get("state_ttl"), head.get("state_ttl")
    if before != after:
        message = f"state is kept for {after or 'ever'}, it was {before or 'ever'}"
        yield aspect("STATE_TTL_CHANGED", "risky", message)


def _changelog(base: Node, head: Node) -> Iterator[Aspect]:
    old, new = base.get("changelog", "append"), head.get("changelog", "append")
    if old != new:
        harder = _ORDER.get(new, 3) > _ORDER.get(old, 3)
        message = f"rows come as {new}, not as {old}"
        yield aspect("CHANGELOG_CHANGED", "breaking" if harder else "risky", message)
