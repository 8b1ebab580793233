"""What a query can name: the tables in FROM, their columns, and the query around it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlglot import exp

from cdk_stream.results.relation import Changelog, InfluenceKind, Origin, Relation
from cdk_stream.sql.analysis import Finding, Splice
from cdk_stream.sql.functions import FunctionSpec
from cdk_stream.sql.resolve.value import Value
from cdk_stream.sql.template import position


class Rank:
    """A ROW_NUMBER, RANK or DENSE_RANK: what a filter on it makes of the query."""

    __slots__ = (
        "function",
        "keys",
        "offset",
        "on_time",
        "partition",
        "refusal",
        "used",
        "windowed",
    )

    def __init__(
        self, function: str, partition: tuple[str, ...], on_time: str, windowed: bool, offset: int
    ) -> None:
        self.function = function
        self.partition = partition
        """The spellings of PARTITION BY."""
        self.on_time = on_time
        """`row` or `proc` when its order is that time attribute, else ''."""
        self.windowed = windowed
        """Whether it ranks within the windows of a window function."""
        self.offset = offset
        self.used = False
        """Whether a filter turned it into a top-N."""
        self.refusal = ""
        """Why it cannot be an OVER window, which it is without a filter."""
        self.keys: tuple[str, ...] | None = None
        """The columns of the query that hold PARTITION BY; None when one is not selected."""


class RankFilter(NamedTuple):
    """`rank <= limit`."""

    rank: Rank
    limit: int
    spelling: str
    """The spelling of the rank's column."""


class Rows:
    """One table of FROM: a node's stream, a query, or what a table function gives."""

    __slots__ = (
        "_cache",
        "_definitions",
        "_fields",
        "changelog",
        "event_time",
        "key",
        "name",
        "node",
        "nullable",
        "open_nodes",
        "spelling",
        "tag",
        "timeless",
        "twice",
    )

    def __init__(
        self,
        name: str,
        tag: str,
        *,
        relation: Relation | None = None,
        node: str = "",
        definitions: dict[str, Value] | None = None,
        changelog: Changelog = "append",
        key: tuple[str, ...] = (),
        open_nodes: tuple[str, ...] = (),
        spelling: str = "",
    ) -> None:
        self.name = name
        """What the query calls it; '' for nothing."""
        self.tag = tag
        """Its name in spellings: the same whatever the author called it."""
        self.node = node
        self.nullable = False
        """Whether an outer join may fill it with NULL."""
        self.timeless = False
        """Whether a join took the time attribute away."""
        self.twice: frozenset[str] = frozenset()
        """The names that several of its columns have, which Flink cannot tell apart."""
        self.spelling = spelling or tag
        self._cache: dict[str, Value] = {}
        self._fields = None if relation is None else relation.columns
        self._definitions = definitions or {}
        self.event_time = "" if relation is None else relation.event_time
        self.changelog = changelog if relation is None else relation.changelog
        self.key = key if relation is None else relation.key
        self.open_nodes = (node,) if relation is not None and relation.open else open_nodes
        """The inputs whose unlisted columns may be among its own."""

    def names(self) -> Iterable[str]:
        return self._definitions if self._fields is None else self._fields

    def get(self, name: str) -> Value | None:
        """The column `name`, as this query sees it."""
        value = self._cache.get(name)
        if value is None:
            value = self._made(name)
            if value is not None:
                self._cache[name] = value
        return value

    def _made(self, name: str) -> Value | None:
        spelling = f"{self.tag}.{name}"
        if self._fields is not None:
            known = self._fields.get(name)
            if known is None:
                return None
            time = "row" if name == self.event_time and not self.timeless else ""
            nullable = known.nullable or self.nullable
            return Value(
                known.type, nullable, {(self.node, name): "identity"}, spelling, True, time
            )
        made = self._definitions.get(name)
        if made is None:
            return None
        time = "" if self.timeless and made.time in ("row", "proc") else made.time
        value = made.copy(time=time, nullable=made.nullable or self.nullable)
        value.spelling = spelling
        return value

    def joined(self, *, nullable: bool = False, timeless: bool = False) -> None:
        """Note what a join does to these rows from here on."""
        self.nullable = self.nullable or nullable
        self.timeless = self.timeless or timeless
        self._cache.clear()


class Selected(NamedTuple):
    """The result of a query."""

    columns: dict[str, Value]
    changelog: Changelog
    key: tuple[str, ...]
    open_nodes: tuple[str, ...]
    spelling: str
    rows: str = ""
    """The spelling of what decides which rows come out, whatever is selected of them."""
    twice: frozenset[str] = frozenset()
    """The names that several of its columns have."""


