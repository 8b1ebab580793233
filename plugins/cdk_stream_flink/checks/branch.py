"""One SELECT of the query that finds violations, and why there is none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from cdk_stream.plugin.watching import told
from cdk_stream.results.stream import Stream
from cdk_stream_flink.quote import literal, quoted

ROW = "checked"
"""What the checked rows are called in a branch."""


class Unwatchable(ValueError):
    """Flink cannot find violations of an assertion; the message reads after "because"."""


@dataclass(frozen=True, slots=True)
class Tested:
    """The stream that a test is about, and the streams that its assertions name."""

    test: str
    stream: Stream
    """As it is written: see `as_written`."""
    others: Mapping[str, Stream] = field(default_factory=dict)
    """Name -> stream, as the project knows it."""
    updates: bool = False
    """Whether rows replace earlier ones of the same key."""

    @property
    def time(self) -> str:
        """The event time that windows may go by; '' for none."""
        name = self.stream.event_time
        column = self.stream.columns.get(name)
        return name if column is not None and column.type.startswith("TIMESTAMP") else ""


@dataclass(frozen=True, slots=True)
class Branch:
    """The rows of one assertion's violations."""

    assertion: str
    """`not_null: customer_id`."""
    source: str
    """What stands after FROM."""
    where: str
    key: tuple[str, ...] = ()
    """The columns of the offending row's key; () for a window's."""
    shown: tuple[str, ...] = ()
    """The offending columns."""
    figures: tuple[tuple[str, str], ...] = ()
    """(name, expression) of what was counted."""
    at: str = "CURRENT_TIMESTAMP"
    timed: bool = False
    """Whether it goes by the event time of the tested rows."""
    inputs: tuple[Stream, ...] = ()
    """Streams besides the tested one, as the branch reads them."""


def select(tested: Tested, branch: Branch) -> str:
    """The SELECT that gives a row of the violations topic for each violation."""
    stream = tested.stream
    key = _columns(told(stream, branch.key))
    # A key that is told in part would pass for a whole one.
    key = key if len(key) == len(branch.key) else ()
    values = (*_columns(told(stream, branch.shown)), *branch.figures)
    items = (
        f"{literal(tested.test)} AS `test`",
        f"{literal(branch.assertion)} AS `assertion`",
        f"{literal(stream.name)} AS `model`",
        f"{_object(key)} AS `key`",
        f"{_object(values)} AS `values`",
        f"CAST({branch.at} AS TIMESTAMP_LTZ(3)) AS `at`",
    )
    columns = ",\n  ".join(items)
    return f"SELECT\n  {columns}\nFROM {branch.source}\nWHERE {branch.where}"


def _columns(names: Iterable[str]) -> tuple[tuple[str, str], ...]:
    return tuple((name, f"{ROW}.{quoted(name)}") for name in names)


def _object(values: tuple[tuple[str, str], ...]) -> str:
    if not values:
        return "CAST(NULL AS STRING)"
    pairs = ", ".join(f"KEY {literal(name)} VALUE CAST({sql} AS STRING)" for name, sql in values)
    return f"JSON_OBJECT({pairs} NULL ON NULL)"
