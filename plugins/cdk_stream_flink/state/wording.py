"""Operators and what differs between two of them, in few words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import zip_longest
from typing import Any

from cdk_stream_flink.state.origin import plain

_LONGEST = 60
_CUT = 120
_MOST = 3
_Leaf = tuple[str, str, str]
"""What is compared, what it was, what it is; "" for nothing."""


def label(says: str) -> str:
    """A planner's description cut short: `GroupAggregate(groupBy=[customer_id])`."""
    name, _, rest = says.partition("(")
    first, more, _ = rest.partition("], ")
    first = f"{first}])" if more else rest
    return f"{name}({first}" if 1 < len(first) <= _LONGEST else name


def differing(old: Any, new: Any) -> str:
    """The leaves of two JSON values that differ: `size is PT20S, it was PT10S`."""
    leaves = list(_leaves("", old, new))
    told = [_leaf(*leaf) for leaf in leaves[:_MOST]]
    more = f", and {len(leaves) - _MOST} more" if len(leaves) > _MOST else ""
    return ", ".join(told) + more


def _leaf(name: str, old: str, new: str) -> str:
    if not old or not new:
        return f"{name} {new} comes in" if new else f"{name} {old} goes"
    return f"{name} is {new}, it was {old}"


def _leaves(name: str, old: Any, new: Any) -> Iterator[_Leaf]:
    if old == new:
        return
    if _is_call(old) and _is_call(new):
        yield "a call", _call(old), _call(new)
    elif isinstance(old, Mapping) and isinstance(new, Mapping):
        for key in sorted(old.keys() | new.keys()):
            yield from _leaves(key, old.get(key), new.get(key))
    elif isinstance(old, list) and isinstance(new, list):
        for before, after in zip_longest(old, new):
            yield from _leaves(name, before, after)
    else:
        yield name, _value(old), _value(new)


def _value(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else plain(value)


def _is_call(value: Any) -> bool:
    return isinstance(value, Mapping) and "internalName" in value


def _call(value: Mapping[str, Any]) -> str:
    """`SUM(DISTINCT 1)`; the numbers are columns of the operator's input."""
    name = str(value["internalName"]).strip("$").partition("$")[0]
    taken = ", ".join(str(item) for item in value.get("argList", value.get("operands", ())))
    called = f"{name}({'DISTINCT ' if value.get('distinct') else ''}{taken})"
    return f"{called} of {value['filterArg']}" if value.get("filterArg", -1) >= 0 else called


def listed(old: Iterable[str], new: Iterable[str]) -> str:
    """What goes and what comes in between two lists of texts."""
    before, after = Counter(old), Counter(new)
    lost, gained = _short(before - after), _short(after - before)
    if lost and gained:
        return f"{lost} becomes {gained}"
    if gained:
        return f"{gained} comes in"
    return f"{lost} goes" if lost else "in another order"


def _short(texts: Counter[str]) -> str:
    cut = [text if len(text) <= _CUT else f"{text[:_CUT]}..." for text in texts.elements()]
    more = f"; and {len(cut) - _MOST} more" if len(cut) > _MOST else ""
    return "; ".join(cut[:_MOST]) + more
