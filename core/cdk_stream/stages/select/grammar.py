"""`+tag:pii,owner:team-fraud+1` -> what to pick, in dbt's grammar."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from cdk_stream.problems import Usage

ANY = -1
"""Any number of steps."""

_CRITERION = re.compile(
    r"(?P<at>@)?(?:(?P<up>\d*)\+)?"
    r"(?:(?P<method>[a-z_]+(?:\.[\w-]+)*):)?(?P<value>[^+@]+?)"
    r"(?:\+(?P<down>\d*))?"
)
_EXAMPLES = (
    "write for instance: payments_clean, +model+1, tag:pii,owner:team-fraud, state:modified+"
)


class Criterion(NamedTuple):
    """One term: nodes that `method` finds for `value`, and their neighbours up and down."""

    method: str
    """`tag`, `config.materialized`; "" when only a name or a path is given."""
    value: str
    up: int = 0
    """How many generations of parents; `ANY` for all."""
    down: int = 0
    whole: bool = False
    """`@name`: the children, and everything that they need."""


def parse(expressions: Iterable[str]) -> list[list[Criterion]]:
    """The union of intersections: spaces and separate expressions add, commas narrow.

    Raises Usage for a term that is none.
    """
    terms = [term for expression in expressions for term in expression.split()]
    return [[_criterion(part, term) for part in term.split(",")] for term in terms]


def _criterion(text: str, term: str) -> Criterion:
    match = _CRITERION.fullmatch(text)
    if not match or (match["at"] and (match["up"] is not None or match["down"] is not None)):
        place = f" in '{term}'" if term != text else ""
        raise Usage(f"'{text}'{place} is not a selector\n    {_EXAMPLES}")
    return Criterion(
        match["method"] or "",
        match["value"],
        _depth(match["up"]),
        _depth(match["down"]),
        bool(match["at"]),
    )


def _depth(digits: str | None) -> int:
    if digits is None:
        return 0
    return int(digits) if digits else ANY
