"""What is wrong, where, and how to mend it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How bad a problem is: an error refuses, a warning passes unless strict, a note informs."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True, order=True)
class Location:
    """A place in the user's files; `line` and `column` count from 1, 0 means the whole file."""

    path: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        text = self.path
        if self.line:
            text += f":{self.line}"
            if self.column:
                text += f":{self.column}"
        return text


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to tell: `path:line: CODE message`, then the mend on a line of its own.

    Wording: lower-case, no full stop, names in single quotes.
    `node` is the id of the resource concerned, where there is one ("model.payments_clean").
    """

    location: Location
    code: str
    message: str
    mend: str = ""
    severity: Severity = Severity.ERROR
    node: str = ""

    def __str__(self) -> str:
        text = f"{self.location}: {self.code} {self.message}"
        return f"{text}\n    {self.mend}" if self.mend else text


class Refused(Exception):
    """A stage found errors in the user's input; carries every problem of that stage."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


class Usage(Exception):
    """The command line asks for something that does not exist: exit code 2."""


def near(name: str, options: Iterable[str]) -> str:
    """The mend for a misspelt name: "did you mean 'x'?", or the options when they are few."""
    known = sorted(options)
    close = difflib.get_close_matches(name, known, n=3, cutoff=0.6)
    if close:
        return "did you mean " + " or ".join(f"'{option}'" for option in close) + "?"
    if 0 < len(known) <= 12:
        return "known here: " + ", ".join(known)
    return ""


def refuse_errors(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Raise `Refused` with all `problems` when one of them is an error; else give them back."""
    told = tuple(problems)
    if any(problem.severity is Severity.ERROR for problem in told):
        raise Refused(told)
    return told
