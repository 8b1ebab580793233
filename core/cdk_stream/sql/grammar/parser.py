"""The grammar of queries: a recursive-descent parser of Flink SQL that builds sqlglot's tree.

sqlglot has no Flink dialect, and its parser can neither be extended once it is compiled nor be
trusted to refuse what it does not know. The tree is sqlglot's own, with three rules: every call is
an `exp.Anonymous` under the name the author wrote, a CAST's type is its text, and `ref()` and
`source()` are quoted identifiers that hold the node id.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlglot import exp

from cdk_stream.sql.grammar.cursor import NAMES, Node
from cdk_stream.sql.grammar.lexer import (
    END,
    NAME,
    NUMBER,
    QUOTED,
    STRING,
    TEMPLATE,
    SqlError,
    Tokens,
)
from cdk_stream.sql.grammar.patterns import Patterns

_SIDES = frozenset(("LEFT", "RIGHT", "FULL"))
_SETS: dict[str, type[exp.SetOperation]] = {
    "UNION": exp.Union,
    "EXCEPT": exp.Except,
    "INTERSECT": exp.Intersect,
}


def parse(
    sql: str, tables: Mapping[tuple[str, str], str], variables: Mapping[str, object]
) -> tuple[Node, Tokens]:
    """The one query of `sql` and its tokens; raises SqlError."""
    tokens = Tokens(sql, tables, variables)
    return Parser(tokens).statement(), tokens


class Parser(Patterns):
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
            raise self.wrong("the end of the query")
        return node

    def query(self) -> Node:
        """`[WITH ...] term UNION term ... [ORDER BY ...] [LIMIT ...]`."""
        with_ = self._with() if self.kinds[self.at] == "WITH" else None
        node = self._intersections()
        while self.kinds[self.at] in ("UNION", "EXCEPT"):
            kind = self.kinds[self.at]
            node = self._set_operation(kind, node, self._intersections)
        self._ending(node)
        if with_ is not None:
            node.set("with_", with_)
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
            node = exp.Subquery(this=self.query())
            self.need(")")
            return node
        if kind == "VALUES":
            self.at += 1
            return self._values()
        if kind == "TABLE":
            self.at += 1
            table = exp.Table(this=self.table_name())
            return exp.Select(expressions=[exp.Star()], from_=exp.From(this=table))
        raise self.wrong("SELECT")

    def _with(self) -> Node:
        self.at += 1
        recursive = self.word("RECURSIVE")
        found = [self._cte()]
        while self.take(","):
            found.append(self._cte())
        return exp.With(expressions=found, recursive=recursive)

    def _cte(self) -> Node:
        name = self.identifier()
        columns = self.names() if self.kinds[self.at] == "(" else None
        self.need("AS")
        self.need("(")
        node = self.query()
        self.need(")")
        return exp.CTE(this=node, alias=exp.TableAlias(this=name, columns=columns))

    def _ending(self, node: Node) -> None:
        if self.kinds[self.at] == "ORDER BY":
            node.set("order", exp.Order(expressions=self.order()))
        if self.take("LIMIT") and not self.take("ALL"):
            node.set("limit", exp.Limit(expression=self.expression()))
        if self.take("OFFSET"):
            node.set("offset", exp.Offset(expression=self.expression()))
            if not self.word("ROWS"):
                self.word("ROW")
        if self.take("FETCH"):
            node.set("limit", self._fetch())

    def _fetch(self) -> Node:
        if not self.word("FIRST") and not self.word("NEXT"):
            raise self.wrong("FIRST")
        count: Node = exp.Literal(this="1", is_string=False)
        if self.kinds[self.at] == NUMBER:
            count = self.expression()
        if not self.word("ROWS") and not self.word("ROW"):
            raise self.wrong("ROWS ONLY")
        if not self.word("ONLY"):
            raise self.wrong("ONLY")
        return exp.Limit(expression=count)

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
        node = exp.Select(expressions=items)
        if distinct is not None:
            node.set("distinct", distinct)
        if kinds[self.at] == "FROM":
            self.at += 1
            self._from(node)
        if self.take("WHERE"):
            node.set("where", exp.Where(this=self.expression()))
        if self.take("GROUP BY"):
            node.set("group", self._group())
        if self.take("HAVING"):
            node.set("having", exp.Having(this=self.expression()))
        if kinds[self.at] == "WINDOW":
            node.set("windows", self._windows())
        if self.take("QUALIFY"):
            node.set("qualify", exp.Qualify(this=self.expression()))
        return node

    def _item(self) -> Node:
        if self.kinds[self.at] == "*":
            return self.star()
        start = self.starts[self.at]
        node = self.expression()
        kind = self.kinds[self.at]
        if kind == "AS":
            self.at += 1
            node = exp.Alias(this=node, alias=self._alias())
        elif kind in NAMES:
            node = exp.Alias(this=node, alias=self.made_identifier())
        else:
            return node
        node._meta = {"start": start}
        return node

    def _alias(self) -> exp.Identifier:
        """A name after AS; a keyword there is told as reserved, which is what is wrong with it."""
        kind = self.kinds[self.at]
        if kind in (STRING, NUMBER, TEMPLATE, END) or not self.texts[self.at][:1].isalpha():
            return self.identifier("a name")
        return self.made_identifier()

    def _group(self) -> Node:
        keys = []
        while True:
            keys.append(self._group_key())
            if not self.take(","):
                return exp.Group(expressions=keys)

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
            return exp.Tuple(expressions=[])
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
            found.append(exp.Window(this=name, **self.window()))
            if not self.take(","):
                return found

    def _from(self, select: Node) -> None:
        first = self._table()
        joins = []
        while True:
            join = self._join()
            if join is None:
                break
            joins.append(join)
        select.set("from_", exp.From(this=first))
        if joins:
            select.set("joins", joins)
        if self.kinds[self.at] == "MATCH_RECOGNIZE":
            select.set("match", self.match_recognize())

    def _join(self) -> Node | None:
        kinds = self.kinds
        kind = kinds[self.at]
        if kind == ",":
            self.at += 1
            return exp.Join(this=self._table())
        arguments: dict[str, object] = {}
        if kind == "NATURAL":
            self.at += 1
            arguments["method"] = "NATURAL"
            kind = kinds[self.at]
        if kind in _SIDES:
            self.at += 1
            arguments["side"] = kind
            self.take("OUTER")
        elif kind in ("INNER", "CROSS"):
            self.at += 1
            arguments["kind"] = kind
        if kinds[self.at] != "JOIN":
            if arguments:
                raise self.wrong("JOIN")
            return None
        self.at += 1
        arguments["this"] = self._table()
        if self.take("ON"):
            arguments["on"] = self.expression()
        elif self.take("USING"):
            arguments["using"] = self.names()
        return exp.Join(**arguments)

    def _table(self) -> Node:
        kind = self.kinds[self.at]
        if kind == TEMPLATE:
            node: Node = exp.Table(this=self.made_identifier())
        elif kind in NAMES:
            if self.kinds[self.at + 1] == "(":
                node = exp.Table(this=self.call())
            else:
                node = exp.Table(this=self._table_path())
        elif kind == "(":
            node = self._bracketed_table()
        elif kind == "LATERAL":
            self.at += 1
            node = exp.Lateral(this=self._lateral())
        elif kind == "UNNEST":
            node = self._unnest()
        elif kind == "TABLE":
            node = exp.Table(this=self._table_function())
        else:
            raise self.wrong("a table")
        if self.kinds[self.at] == "FOR":
            node.set("version", self._version())
        self._table_alias(node)
        return node

    def _table_path(self) -> exp.Identifier:
        name = self.identifier()
        if self.kinds[self.at] == ".":
            mend = 'tables are named by {{ ref("...") }} and {{ source("...") }}'
            raise SqlError(name.meta["start"], "CS412", "tables have no path here", mend)
        return name

    def table_name(self) -> exp.Identifier:
        if self.kinds[self.at] == TEMPLATE:
            return self.made_identifier()
        return self.identifier("a table")

    def _table_alias(self, node: Node) -> None:
        if self.take("AS"):
            name = self._alias()
        elif self.kinds[self.at] in NAMES:
            name = self.made_identifier()
        else:
            return
        columns = self.names() if self.kinds[self.at] == "(" else None
        node.set("alias", exp.TableAlias(this=name, columns=columns))

    def _bracketed_table(self) -> Node:
        self.at += 1
        kind = self.kinds[self.at]
        if kind == "VALUES":
            self.at += 1
            node: Node = self._values()
        elif kind in ("SELECT", "WITH", "("):
            node = exp.Subquery(this=self.query())
        else:
            node = self._table()
            joins = []
            while (join := self._join()) is not None:
                joins.append(join)
            if joins:
                node.set("joins", joins)
        self.need(")")
        return node

    def _values(self) -> Node:
        lines = [self.expression()]
        while self.take(","):
            lines.append(self.expression())
        rows = [line.this if isinstance(line, exp.Paren) else line for line in lines]
        tuples = [
            row if isinstance(row, exp.Tuple) else exp.Tuple(expressions=[row]) for row in rows
        ]
        return exp.Values(expressions=tuples)

    def _lateral(self) -> Node:
        if self.kinds[self.at] == "TABLE":
            return self._table_function()
        if self.kinds[self.at] == "UNNEST":
            return self._unnest()
        if self.take("("):
            node = exp.Subquery(this=self.query())
            self.need(")")
            return node
        if self.kinds[self.at] == NAME and self.kinds[self.at + 1] == "(":
            return self.call()
        raise self.wrong("TABLE(function(...)) or a sub-query")

    def _table_function(self) -> Node:
        """`TABLE(f(...))`."""
        self.at += 1
        self.need("(")
        if self.kinds[self.at] not in (NAME, QUOTED) or self.kinds[self.at + 1] != "(":
            raise self.wrong("a table function")
        node = self.call()
        self.need(")")
        return node

    def _unnest(self) -> Node:
        self.at += 1
        self.need("(")
        arguments = self.expressions()
        self.need(")")
        ordinality = self.kinds[self.at] == "WITH"
        if ordinality:
            self.at += 1
            if not self.word("ORDINALITY"):
                raise self.wrong("ORDINALITY")
        return exp.Unnest(expressions=arguments, offset=ordinality)

    def _version(self) -> Node:
        self.at += 1
        if not self.word("SYSTEM_TIME", "AS", "OF"):
            raise self.wrong("SYSTEM_TIME AS OF")
        return exp.Version(this="TIMESTAMP", kind="AS OF", expression=self.expression())


_GROUPINGS: dict[str, type[exp.Expr]] = {
    "GROUPING SETS": exp.GroupingSets,
    "ROLLUP": exp.Rollup,
    "CUBE": exp.Cube,
}
