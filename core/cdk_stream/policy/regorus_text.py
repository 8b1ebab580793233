"""Rego as regorus must read it to answer as OPA does.

Two things are put right, without a line moving:

- When the head of a rule has no value for one turn of the body's loop, as
  `deny contains node.owner` for a node that nobody owns, regorus 0.13 gives up the whole rule,
  silently, where OPA goes on. What a head computes is moved into the body.
- What OPA looks up before it denies (see `negation`) is looked up in a statement of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from cdk_stream.policy.edit import Edit, edited, one_line
from cdk_stream.policy.negation import needed
from cdk_stream.policy.text import Text, Tree

_HEAD, _NEEDED = "cdk_stream_head_", "cdk_stream_needed_"
_CONSTANT = ("Var", "String", "RawString", "Number", "Bool", "Null")
_QUOTES = b'"`'


def faithful(text: Text) -> str:
    """The file, rewritten line by line."""
    source = text.source
    edits: list[Edit] = []
    for rule in text.tree["rules"]:
        if "Spec" in rule:
            needs = list(_needs(rule["Spec"], source))
            edits += _bound(rule["Spec"], source, needs)
    return edited(source, edits)


def _bound(spec: Tree, source: bytes, needs: Sequence[Edit]) -> Iterator[Edit]:
    """What the head computes, bound in the first body; and `needs`, in bodies with braces."""
    bodies = [body for body in spec["bodies"] if body["query"] is not None]
    statements: list[str] = []
    gone: set[Edit] = set()
    for start, end in _computed(spec["head"], bodies[0], source) if bodies else ():
        inner = [edit for edit in needs if start <= edit.start and edit.end <= end]
        moved = [Edit(edit.start - start, edit.end - start, edit.text) for edit in inner]
        expression = one_line(edited(source[start:end], moved))
        if expression is not None:
            gone |= set(inner)
            name = f"{_HEAD}{len(statements)}"
            statements.append(f"{name} := {expression}")
            breaks = source.count(b"\n", start, end)
            yield Edit(start, end, f" {name}{chr(10) * breaks} ")
    left = [edit for edit in needs if edit not in gone]
    for number, body in enumerate(bodies):
        more = statements if number == 0 else []
        yield from _braced(body["query"], more, left, source)
    yield from left


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


def _braced(
    query: Tree, statements: Sequence[str], needs: Sequence[Edit], source: bytes
) -> Iterator[Edit]:
    """`statements` as the last of a body; braces for a body that has none and needs them."""
    start, end = query["span"]["start"], query["span"]["end"]
    text = "; ".join(statements)
    if _has_braces(query, source):
        if text:
            rest = source[start + 1 : end - 1].rsplit(b"\n", 1)[-1].strip()
            yield Edit(end - 1, end - 1, f"{'; ' if rest and rest[-1:] != b';' else ' '}{text} ")
        return
    start, end = _whole(query["span"], source)
    if text or any(edit.start == start for edit in needs):
        yield Edit(start, start, "{ ")
        yield Edit(end, end, f"; {text} }}" if text else " }")


def _has_braces(query: Tree, source: bytes) -> bool:
    start = query["span"]["start"]
    return source[start : start + 1] == b"{" and query["stmts"][0]["span"]["start"] > start


def _whole(span: Tree, source: bytes) -> tuple[int, int]:
    """Where an expression stands: regorus leaves quotes at its ends out."""
    start, end = span["start"], span["end"]
    quoted = source[end : end + 1] in (b'"', b"`")
    return start - (source[start - 1] in _QUOTES), end + quoted


def _needs(tree: Any, source: bytes) -> Iterator[Edit]:
    """Before each statement that denies, the statements that OPA takes out of it."""
    if isinstance(tree, list):
        for item in tree:
            yield from _needs(item, source)
    elif isinstance(tree, dict):
        if "NotExpr" in tree.get("literal", ()):
            yield from _before(tree, source)
        for node in tree.values():
            yield from _needs(node, source)


def _before(statement: Tree, source: bytes) -> Iterator[Edit]:
    parts = []
    changes = ""
    if statement.get("with_mods"):
        first = statement["with_mods"][0]["span"]["start"]
        changes = " " + source[first : _whole(statement["span"], source)[1]].decode()
    for expression in needed(statement["literal"]["NotExpr"]["expr"]):
        start, end = _whole(next(iter(expression.values()))["span"], source)
        text = one_line(source[start:end].decode() + changes)
        if text is not None:
            parts.append(f"{_NEEDED}{start} := {text}; ")
    if parts:
        at = statement["span"]["start"]
        yield Edit(at, at, "".join(parts))
