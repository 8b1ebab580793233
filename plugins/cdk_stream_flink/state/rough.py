"""Two outlines of a job -> what may become of its state; what is not sure counts as drift."""

from __future__ import annotations

from collections.abc import Iterator

from cdk_stream.results.state import StateFinding, StateVerdict
from cdk_stream_flink.state.block import NEEDED
from cdk_stream_flink.state.outline import MAX_PARALLELISM, Outline

_WORDS = {
    "group_by": "GROUP BY",
    "window": "the window",
    "over": "OVER",
    "rank": "the top-N",
    "deduplicate": "the deduplication",
    "distinct": "DISTINCT",
    "match_recognize": "MATCH_RECOGNIZE",
    "order_by": "ORDER BY",
    "limit": "LIMIT",
    "sink": "the sink",
    "updates": "the input that is updated",
}
_MIXED = "what the job remembers was made the old way and goes on as if it were the new one"
_ELSE = "it restores as something else, if at all"


def compare_outlines(base: Outline | None, head: Outline | None) -> Iterator[StateFinding]:
    """What differs in the parts of the query that reach state."""
    if base is None or head is None:
        message = "the query is not understood: what it remembers may mean something else"
        yield StateFinding("drift", "the query", message)
    elif not base.kinds and head.kinds:
        message = "it starts empty, while the rows before it have been passed over already"
        yield StateFinding("drift", _operators(head), message)
    elif base.kinds and not head.kinds:
        message = "it is not in the new job: Flink refuses to start while there is state for it"
        yield StateFinding("incompatible", _operators(base), message)
    elif base.kinds:
        yield from _differences(base, head)


def compare_apart(base: Outline | None, head: Outline | None) -> Iterator[StateFinding]:
    """What differs in that which no plan shows; also asked where two plans are known."""
    if base is None or head is None:
        return
    for name in sorted(base.apart.keys() & head.apart.keys()):
        old, new = base.apart[name], head.apart[name]
        if old != new and name.startswith("topic of "):
            message = f"it goes on reading '{old}' from where it was, besides '{new}'"
            yield StateFinding("drift", name.removeprefix("topic of "), message)
        elif old != new and name.startswith("function "):
            message = f"it is another one now: {_MIXED}"
            yield StateFinding("drift", name, message)
    if base.apart.get(MAX_PARALLELISM) != head.apart.get(MAX_PARALLELISM):
        message = "state is split for another parallelism: Flink refuses it"
        yield StateFinding("incompatible", MAX_PARALLELISM, message)


def _differences(base: Outline, head: Outline) -> Iterator[StateFinding]:
    operator = _operators(head)
    differing = [
        name
        for name in dict.fromkeys([*base.parts, *head.parts])
        if base.parts.get(name) != head.parts.get(name)
    ]
    if not differing and (base.types.keys() != head.types.keys() or _reordered(base, head)):
        differing = [NEEDED]  # a star stands for other columns, or their order is another one
    if base.kinds != head.kinds:
        message = f"state is kept by {operator}, and was by {_operators(base)}: {_ELSE}"
        yield StateFinding("drift", operator, message)
    elif differing:
        message = ", ".join(_changed(base, head, name) for name in differing)
        verdict = _verdict(base, head, differing)
        end = "Flink refuses the state" if verdict == "incompatible" else _MIXED
        yield StateFinding(verdict, operator, f"{message}: {end}")
    retyped = [
        f"'{name}' is {head.types[name]}, it was {type_}"
        for name, type_ in base.types.items()
        if head.types.get(name, type_) != type_
    ]
    if retyped:
        message = f"{', '.join(retyped)}: Flink refuses state of another type"
        yield StateFinding("incompatible", operator, message)
    if base.ttl and (head.ttl == 0 or head.ttl > base.ttl):
        message = "it keeps state for longer: what the old job has forgotten already is missing"
        yield StateFinding("drift", operator, message)


def _changed(base: Outline, head: Outline, part: str) -> str:
    if part != NEEDED:
        return f"{part} changed"
    gained = [f"'{name}'" for name in head.types if name not in base.types]
    lost = [f"'{name}'" for name in base.types if name not in head.types]
    told = [f"needs {', '.join(gained)} as well"] if gained else []
    told += [f"does not need {', '.join(lost)} any more"] if lost else []
    return "it " + " and ".join(told) if told else "it takes columns in another order"


_OWN_ORDER = frozenset(("group_by", "window", "sink"))
"""Kinds that keep keys and results in the order of the query, not of its inputs."""


def _reordered(base: Outline, head: Outline) -> bool:
    return not _OWN_ORDER.issuperset(head.kinds) and [*base.types] != [*head.types]


def _verdict(base: Outline, head: Outline, differing: list[str]) -> StateVerdict:
    """Incompatible only where that is certain: drift asks the author no less."""
    if differing == [NEEDED]:
        return "drift" if _kept(base) == _kept(head) else "incompatible"
    for name in ("GROUP BY", "aggregates"):
        old, new = base.parts.get(name, ()), head.parts.get(name, ())
        if old and new and len(old) != len(new):
            return "incompatible"
    return "drift" if _key_types(base) == _key_types(head) else "incompatible"


def _kept(outline: Outline) -> list[tuple[str, str]]:
    """Input and type of each column that a join keeps, in order."""
    return [(name.rpartition(".")[0], type_) for name, type_ in outline.types.items()]


def _key_types(outline: Outline) -> list[str]:
    """The types of the grouping keys, as far as they are plain columns of inputs."""
    tables = [text.partition(" ")[0] for text in outline.parts.get("FROM", ())]
    found = []
    for key in outline.parts.get("GROUP BY", ()):
        index, _, column = key.removeprefix("#").partition(".")
        known = key.startswith("#") and index.isdigit() and int(index) < len(tables)
        name = f"{tables[int(index)]}.{column}" if known else ""
        found.append(outline.types.get(name, ""))
    return found


def _operators(outline: Outline) -> str:
    named = [_WORDS.get(kind, kind.replace("_", " ")) for kind in outline.kinds]
    return " and ".join(named)
