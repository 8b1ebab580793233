"""What came of the tests of a project on given rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from cdk_stream.problems import Location, Problem

Status = Literal["passed", "failed", "refused", "not_here"]
"""refused: it could not be tried; not_here: only rows that flow can tell."""
Cells = Mapping[str, Any]
"""Column -> plain value, as JSON has it."""


@dataclass(frozen=True, slots=True)
class Line:
    """A row in a comparison."""

    mark: Literal["=", "-", "+", "!"]
    """`=` as expected, `-` expected, `+` came instead or beside, `!` breaks an assertion."""
    cells: Cells
    differs: tuple[str, ...] = ()
    """For a row that came in place of the `-` above it: the columns that are not the same."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Rows that should not be as they are; there is none without lines."""

    columns: tuple[str, ...] = ()
    lines: tuple[Line, ...] = ()
    missing: int = 0
    unexpected: int = 0
    differing: int = 0
    """Pairs of rows that are the same but for some columns."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One test on given rows, or one assertion on the rows made of samples."""

    test: str
    """`test.NAME`; for a comparison the model."""
    name: str
    """The test's name; for an assertion with its kind and columns behind it."""
    kind: Literal["unit", "assertion", "comparison"]
    node: str
    """The id of what is tested."""
    location: Location
    status: Status
    message: str = ""
    mend: str = ""
    difference: Difference = Difference()
    problems: tuple[Problem, ...] = ()
    """Why it was refused."""
    severity: Literal["error", "warn"] = "error"
    seconds: float = 0.0
    """CPU time."""

    @property
    def fails(self) -> bool:
        """Whether it makes the run fail."""
        return self.status == "refused" or (self.status == "failed" and self.severity == "error")
