"""A Java stack trace -> what went wrong, and where in the statement."""

from __future__ import annotations

import re
from typing import NamedTuple

_CAUSE = re.compile(r"^(?:Caused by: )?((?:[a-z]\w*\.)+[A-Z][\w$]*)(?:: (.*))?$")
_FRAME = re.compile(r"^\s+at |^\s*\.\.\. \d+ more|^End of exception on server side")
_PLACE = re.compile(r"\bline (\d+), column (\d+)")


class Failure(NamedTuple):
    """The innermost cause of a failure."""

    message: str
    """Its text without the exception's class; may have many lines."""
    exception: str
    """The exception's class, or ""."""
    line: int
    """Where the statement is wrong, from 1; 0 when no cause says so."""
    column: int


def read_failure(trace: str) -> Failure:
    """The last cause with a text; its place comes from the innermost cause that names one."""
    causes = _causes(trace)
    told = [cause for cause in causes if cause[1].strip()] or causes
    exception, message = told[-1] if told else ("", trace.strip())
    message = _from_the_call(told) or message
    if exception == "java.lang.ClassNotFoundException":
        message = f"there is no class '{message.strip()}'"
    line, column = _place([text for _, text in causes] or [trace])
    return Failure(message.strip(), exception, line, column)


def _from_the_call(causes: list[tuple[str, str]]) -> str:
    """From the innermost text that shows a call inwards: the last alone does not name it."""
    for index in range(len(causes) - 1, -1, -1):
        if causes[index][1].startswith("Invalid function call:"):
            return "\n".join(text.strip() for _, text in causes[index:])
    return ""


def _causes(trace: str) -> list[tuple[str, str]]:
    causes: list[tuple[str, list[str]]] = []
    is_open = False
    for line in trace.splitlines():
        found = _CAUSE.match(line)
        if found:
            causes.append((found[1], [found[2] or ""]))
            is_open = True
        elif _FRAME.match(line):
            is_open = False
        elif is_open:
            causes[-1][1].append(line)
    return [(exception, "\n".join(lines)) for exception, lines in causes]


def _place(texts: list[str]) -> tuple[int, int]:
    for text in reversed(texts):
        found = _PLACE.search(text)
        if found:
            return int(found[1]), int(found[2])
    return 0, 0
