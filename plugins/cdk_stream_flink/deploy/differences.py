"""Two scripts -> what differs, line by line, under the statement that it stands in."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from cdk_stream.results.plan import Difference
from cdk_stream_flink.statement import split_statements


def differences(before: str, after: str) -> Iterator[Difference]:
    """Statement by statement; a placeholder is shown, never what it stands for."""
    old, new = _statements(before), _statements(after)
    for heading in dict.fromkeys((*old, *new)):
        yield from _of_statement(heading, old.get(heading, ""), new.get(heading, ""))


def _of_statement(heading: str, old: str, new: str) -> Iterator[Difference]:
    """A statement of one line, or one that only one side has, is a difference as a whole."""
    first, second = old.splitlines(), new.splitlines()
    if min(len(first), len(second)) < 2:
        if old != new:
            yield Difference(heading, old or None, new or None)
        return
    matcher = difflib.SequenceMatcher(None, first, second, autojunk=False)
    for kind, i1, i2, j1, j2 in matcher.get_opcodes():
        if kind != "equal":
            place = f"{heading}, line {j1 + 1}"
            yield Difference(place, _text(first[i1:i2]), _text(second[j1:j2]))


def _text(lines: list[str]) -> str | None:
    return "\n".join(line.strip() for line in lines) or None


def _statements(script: str) -> dict[str, str]:
    """`SET key`, `CREATE TEMPORARY TABLE name`, `INSERT INTO name` -> the whole statement."""
    return {_heading(statement): statement for statement in split_statements(script)}


def _heading(statement: str) -> str:
    first = statement.splitlines()[0]
    for end in (" =", " (", " WITH", " AS "):
        first = first.partition(end)[0]
    return first
