"""The grammar of queries: a recursive-descent parser of Flink SQL that builds sqlglot's tree.

sqlglot has no Flink dialect, and its parser can neither be extended once it is compiled nor be
trusted to refuse what it does not know. The tree is sqlglot's own, with three rules: every call is
an `exp.Anonymous` under the name the author wrote, a CAST's type is its text, and `ref()` and
`source()` are quoted identifiers that hold the node id.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping

from sqlglot import exp

from cdk_stream.sql.grammar.cursor import NAMES, Node, make
from cdk_stream.sql.grammar.lexer import (
    END,
    NUMBER,
    SqlError,
    Tokens,
)
from cdk_stream.sql.grammar.tables import Tables

_SETS: dict[str, type[exp.SetOperation]] = {
    "UNION": exp.Union,
    "EXCEPT": exp.Except,
    "INTERSECT": exp.Intersect,
}
_CLAUSES = ("FROM", "WHERE", "GROUP", "HAVING", "WINDOW", "ORDER", "LIMIT", "UNION", "JOIN")


def parse(
    sql: str, tables: Mapping[tuple[str, str], str], variables: Mapping[str, object]
) -> tuple[Node, Tokens]:
    """The one query of `sql` and its tokens; raises SqlError."""
    tokens = Tokens(sql, tables, variables)
    return Parser(tokens).statement(), tokens


class Parser(Tables):
    """Reads one query."""

    __slots__ = ()

    def statement(self) -> Node:
        """The whole text."""
        first = self.kinds[0]
        if first == END:
            raise SqlError(0, "CS425", "the SQL is empty", "write a SELECT")
        if first not in ("SELECT", "WITH", "VALUES", "("):
            message = f"a model is one query, and '{self.texts[0][:20]}' starts none"
            raise SqlError(self.starts[0], "CS425", message, "write the SELECT alone")
        node = self.query()
        while self.take(";"):
            pass
        if self.kinds[self.at] == "SELECT" and self.kinds[self.at - 1] == ";":
            start = self.starts[self.at]
            mend = "make each one a model"
            raise SqlError(start, "CS425", "a model is one query, not several", mend)
        if self.kinds[self.at] != END:
            raise self.wrong("the end of the query", self._misspelt())
        return node

    def _misspelt(self) -> str:
        """A misspelt word of SQL was read as a name, and what follows it fits nowhere."""
        word = self.texts[self.at - 1].upper()
        close = difflib.get_close_matches(word, _CLAUSES, n=1, cutoff=0.7)
        return f"did you mean '{close[0]}'?" if close and close[0] != word else ""

    def query(self) -> Node:
        """`[WITH ...] term UNION term ... [ORDER BY ...] [LIMIT ...]`."""
        with_ = self._with() if self.kinds[self.at] == "WITH" else None
        node = self._intersections()
        while self.kinds[self.at] in ("UNION", "EXCEPT"):
            kind = self.kinds[self.at]
            node = self._set_operation(kind, node, self._intersections)
        self._ending(node)
        if with_ is not None:
            node.args["with_"] = with_
        return node

    def _intersections(self) -> Node:
        node = self._term()
        while self.kinds[self.at] == "INTERSECT":
            node = self._set_operation("INTERSECT", node, self._term)
        return node

    def _set_operation(self, kind: str, left: Node, right: object) -> Node:
        self.at += 1
        distinct = not self.take("ALL")
        if distinct:
            self.take("DISTINCT")
        assert callable(right)
        return _SETS[kind](this=left, expression=right(), distinct=distinct)

    def _term(self) -> Node:
        kind = self.kinds[self.at]
        if kind == "SELECT":
            return self._select()
        if kind == "(":
            self.at += 1
            node = make(exp.Subquery, this=self.query())
            self.need(")")
            return node
        if kind == "VALUES":
            self.at += 1
            return self.values()
        if kind == "TABLE":
            self.at += 1
            table = make(exp.Table, this=self.table_name())
            return make(exp.Select, expressions=[exp.Star()], from_=make(exp.From, this=table))
        raise self.wrong("SELECT")

    def _with(self) -> Node:
        self.at += 1
        recursive = self.word("RECURSIVE")
        found = [self._cte()]
        while self.take(","):
            found.append(self._cte())
        return make(exp.With, expressions=found, recursive=recursive)

    def _cte(self) -> Node:
        name = self.identifier()
        columns = self.names() if self.kinds[self.at] == "(" else None
        self.need("AS")
        self.need("(")
        node = self.query()
        self.need(")")
        return make(exp.CTE, this=node, alias=make(exp.TableAlias, this=name, columns=columns))

    def _ending(self, node: Node) -> None:
        if self.kinds[self.at] == "ORDER BY":
            node.args["order"] = make(exp.Order, expressions=self.order())
        if self.take("LIMIT") and not self.take("ALL"):
            node.args["limit"] = make(exp.Limit, expression=self.expression())
        if self.take("OFFSET"):
            node.args["offset"] = make(exp.Offset, expression=self.expression())
            if not self.word("ROWS"):
                self.word("ROW")
        if self.take("FETCH"):
            node.args["limit"] = self._fetch()

    def _fetch(self) -> Node:
        if not self.word("FIRST") and not self.word("NEXT"):
            raise self.wrong("FIRST")
        count: Node = make(exp.Literal, this="1", is_string=False)
        if self.kinds[self.at] == NUMBER:
            count = self.expression()
        if not self.word("ROWS") and not self.word("ROW"):
            raise self.wrong("ROWS ONLY")
        if not self.word("ONLY"):
            raise self.wrong("ONLY")
        return make(exp.Limit, expression=count)

    def _select(self) -> Node:
        self.at += 1
        distinct = exp.Distinct() if self.take("DISTINCT") else None
        if distinct is None:
            self.take("ALL")
        items = [self._item()]
        kinds = self.kinds
        while kinds[self.at] == ",":
            self.at += 1
            items.append(self._item())
        node = make(exp.Select, expressions=items)
        if distinct is not None:
            node.args["distinct"] = distinct
        if kinds[self.at] == "FROM":
            self.at += 1
            self.from_clause(node)
        if self.take("WHERE"):
            node.args["where"] = make(exp.Where, this=self.expression())
        if self.take("GROUP BY"):
            node.args["group"] = self._group()
        if self.take("HAVING"):
            node.args["having"] = make(exp.Having, this=self.expression())
        if kinds[self.at] == "WINDOW":
            node.args["windows"] = self._windows()
        if self.take("QUALIFY"):
            node.args["qualify"] = make(exp.Qualify, this=self.expression())
        return node

    def _item(self) -> Node:
        if self.kinds[self.at] == "*":
            return self.star()
        start = self.starts[self.at]
        node = self.expression()
        kind = self.kinds[self.at]
        if kind == "AS":
            self.at += 1
            node = make(exp.Alias, this=node, alias=self.alias())
        elif kind in NAMES:
            node = make(exp.Alias, this=node, alias=self.made_identifier())
        else:
            return node
        node._meta = {"start": start}
        return node

    def _group(self) -> Node:
        keys = []
        while True:
            keys.append(self._group_key())
            if not self.take(","):
                return make(exp.Group, expressions=keys)

    def _group_key(self) -> Node:
        kind = self.kinds[self.at]
        if kind in _GROUPINGS:
            self.at += 1
            self.need("(")
            parts = [self._grouping()]
            while self.take(","):
                parts.append(self._grouping())
            self.need(")")
            return _GROUPINGS[kind](expressions=parts)
        return self._grouping()

    def _grouping(self) -> Node:
        if self.kinds[self.at] == "(" and self.kinds[self.at + 1] == ")":
            self.at += 2
            return make(exp.Tuple, expressions=[])
        if self.kinds[self.at] in _GROUPINGS:
            self.deeper()
            return self._group_key()
        return self.expression()

    def _windows(self) -> list[Node]:
        self.at += 1
        found: list[Node] = []
        while True:
            name = self.identifier()
            self.need("AS")
            found.append(make(exp.Window, this=name, **self.window()))
            if not self.take(","):
                return found


_GROUPINGS: dict[str, type[exp.Expr]] = {
    "GROUPING SETS": exp.GroupingSets,
    "ROLLUP": exp.Rollup,
    "CUBE": exp.Cube,
}
