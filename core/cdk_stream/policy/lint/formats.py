"""The formats of `sprintf` that every engine prints alike."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from cdk_stream.policy.lint.shape import Scalar, Shape, alternatives, kinds
from cdk_stream.policy.text import Tree

_VERB = re.compile(r"%(?:%|[-+# 0]*[\d.*]*(?:\[\d+\])?[-+# 0]*[\d.*]*([a-zA-Z])|(.?))")
_PLAIN = {"%s": "s", "%d": "d", "%v": "v", "%x": "x"}
_MEND = "use %s for text, %d for whole numbers and %v for anything"
_ROUND = "round it: `round(x * 100) / 100` for two digits"


def wrong_format(written: Sequence[Tree], given: Sequence[Shape]) -> Iterator[tuple[str, str]]:
    """Message and mend for each form that engines print differently."""
    literal = written[0].get("String") or written[0].get("RawString")
    if literal is None:
        yield "the format of 'sprintf' is not written out", "write it as text in the call"
        return
    verbs = []
    for found in _VERB.finditer(literal["value"]):
        if found[0] == "%%":
            continue
        if found[0] not in _PLAIN:
            yield f"engines print '{found[0]}' differently", _mend(found[0])
            return
        verbs.append(found[0])
    values = written[1].get("Array")
    if values is None:
        return
    if len(values["items"]) != len(verbs):
        yield f"the format has {len(verbs)} verbs for {len(values['items'])} values", ""
        return
    for number, verb in enumerate(verbs):
        inner = given[1].first[number] if hasattr(given[1], "first") else None
        if inner is not None:
            yield from _wrong_value(verb, inner, number + 1)


def _mend(verb: str) -> str:
    return f"use %v, and {_ROUND}" if verb[-1:] in "eEfFgG" else _MEND


def _wrong_value(verb: str, shape: Shape, number: int) -> Iterator[tuple[str, str]]:
    known = kinds(shape)
    if any(isinstance(option, Scalar) and option.fraction for option in alternatives(shape)):
        yield f"engines print the fraction that is value {number} differently", _ROUND
    elif "set" in known:
        mend = 'join it in words: `concat(", ", x)`'
        yield f"engines print a set that is empty differently, and value {number} is a set", mend
    elif known and verb == "%s" and known <= {"number", "boolean", "null"}:
        yield f"value {number} is {' or '.join(sorted(known))}, which '%s' garbles", "use %v"
    elif known and verb in ("%d", "%x") and "number" not in known:
        yield f"value {number} is {' or '.join(sorted(known))}, which '{verb}' garbles", "use %v"
