"""Calls of functions that come with Rego: what they take, what they give, where engines differ."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cdk_stream.policy.lint.formats import wrong_format
from cdk_stream.policy.lint.shape import (
    BY_KIND,
    FRACTION,
    OBJECT,
    Many,
    Object,
    Scalar,
    Shape,
    either,
    field,
    fields,
    items,
    kinds,
)
from cdk_stream.policy.signature import ANY, Types, signatures
from cdk_stream.policy.text import Tree
from cdk_stream.problems import near

Told = tuple[str, str, str]
"""Code, message, mend."""
NEVER, DIFFER = "CS714", "CS717"
_SUMS = {"sum", "product", "abs", "max", "min"}


def result(name: str, written: Sequence[Tree], given: Sequence[Shape]) -> Shape:
    """What the function gives for arguments of these shapes."""
    if name == "object.get" and len(given) == 3:
        return _gotten(written[1], given)
    if name == "object.union" and len(given) == 2:
        return _united(*given)
    if name in ("max", "min") and given:
        return items(given[0])
    if name == "sort" and given:
        return Many("array", items(given[0]))
    if name in ("array.concat", "array.slice", "array.reverse") and given:
        inner = given[:2] if name == "array.concat" else given[:1]
        return Many("array", either(items(shape) for shape in inner))
    if name in _SUMS and any(isinstance(s, Scalar) and s.fraction for s in map(items, given[:1])):
        return FRACTION
    if name in ("split", "graph.reachable"):
        return Many("array" if name == "split" else "set", BY_KIND["string"])
    return either(BY_KIND[kind] for kind in sorted(signatures()[name].result))


def _gotten(key: Tree, given: Sequence[Shape]) -> Shape:
    found = field(given[0], key["String"]["value"]) if "String" in key else None
    return either([found[0] if found else BY_KIND["any"], given[2]])


def _united(left: Shape, right: Shape) -> Shape:
    if not (isinstance(left, Object) and isinstance(right, Object)) or OBJECT in (left, right):
        return OBJECT
    known = dict(left.fields)
    for key, (shape, always) in right.fields.items():
        before = known.get(key)
        if before and not always:
            known[key] = either([before[0], shape]), before[1]
        else:
            known[key] = shape, always
    rests = [option.rest for option in (left, right) if option.rest is not None]
    return Object(known, either(rests) if rests else None)


def wrong(
    name: str, written: Sequence[Tree], given: Sequence[Shape], *, output: bool
) -> Iterator[Told]:
    """What is wrong with a call: `written` are its arguments, `given` their shapes.

    With `output`, one more argument may get the result.
    """
    takes = signatures()[name].arguments
    if takes is None:
        return
    if message := wrong_number(name, len(takes), len(given), output=output):
        yield NEVER, message, ""
        return
    for number, (asked, shape) in enumerate(zip(takes, given, strict=False), 1):
        if not _fits(asked, shape):
            are, want = " or ".join(sorted(kinds(shape))), " or ".join(sorted(asked))
            yield NEVER, f"argument {number} of '{name}' is {are}, not {want}", ""
    if name == "walk" and len(given) == 1:
        yield DIFFER, "engines walk differently", "write `walk(x, [path, value])`"
    elif name == "sprintf":
        yield from ((DIFFER, message, mend) for message, mend in wrong_format(written, given))
    elif name == "object.get":
        yield from _wrong_get(written, given)
    elif name in ("time.add_date", "time.format"):
        yield from _wrong_time(name, written)


def wrong_number(name: str, takes: int, given: int, *, output: bool) -> str:
    """What is wrong with so many arguments."""
    if takes <= given <= takes + output:
        return ""
    return f"function '{name}' takes {takes} argument{'' if takes == 1 else 's'}, not {given}"


def _fits(asked: Types, shape: Shape) -> bool:
    known = kinds(shape)
    return asked == ANY or not known or bool(known & asked)


def _wrong_get(written: Sequence[Tree], given: Sequence[Shape]) -> Iterator[Told]:
    """The default hides a misspelt key."""
    key = written[1]
    if "String" in key and field(given[0], key["String"]["value"]) is None:
        name = key["String"]["value"]
        yield NEVER, f"there is no field '{name}' here", near(name, set(fields(given[0])))


def _wrong_time(name: str, written: Sequence[Tree]) -> Iterator[Told]:
    if name == "time.add_date":
        if any(_number(part) != 0 for part in written[1:3]):
            mend = "add days only, or compare dates as text: '2026-03-01' < '2026-04-01'"
            yield DIFFER, "engines add months and years differently at the end of a month", mend
        return
    parts = written[0]["Array"]["items"] if "Array" in written[0] else []
    if len(parts) == 3:
        layout = parts[2].get("String", {}).get("value")
        if layout is None:
            yield DIFFER, "the layout of 'time.format' is not written out", "write it as text"
        elif "MST" in layout:
            mend = "write `-07:00` in place of `MST`"
            yield DIFFER, "engines name time zones differently", mend


def _number(expression: Tree) -> float | None:
    return expression["Number"]["value"] if "Number" in expression else None