class Scope:
    """The names one SELECT can use."""

    __slots__ = (
        "aggregated",
        "aggregates",
        "columns",
        "compared",
        "ctes",
        "group_windows",
        "grouped",
        "merged",
        "node",
        "overs",
        "parent",
        "rows",
        "subqueries",
        "taken_back",
        "twice",
        "variables",
        "windows",
    )

    def __init__(
        self, parent: Scope | None, ctes: dict[str, Any], node: exp.Expr | None = None
    ) -> None:
        self.rows: list[Rows] = []
        self.merged: dict[str, Value] = {}
        """The columns of USING, which belong to both sides."""
        self.parent = parent
        self.ctes = ctes
        self.node = node
        """The SELECT itself, for what is told of its aliases."""
        self.grouped = False
        """Whether the rows are in groups, with or without keys, when the expression is resolved."""
        self.group_windows: dict[str, str] = {}
        """The windows of GROUP BY: `TUMBLE` with its arguments' spelling -> its canonical name."""
        self.aggregated = 0
        """How many aggregate calls the expression being resolved stands in."""
        self.aggregates = False
        """Whether an aggregate call was met."""
        self.columns: list[exp.Expr] = []
        """The column references met outside aggregates."""
        self.windows: dict[str, exp.Expr] = {}
        """The named windows."""
        self.variables: dict[str, Rows] = {}
        """In MATCH_RECOGNIZE, the rows that a pattern variable stands for."""
        self.subqueries: set[str] = set()
        """The sub-queries met: `scalar`, `semi` or `anti`."""
        self.compared: set[str] = set()
        """The spellings of what they are compared with, '' where that is not told."""
        self.twice: set[str] = set()
        """The names that several items of the select list have."""
        self.overs: set[str] = set()
        """The OVER windows met, which must be one."""
        self.taken_back = False
        """Whether an OVER window sends rows again when others come between them."""


@dataclass(slots=True)
class Run:
    """Everything one analysis knows and finds."""

    sql: str
    references: dict[int, tuple[str, str]]
    tables: Mapping[tuple[str, str], str]
    relations: Mapping[str, Relation]
    functions: Mapping[str, FunctionSpec]
    hints: tuple[str, ...]
    state_ttl: bool
    select: Callable[[Run, exp.Expr, Scope], Selected]
    """Resolves a query that stands in an expression."""
    findings: dict[Finding, None] = field(default_factory=dict)
    influences: dict[Origin, set[InfluenceKind]] = field(default_factory=dict)
    features: set[str] = field(default_factory=set)
    called: set[str] = field(default_factory=set)
    splices: dict[Splice, None] = field(default_factory=dict)
    windows: list[str] = field(default_factory=list)
    ranks: list[Rank] = field(default_factory=list)
    tags: dict[str, int] = field(default_factory=dict)
    meanings: dict[str, str] = field(default_factory=dict)
    """What the columns of inner queries are made of: `q.total` -> its spelling inside."""
    filters: tuple[str, ...] = ()
    uneven: dict[str, tuple[int, str]] = field(default_factory=dict)
    """The windows that cannot be aggregated: number -> where, and the name of the function."""
    trace: dict[int, Value] | None = None
    """For who runs the query: `id` of a node of the tree -> its value."""

    def tell(
        self, offset: int, code: str, message: str, mend: str = "", severity: str = "error"
    ) -> None:
        """Add a finding at a character of the text, once."""
        line, column = position(self.sql, offset) if offset >= 0 else (0, 0)
        self.findings[Finding(line, column, code, message, mend, severity)] = None  # type: ignore[arg-type]

    def once(self, offset: int, code: str, message: str, mend: str, severity: str) -> None:
        """Add a finding unless the same was told at another place."""
        if not any(told.code == code and told.message == message for told in self.findings):
            self.tell(offset, code, message, mend, severity)

    def influence(self, kind: InfluenceKind, *values: Value) -> None:
        """Note that `values` decide which rows come out."""
        influences = self.influences
        for value in values:
            for origin in value.edges:
                kinds = influences.get(origin)
                if kinds is None:
                    influences[origin] = {kind}
                else:
                    kinds.add(kind)

    def tag(self, name: str) -> str:
        """A name for spellings, numbered when it is used again."""
        count = self.tags.get(name, 0) + 1
        self.tags[name] = count
        return name if count == 1 else f"{name}~{count}"
