"""Rego as regorus reads it without losing findings.

When the head of a rule has no value for one turn of the body's loop, as `deny contains node.owner`
for a node that nobody owns, regorus 0.13 gives up the whole rule, silently, where OPA goes on. So
what a head computes is moved into the body, where both engines skip that turn alone.
"""

from __future__ import annotations

from collections.abc import Iterator

from cdk_stream.policy.edit import Edit, edited, one_line
from cdk_stream.policy.text import Text, Tree

_NAME = "cdk_stream_head_"
_CONSTANT = ("Var", "String", "RawString", "Number", "Bool", "Null")


def faithful(text: Text) -> str:
    """The file with what its heads compute bound in the bodies, line by line as it was."""
    edits: list[Edit] = []
    for rule in text.tree["rules"]:
        if "Spec" in rule:
            edits += _bound(rule["Spec"], text.source)
    return edited(text.source, edits)


def _bound(spec: Tree, source: bytes) -> Iterator[Edit]:
    bodies = spec["bodies"]
    if not bodies or bodies[0]["query"] is None:
        return
    statements: list[str] = []
    for start, end in _computed(spec["head"], bodies[0], source):
        expression = one_line(source[start:end].decode())
        if expression is None:
            continue
        name = f"{_NAME}{len(statements)}"
        statements.append(f"{name} := {expression}")
        breaks = source.count(b"\n", start, end)
        yield Edit(start, end, f" {name}{chr(10) * breaks} ")
    if statements:
        yield from _appended(bodies[0]["query"], "; ".join(statements), source)


def _computed(head: Tree, body: Tree, source: bytes) -> Iterator[tuple[int, int]]:
    """Where the head computes something: its indices, and its value or what it contains."""
    ((kind, rule),) = head.items()
    yield from _indices(rule["refr"])
    until = body["span"]["start"]
    if kind == "Set":
        if rule["key"] is not None and not _is_constant(rule["key"]):
            word = source.index(b"contains", _end(rule["refr"]))
            yield word + len("contains"), until
    elif rule["assign"] is not None and not _is_constant(rule["assign"]["value"]):
        start = rule["assign"]["span"]["start"]
        yield start + (2 if rule["assign"]["op"] == "ColEq" else 1), until


def _indices(reference: Tree) -> Iterator[tuple[int, int]]:
    while "Var" not in reference:
        ((kind, link),) = reference.items()
        if kind == "RefBrack" and not _is_constant(link["index"]):
            yield _end(link["refr"]) + 1, link["span"]["end"]  # in heads, the bracket is left out
        reference = link["refr"]


def _is_constant(expression: Tree) -> bool:
    return next(iter(expression)) in _CONSTANT


def _end(reference: Tree) -> int:
    end: int = next(iter(reference.values()))["span"]["end"]
    return end


def _appended(query: Tree, statements: str, source: bytes) -> Iterator[Edit]:
    """`statements` as the last of a body, which has braces or is a single expression."""
    start, end = query["span"]["start"], query["span"]["end"]
    first = query["stmts"][0]["span"]["start"]
    if source[start : start + 1] == b"{" and first > start:
        rest = source[start + 1 : end - 1].rsplit(b"\n", 1)[-1].strip()
        yield Edit(end - 1, end - 1, f"{'; ' if rest and rest[-1:] != b';' else ' '}{statements} ")
        return
    quotes = b'"`'
    start -= source[start - 1] in quotes  # regorus leaves quotes out of the places of text
    end += source[end : end + 1] in (b'"', b"`")
    yield Edit(start, start, "{ ")
    yield Edit(end, end, f"; {statements} }}")
