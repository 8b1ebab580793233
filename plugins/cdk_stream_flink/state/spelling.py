"""One spelling for parts of a query that mean the same: aliases, CTEs and AND's order aside.

Every argument of the tree goes into the spelling, known here or not: what is not understood makes
two spellings differ, never the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlglot import exp

_OF_WINDOWS = ("window_start", "window_end", "window_time")
_UNMEANT = frozenset(("_type", "with_"))
_TABLES = (exp.Table, exp.Subquery, exp.Lateral, exp.Unnest, exp.Values)


@dataclass(slots=True)
class Table:
    """Something in FROM: what it is called, and the columns that are known of it, None for no."""

    name: str
    columns: Mapping[str, str] | None
    """Each column, and what it is called in that which is read: other for a plain sub-query."""


class Cte(NamedTuple):
    """A query of WITH, and those before it, which are all that it can name."""

    query: exp.Expr
    before: dict[str, Cte]


@dataclass(slots=True)
class Speller:
    """Spells the parts of one query block; `inputs` are the columns of what it may read, by name.

    `columns`, `functions` and `stars` gather what was met.
    """

    inputs: Mapping[str, Sequence[str]]
    tables: list[Table] = field(default_factory=list)
    ctes: dict[str, Cte] = field(default_factory=dict)
    around: Speller | None = None
    columns: set[str] = field(default_factory=set)
    functions: set[str] = field(default_factory=set)

    def enter(self, query: exp.Expr, ctes: Mapping[str, Cte] | None = None) -> Speller:
        """A speller for a query inside; what it meets is met here as well."""
        known = dict(self.ctes if ctes is None else ctes)
        inner = Speller(self.inputs, [], known, self, self.columns, self.functions)
        inner.open(query)
        return inner

    def open(self, query: exp.Expr) -> None:
        """Take in the tables and CTEs that `query` names."""
        self.ctes = ctes_of(query, self.ctes)
        for table in tables_of(query):
            self.tables.append(Table(str(table.alias_or_name), self._known(table)))

    def text(self, value: Any) -> str:
        """The spelling of any part of the tree."""
        if isinstance(value, exp.Expr):
            return self._node(value)
        if isinstance(value, list):
            return f"[{', '.join(map(self.text, value))}]"
        return str(value)

    def conjuncts(self, condition: Any) -> list[str]:
        """The parts of a condition that must all hold, sorted."""
        return sorted({self.text(part) for part in conjuncts_of(condition)})

    def _node(self, node: exp.Expr) -> str:
        kind = node.__class__
        if kind is exp.Column:
            return self._column(node)
        if kind is exp.Paren or kind is exp.Alias:
            return self.text(node.args["this"])
        if kind is exp.And:
            return f"AND({', '.join(self.conjuncts(node))})"
        if kind is exp.Anonymous:
            return self._call(node)
        if kind is exp.Identifier:
            return node.name
        if kind is exp.Star:
            self.columns.add("*")
        if kind is exp.Table:
            return self._table(node)
        if kind is exp.Subquery and self.is_plain(node):
            inner = node.args["this"]
            return self._renamed(node, self.enter(inner).table(inner))
        if kind in _TABLES:
            rest = {key: value for key, value in node.args.items() if key != "alias"}
            return self._renamed(node, self._generic(node, rest))
        if kind is exp.Select or isinstance(node, exp.SetOperation):
            return self.enter(node).query(node)
        return self._generic(node, node.args)

    def query(self, query: exp.Expr) -> str:
        """A whole query, with the names that it gives its columns."""
        items = [
            f"{self.text(item)} AS {item.alias_or_name}"
            for item in query.args.get("expressions") or ()
        ]
        rest = {key: value for key, value in query.args.items() if key != "expressions"}
        return f"({', '.join(items)} {self._generic(query, rest)})"

    @staticmethod
    def is_plain(node: exp.Expr) -> bool:
        """Brackets around a query that say nothing more."""
        return not any(value for key, value in node.args.items() if key not in ("this", "alias"))

    def _generic(self, node: exp.Expr, args: Mapping[str, Any]) -> str:
        told = [
            f"{key}={self.text(args[key])}"
            for key in sorted(args)
            if key not in _UNMEANT and args[key] not in (None, False, [])
        ]
        return f"{node.key.upper()}({', '.join(told)})"

    def _call(self, node: exp.Expr) -> str:
        name = str(node.args["this"])
        self.functions.add(name.upper())
        rest = {
            key: value for key, value in node.args.items() if key not in ("this", "expressions")
        }
        told = self._generic(node, rest) if any(rest.values()) else ""
        inner = ", ".join(map(self._argument, node.args.get("expressions") or ()))
        return f"{name.upper()}({inner}){told}"

    def _argument(self, node: exp.Expr) -> str:
        return "*" if node.__class__ is exp.Star else self.text(node)  # COUNT(*) reads no column

    def _table(self, node: exp.Expr) -> str:
        inner = node.args["this"]
        if inner.__class__ is exp.Identifier and inner.name in self.ctes:
            cte = self.ctes[inner.name]
            return self._renamed(node, self.enter(cte.query, cte.before).table(cte.query))
        rest = {key: value for key, value in node.args.items() if key not in ("this", "alias")}
        told = self._generic(node, rest) if any(rest.values()) else ""
        return self._renamed(node, f"{self.text(inner)}{told}")

    def table(self, query: exp.Expr) -> str:
        """A query in FROM; one that only picks columns is the table it picks them from."""
        if _picks(query) is None:
            return self.query(query)
        return self.text(query.args["from_"].args["this"])

    def _renamed(self, node: exp.Expr, text: str) -> str:
        """What a table is called does not matter; what its columns are does."""
        named = node.args.get("alias")
        columns = named.args.get("columns") if isinstance(named, exp.Expr) else None
        return f"{text} AS {self.text(columns)}" if columns else text

    def _column(self, node: exp.Expr) -> str:
        name, table = node.name, node.args.get("table")
        if table is None and name in self.inputs and not self._owner(name):
            return name  # TABLE payments, the argument of a window function
        place = self._of(table.name, name) if table is not None else self._owner(name)
        if not place:
            self.columns.add(name)
            return f"?.{name}"
        owner, column = place
        self.columns.add(column)
        return f"{owner}.{column}"

    def _of(self, called: str, column: str) -> tuple[str, str] | None:
        """The table called so, and what the column is called in it."""
        for index, table in enumerate(self.tables):
            if table.name == called:
                return f"#{index}", (table.columns or {}).get(column, column)
        found = self.around._of(called, column) if self.around is not None else None
        return (f"^{found[0]}", found[1]) if found else None

    def _owner(self, column: str) -> tuple[str, str] | None:
        """The same for an unqualified column; None when that is not certain."""
        if len(self.tables) == 1 and self.around is None and self.tables[0].columns is None:
            return "#0", column
        found = [
            (f"#{index}", table.columns[column])
            for index, table in enumerate(self.tables)
            if table.columns is not None and column in table.columns
        ]
        if len(found) == 1:
            return found[0]
        outer = self.around._owner(column) if not found and self.around is not None else None
        return (f"^{outer[0]}", outer[1]) if outer else None

    def _known(self, table: exp.Expr) -> Mapping[str, str] | None:
        inner = table.args["this"]
        named = table.args.get("alias")
        if isinstance(named, exp.Expr) and named.args.get("columns"):
            return None
        if inner.__class__ is exp.Identifier:
            if inner.name in self.ctes:
                cte = self.ctes[inner.name]
                return self.enter(cte.query, cte.before)._gives(cte.query)
            return _same(self.inputs.get(inner.name))
        if inner.__class__ is exp.Anonymous:
            arguments = inner.args.get("expressions") or ()
            read = next((item.name for item in arguments if item.name in self.inputs), None)
            return None if read is None else _same([*self.inputs[read], *_OF_WINDOWS])
        while inner.__class__ in (exp.Subquery, exp.Paren):
            inner = inner.args["this"]
        return self.enter(inner)._gives(inner)

    def _gives(self, query: exp.Expr) -> Mapping[str, str] | None:
        """The columns of a query whose tables this speller knows."""
        picked = _picks(query)
        if picked is None:
            return _same(_names(query))
        if self.tables[0].columns is None:
            return picked
        return {name: self.tables[0].columns.get(column, column) for name, column in picked.items()}


def _same(names: Sequence[str] | None) -> Mapping[str, str] | None:
    return None if names is None else {name: name for name in names}


def _picks(query: exp.Expr) -> dict[str, str] | None:
    """Column -> what it is in the one table of `query`, when it does nothing else."""
    if query.__class__ is not exp.Select or len(list(tables_of(query))) != 1:
        return None
    told = {key for key, value in query.args.items() if value and key != "with_"}
    if told != {"expressions", "from_"}:
        return None
    found: dict[str, str] = {}
    for item in query.args["expressions"]:
        inner = item.args["this"] if item.__class__ is exp.Alias else item
        if inner.__class__ is not exp.Column or inner.name == "*":
            return None
        found[item.alias_or_name] = inner.name
    return found


def tables_of(query: exp.Expr) -> Iterator[exp.Expr]:
    """The tables of FROM and of its joins, in order."""
    from_ = query.args.get("from_")
    if from_ is not None:
        yield from_.args["this"]
    for join in query.args.get("joins") or ():
        yield join.args["this"]


def _names(query: exp.Expr) -> list[str] | None:
    """The names of a query's columns; None with a star."""
    while query.__class__ in (exp.Subquery, exp.Paren) or isinstance(query, exp.SetOperation):
        query = query.args["this"]
    names = [str(item.alias_or_name) for item in query.args.get("expressions") or ()]
    return None if not names or "*" in names else names


def ctes_of(query: exp.Expr, known: Mapping[str, Cte]) -> dict[str, Cte]:
    """The CTEs that `query` can name: its own as well as those `known` around it."""
    found = dict(known)
    with_ = query.args.get("with_")
    for cte in with_.args.get("expressions") or () if with_ is not None else ():
        found[cte.alias] = Cte(cte.args["this"], dict(found))
    return found


def conjuncts_of(condition: Any) -> Iterator[exp.Expr]:
    """The parts of a condition that must all hold."""
    while condition.__class__ is exp.Paren:
        condition = condition.args["this"]
    if condition.__class__ is exp.And:
        yield from conjuncts_of(condition.args["this"])
        yield from conjuncts_of(condition.args["expression"])
    else:
        yield condition
