"""What came of tests, for people and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from cdk_stream.report.colour import paint
from cdk_stream.report.data import problem_document
from cdk_stream.report.plain import plain, plain_lines
from cdk_stream.report.words import plural
from cdk_stream.results.outcome import Difference, Line, Outcome

Json = dict[str, Any]
FORMAT = "cdk-stream/test@1"
_WIDEST = 40
_MOST = 40
"""So many rows of a difference are shown."""
_WORDS = {"passed": "PASS", "failed": "FAIL", "refused": "ERROR", "not_here": "SKIP"}
_COLOURS = {"PASS": "green", "FAIL": "red", "ERROR": "red", "SKIP": "yellow", "WARN": "yellow"}


def document(outcomes: Sequence[Outcome]) -> Json:
    """The answer of `test --format json`."""
    return {
        "format": FORMAT,
        "passed": not any(one.fails for one in outcomes),
        "counts": counts(outcomes),
        "tests": [_entry(one) for one in outcomes],
    }


def counts(outcomes: Sequence[Outcome]) -> Json:
    """How many ended in which way."""
    return {status: sum(one.status == status for one in outcomes) for status in _WORDS}


def _entry(one: Outcome) -> Json:
    found = one.difference
    return {
        "test": one.test,
        "name": one.name,
        "kind": one.kind,
        "node": one.node,
        "path": one.location.path,
        "line": one.location.line,
        "status": one.status,
        "severity": one.severity,
        "message": one.message,
        "mend": one.mend,
        "seconds": round(one.seconds, 4),
        "missing": found.missing,
        "unexpected": found.unexpected,
        "differing": found.differing,
        "rows": [
            {"mark": line.mark, "cells": dict(line.cells), "differs": list(line.differs)}
            for line in found.lines
        ],
        "problems": [problem_document(problem) for problem in one.problems],
    }


def text(outcomes: Sequence[Outcome], prefix: str, colour: bool) -> str:
    """A line for each test, and below it what is wrong; `prefix` goes before paths."""
    lines = [line for one in outcomes for line in _told(one, prefix, colour)]
    return "\n".join([*lines, "", summary(outcomes)]) + "\n"


def summary(outcomes: Sequence[Outcome]) -> str:
    """`4 passed, 1 failed; 12 ms`."""
    found = counts(outcomes)
    words = {"passed": "passed", "failed": "failed", "refused": "refused"}
    told = [f"{found[status]} {word}" for status, word in words.items() if found[status]]
    warned = sum(one.status == "failed" and not one.fails for one in outcomes)
    if warned:
        told.append(f"{warned} of them only warned of")
    if found["not_here"]:
        told.append(f"{found['not_here']} not on rows of samples")
    taken = sum(one.seconds for one in outcomes) * 1000
    return f"{plural(len(outcomes), 'test')}: {', '.join(told) or 'nothing to run'}; {taken:.0f} ms"


def _told(one: Outcome, prefix: str, colour: bool) -> Iterator[str]:
    word = "WARN" if one.status == "failed" and not one.fails else _WORDS[one.status]
    shown = paint(word.ljust(5), _COLOURS[word], colour)
    node = plain(one.node.partition(".")[2])
    yield f"{shown} {plain(one.name)}  {node}  {one.seconds * 1000:.0f} ms"
    if one.status == "passed":
        return
    if one.status != "not_here":
        yield f"      {prefix}{plain(str(one.location))}"
    for text_ in (one.message, one.mend):
        yield from (f"      {line}" for line in plain_lines(text_) if text_)
    for problem in one.problems:
        first, *rest = plain_lines(str(problem))
        yield f"      {prefix}{first}"
        yield from (f"      {line}" for line in rest)
    yield from difference_lines(one.difference, colour)


def difference_lines(found: Difference, colour: bool = False) -> Iterator[str]:
    """The rows below each other, their columns aligned; a row's mark stands before it."""
    if not found.lines:
        return
    yield f"      {_difference_words(found)}"
    lines = _nearest(found.lines)
    cells = [[plain(name) for name in found.columns]]
    cells += [[_cell(line.cells[name]) for name in found.columns] for line in lines]
    widths = [max(len(row[place]) for row in cells) for place in range(len(found.columns))]
    yield "        " + _aligned(cells[0], widths)
    for line, row in zip(lines, cells[1:], strict=True):
        behind = f"    differs in {', '.join(map(plain, line.differs))}" if line.differs else ""
        mark = " " if line.mark == "=" else line.mark
        yield _coloured(f"      {mark} {_aligned(row, widths)}{behind}".rstrip(), line.mark, colour)
    if len(lines) < len(found.lines):
        yield f"        ... {len(found.lines) - len(lines)} more rows"


def _difference_words(found: Difference) -> str:
    told = []
    if found.missing:
        told.append(f"{plural(found.missing, 'row')} missing (-)")
    if found.unexpected:
        told.append(f"{plural(found.unexpected, 'row')} unexpected (+)")
    if found.differing:
        told.append(f"{plural(found.differing, 'row')} different (- expected, + came)")
    broken = sum(line.mark == "!" for line in found.lines)
    return ", ".join(told) or f"{plural(broken, 'row')} (!)"


def _nearest(lines: Sequence[Line]) -> Sequence[Line]:
    """The lines to show: what is wrong first of all, when there are many."""
    if len(lines) <= _MOST:
        return lines
    return [line for line in lines if line.mark != "="][:_MOST]


def _aligned(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = (cell.ljust(width) for cell, width in zip(cells, widths, strict=True))
    return "  ".join(padded)


def _coloured(text_: str, mark: str, colour: bool) -> str:
    if mark == "=":
        return text_
    return paint(text_, "green" if mark == "+" else "red", colour)


def _cell(value: Any) -> str:
    if value is None:
        return "NULL"
    shown = plain(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
    return shown if len(shown) <= _WIDEST else shown[: _WIDEST - 3] + "..."
