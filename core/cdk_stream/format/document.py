"""YAML laid out: two spaces a level, lists below their keys, one blank line at most.

Keys keep their order and scalars their quotes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import Any

from cdk_stream.format.scan import Block, Literal, Scan, scan

Rewrite = Callable[[Literal, str], str]
"""A block scalar and its text -> what it should say."""

_OPEN = ("FlowMappingStartToken", "FlowSequenceStartToken")
_CLOSE = ("FlowMappingEndToken", "FlowSequenceEndToken")
_AROUND = {"FlowMappingStartToken", "FlowMappingEndToken"}


def layout(text: str, rewrite: Rewrite) -> str:
    """`text` laid out; as it is when it holds what is left alone. Raises yaml.YAMLError."""
    found = scan(text)
    return text if found.odd else _Layout(text, found, rewrite).text()


class _Layout:
    def __init__(self, text: str, found: Scan, rewrite: Rewrite) -> None:
        self._lines = text.split("\n")
        self._found = found
        self._rewrite = rewrite
        self._literals = {one.header: one for one in found.literals}
        self._inside = _inside(found.tokens)
        self._spaced = _spaced(self._lines, found.tokens)
        self._shift = 0
        self._out: list[str] = []

    def text(self) -> str:
        number = 0
        while number < len(self._lines):
            self._line(number)
            literal = self._literals.get(number)
            if literal is not None:
                self._literal(literal)
                number = literal.last
            else:
                number += 1
        return "\n".join(self._out).strip("\n") + "\n" if any(self._out) else ""

    def _line(self, number: int) -> None:
        line = self._spaced.get(number, self._lines[number])
        body = line.lstrip(" ")
        indent = len(line) - len(body)
        if number in self._inside:
            self._put(self._moved(indent, body) if body.strip(" \t") else "", blank=True)
        elif not body.strip(" \t"):
            self._put("", blank=False)
        elif body.startswith("#"):
            self._put(" " * self._comment(number, indent) + body.rstrip(" \t"))
        else:
            if number in self._found.columns:
                self._shift = self._found.columns[number] - indent
            self._put(self._moved(indent, body))

    def _moved(self, indent: int, body: str) -> str:
        return " " * max(0, indent + self._shift) + body.rstrip(" \t")

    def _put(self, line: str, *, blank: bool = True) -> None:
        """Add a line; an empty one only where `blank`, or after one that is not."""
        if line or blank or (self._out and self._out[-1]):
            self._out.append(line)

    def _comment(self, number: int, indent: int) -> int:
        """The column of a comment: of the line below it, or of an outer one that it stood at."""
        columns = self._found.columns
        below = next((n for n in range(number + 1, len(self._lines)) if n in columns), None)
        above = next((n for n in range(number - 1, -1, -1) if n in columns), None)
        opened: Sequence[Block] = self._found.blocks[above] if above is not None else ()
        if below is not None:
            line = self._lines[below]
            if indent == len(line) - len(line.lstrip(" ")):
                return columns[below]
        for block in opened:
            if block.old == indent:
                return block.new
        return columns[below] if below is not None else max(0, indent + self._shift)

    def _literal(self, one: Literal) -> None:
        lines = self._lines[one.first : one.last]
        text = "\n".join(line[one.old :] for line in lines)
        if not any(sign.isdigit() for sign in _header(self._lines[one.header])):
            said = self._rewrite(one, text)
            self._out += [" " * one.new + line if line else "" for line in said.split("\n")]
        else:  # how far it is indented is written down
            self._out += [self._moved(one.old, line) for line in text.split("\n")]


def _header(line: str) -> str:
    """The signs of a block scalar: `|`, `>-`, `|2`."""
    return line.partition(" #")[0].split()[-1]


def _inside(tokens: Sequence[Any]) -> set[int]:
    """The lines that begin within a scalar of several lines."""
    return {
        number
        for token in tokens
        if getattr(token, "style", "|") not in ("|", ">")
        for number in range(token.start_mark.line + 1, token.end_mark.line + 1)
    }


def _spaced(lines: Sequence[str], tokens: Sequence[Any]) -> dict[int, str]:
    """Lines whose tokens stand too close or too far -> the same, spaced."""
    edits: dict[int, list[tuple[int, int, str]]] = {}
    for number, start, end, gap in _gaps([t for t in tokens if _seen(t)]):
        if lines[number][start:end] != gap and not lines[number][start:end].strip():
            edits.setdefault(number, []).append((start, end, gap))
    spaced = {}
    for number, found in edits.items():
        line = lines[number]
        for start, end, gap in reversed(found):
            line = line[:start] + gap + line[end:]
        spaced[number] = line
    return spaced


def _seen(token: Any) -> bool:
    start, end = token.start_mark, token.end_mark
    return (start.line, start.column) != (end.line, end.column)


def _gaps(tokens: Sequence[Any]) -> Iterator[tuple[int, int, int, str]]:
    """Line, start, end and what should stand there, between neighbours on a line."""
    flow = 0
    for one, other in pairwise(tokens):
        first, second = type(one).__name__, type(other).__name__
        flow += (first in _OPEN) - (first in _CLOSE)
        end, start = one.end_mark, other.start_mark
        if end.line == start.line and (gap := _gap(first, second, flow)) is not None:
            yield end.line, end.column, start.column, gap


def _gap(first: str, second: str, flow: int) -> str | None:
    if not flow:
        return " " if first in ("ValueToken", "BlockEntryToken") else None
    if first in _OPEN and second in _CLOSE:
        return ""
    if second == "FlowEntryToken":
        return None if first == "AliasToken" else ""
    if first in ("FlowEntryToken", "ValueToken"):
        return " "
    if first in _OPEN or second in _CLOSE:
        return " " if (first if first in _OPEN else second) in _AROUND else ""
    return None
