"""What a query does: its columns, where they come from, and what running it takes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from cdk_stream.results.relation import Changelog, InfluenceKind, Origin, OutputColumn

FEATURES = frozenset(
    {
        "filter",  # WHERE, HAVING
        "projection",  # a select list other than `*`
        "computed",  # a select item that is more than a column
        "regular_join",
        "interval_join",
        "temporal_join",
        "lookup_join",
        "cross_join",
        "group_by",  # aggregation without a window: its result is updated
        "window",  # TUMBLE, HOP, CUMULATE, SESSION as group window or table function
        "over",
        "rank",  # ROW_NUMBER ... WHERE rn <= n: top-N
        "deduplicate",  # ROW_NUMBER ... WHERE rn = 1
        "distinct",
        "union",
        "set_operation",  # INTERSECT, EXCEPT
        "order_by",
        "limit",
        "subquery",  # IN (SELECT ...), EXISTS, scalar
        "match_recognize",
        "unnest",
        "table_function",
        "udf",
        "cte",
    }
)
STATEFUL = frozenset(
    {
        "regular_join",
        "interval_join",
        "temporal_join",
        "cross_join",
        "group_by",
        "window",
        "over",
        "rank",
        "deduplicate",
        "distinct",
        "set_operation",
        "order_by",
        "limit",
        "subquery",
        "match_recognize",
    }
)


class Finding(NamedTuple):
    """A problem in the SQL text; `line` and `column` count from 1 in that text, 0 for unknown."""

    line: int
    column: int
    code: str
    message: str
    mend: str = ""
    severity: Literal["error", "warning", "note"] = "error"


class Splice(NamedTuple):
    """A replacement in the author's text: characters `start` to `end` become `text`."""

    start: int
    end: int
    text: str


@dataclass(slots=True)
class Analysis:
    """Everything known about a query without running it."""

    columns: list[OutputColumn]
    influences: dict[Origin, set[InfluenceKind]] = field(default_factory=dict)
    event_time: str = ""
    key: tuple[str, ...] = ()
    """The upsert key of the result; () when there is none or the result only appends."""
    changelog: Changelog = "append"
    open: bool = False
    features: set[str] = field(default_factory=set)
    functions: set[str] = field(default_factory=set)
    """The user-defined functions it calls, as declared."""
    splices: list[Splice] = field(default_factory=list)
    """`f(t.*)` written out, in order of position."""
    findings: list[Finding] = field(default_factory=list)
    tree: Any = None
    """The parsed query, for backends that translate it; None when running it takes state."""
    fingerprint: str = ""
    """Equal for queries that mean the same: formatting, comments and aliases left aside."""
    rows_fingerprint: str = ""
    """Equal when the same rows come out, whatever is selected of them; '' when not told apart."""
    filters: tuple[str, ...] = ()
    """The conjuncts of the outermost WHERE, canonical, for telling a narrowed filter."""
    windows: tuple[str, ...] = ()
    """Each window with its size, canonical: `tumble(event_time, 300000)`."""
    times: tuple[str, ...] = ()
    """The columns of the result that are event-time attributes; Flink writes one at most."""
