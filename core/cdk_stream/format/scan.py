"""YAML text -> where its block structure, its scalars and its comments stand."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import yaml

_STEP = 2
_ALIKE = ("KeyToken", "ValueToken")


@dataclass(slots=True)
class Block:
    """A block mapping or sequence: the column it stands at, and the one it should."""

    kind: str
    """`map`, `seq`, or `flat` for a sequence that is not indented below its key."""
    old: int
    new: int


@dataclass(slots=True)
class Literal:
    """A block scalar: `|` or `>`."""

    header: int
    """The line of its sign."""
    first: int
    last: int
    """The lines of its content, `last` not among them."""
    old: int
    """The column that its lines stand at."""
    new: int
    style: str
    key: str
    """The key that it is the value of."""
    section: str
    """The key at the top of the document that it stands under."""


@dataclass(slots=True)
class Scan:
    """What is known of each line; lines count from 0."""

    tokens: list[Any]
    columns: dict[int, int] = field(default_factory=dict)
    """Line that begins a key or an item -> the column it should begin at."""
    blocks: dict[int, tuple[Block, ...]] = field(default_factory=dict)
    """Such a line -> what is open there, outermost first."""
    literals: list[Literal] = field(default_factory=list)
    odd: bool = False
    """Whether it holds what is left as it is: directives, several documents, keys with `?`."""


def scan(text: str) -> Scan:
    """Read YAML; raises yaml.YAMLError when it is none."""
    return _Scanner(text).run()


class _Scanner:
    def __init__(self, text: str) -> None:
        self._lines = text.split("\n")
        self._scan = Scan(_tokens(text))
        self._stack: list[Block] = []
        self._flow = 0
        self._key = self._section = ""
        self._is_key = False

    def run(self) -> Scan:
        for token in self._scan.tokens:
            self._take(token)
        return self._scan

    def _take(self, token: Any) -> None:
        name = type(token).__name__
        if name in ("FlowMappingStartToken", "FlowSequenceStartToken"):
            self._flow += 1
        elif name in ("FlowMappingEndToken", "FlowSequenceEndToken"):
            self._flow -= 1
        elif name in ("DocumentStartToken", "DocumentEndToken", "DirectiveToken"):
            self._scan.odd = True
        elif not self._flow:
            self._block(name, token)

    def _block(self, name: str, token: Any) -> None:
        line, column = token.start_mark.line, token.start_mark.column
        if name == "BlockMappingStartToken":
            self._stack.append(Block("map", column, self._inner()))
        elif name == "BlockSequenceStartToken":
            self._stack.append(Block("seq", column, self._inner()))
        elif name == "BlockEndToken":
            self._end()
        elif name == "BlockEntryToken":
            if self._stack[-1].kind == "map":
                self._stack.append(Block("flat", column, self._inner()))
            self._begin(line)
        elif name == "KeyToken":
            self._flat_ends()
            self._is_key = True
            self._scan.odd |= self._lines[line][column : column + 1] == "?"
            self._begin(line)
        elif name == "ScalarToken":
            self._scalar(token, line)

    def _inner(self) -> int:
        return self._stack[-1].new + _STEP if self._stack else 0

    def _flat_ends(self) -> None:
        if self._stack and self._stack[-1].kind == "flat":
            self._stack.pop()

    def _end(self) -> None:
        self._flat_ends()
        self._stack.pop()

    def _begin(self, line: int) -> None:
        if line not in self._scan.columns and self._stack:
            self._scan.columns[line] = self._stack[-1].new
            self._scan.blocks[line] = tuple(self._stack)

    def _scalar(self, token: Any, line: int) -> None:
        if self._is_key:
            self._is_key = False
            self._key = token.value
            if len(self._stack) == 1:
                self._section = token.value
        elif token.style in ("|", ">"):
            self._scan.literals.append(self._literal(token.style, line))

    def _literal(self, style: str, header: int) -> Literal:
        first = header + 1
        old, last = -1, first
        outer = self._stack[-1].old if self._stack else -1
        for number in range(first, len(self._lines)):
            text = self._lines[number]
            indent = len(text) - len(text.lstrip(" "))
            if indent == len(text):
                continue
            if indent <= outer or indent < old:
                break
            old = indent if old < 0 else old
            last = number + 1
        return Literal(
            header, first, last, max(old, 0), self._inner(), style, self._key, self._section
        )


def _tokens(text: str) -> list[Any]:
    loader = yaml.CSafeLoader(text)
    found = []
    try:
        while loader.check_token():
            found.append(loader.get_token())
    finally:
        loader.dispose()
    return found


def comments(text: str, found: Scan) -> list[str]:
    """The comments in order, each from its sign to the end of its line."""
    lines = text.split("\n")
    skipped = {n for one in found.literals for n in range(one.first, one.last)}
    ends: dict[int, int] = {}
    for token in found.tokens:
        start, end = token.start_mark, token.end_mark
        if getattr(token, "style", None) in ("|", ">"):
            sign = lines[start.line].find("#", start.column)
            ends[start.line] = len(lines[start.line]) if sign < 0 else sign
            continue
        ends[end.line] = max(ends.get(end.line, 0), end.column)
        skipped.update(range(start.line + 1, end.line))
    told = []
    for number, line in enumerate(lines):
        rest = "" if number in skipped else line[ends.get(number, 0) :].strip()
        if rest.startswith("#"):
            told.append(rest)
    return told
