"""The grammar of FROM: tables, joins, table functions."""

from __future__ import annotations

from sqlglot import exp

from cdk_stream.sql.grammar.cursor import NAMES, Node, make
from cdk_stream.sql.grammar.lexer import END, NAME, NUMBER, QUOTED, STRING, TEMPLATE, SqlError
from cdk_stream.sql.grammar.patterns import Patterns

_SIDES = frozenset(("LEFT", "RIGHT", "FULL"))


class Tables(Patterns):
    """Reads what stands in FROM."""

    __slots__ = ()

    def alias(self) -> exp.Identifier:
        """A name after AS; a keyword there is told as reserved, which is what is wrong with it."""
        kind = self.kinds[self.at]
        if kind in (STRING, NUMBER, TEMPLATE, END) or not self.texts[self.at][:1].isalpha():
            return self.identifier("a name")
        return self.made_identifier()

    def from_clause(self, select: Node) -> None:
        first = self._table()
        joins = []
        while True:
            join = self._join()
            if join is None:
                break
            joins.append(join)
        select.args["from_"] = make(exp.From, this=first)
        if joins:
            select.args["joins"] = joins
        if self.kinds[self.at] == "MATCH_RECOGNIZE":
            select.args["match"] = self.match_recognize()

    def _join(self) -> Node | None:
        kinds = self.kinds
        kind = kinds[self.at]
        if kind == ",":
            self.at += 1
            return make(exp.Join, this=self._table())
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
        return make(exp.Join, **arguments)

    def _table(self) -> Node:
        kind = self.kinds[self.at]
        if kind == TEMPLATE:
            node: Node = make(exp.Table, this=self.made_identifier())
        elif kind in NAMES:
            if self.kinds[self.at + 1] == "(":
                node = make(exp.Table, this=self.call())
            else:
                node = make(exp.Table, this=self._table_path())
        elif kind == "(":
            node = self._bracketed_table()
        elif kind == "LATERAL":
            self.at += 1
            node = make(exp.Lateral, this=self._lateral())
        elif kind == "UNNEST":
            node = self._unnest()
        elif kind == "TABLE":
            node = make(exp.Table, this=self._table_function())
        else:
            raise self.wrong("a table")
        if self.kinds[self.at] == "FOR":
            node.args["version"] = self._version()
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
            name = self.alias()
        elif self.kinds[self.at] in NAMES:
            name = self.made_identifier()
        else:
            return
        columns = self.names() if self.kinds[self.at] == "(" else None
        node.args["alias"] = make(exp.TableAlias, this=name, columns=columns)

    def _bracketed_table(self) -> Node:
        self.at += 1
        kind = self.kinds[self.at]
        if kind == "VALUES":
            self.at += 1
            node: Node = self.values()
        elif kind in ("SELECT", "WITH", "("):
            node = make(exp.Subquery, this=self.query())
        else:
            node = self._table()
            joins = []
            while (join := self._join()) is not None:
                joins.append(join)
            if joins:
                node.args["joins"] = joins
        self.need(")")
        return node

    def values(self) -> Node:
        lines = [self.expression()]
        while self.take(","):
            lines.append(self.expression())
        return make(exp.Values, expressions=[self._row(line) for line in lines])

    def _row(self, line: Node) -> Node:
        """`(1, 'a')`, `ROW(1, 'a')`, `1`."""
        if isinstance(line, exp.Tuple):
            return line
        if isinstance(line, exp.Anonymous) and line.name.upper() == "ROW":
            return make(exp.Tuple, expressions=line.expressions)
        return make(exp.Tuple, expressions=[line.this if isinstance(line, exp.Paren) else line])

    def _lateral(self) -> Node:
        if self.kinds[self.at] == "TABLE":
            return self._table_function()
        if self.kinds[self.at] == "UNNEST":
            return self._unnest()
        if self.take("("):
            node = make(exp.Subquery, this=self.query())
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
        return make(exp.Unnest, expressions=arguments, offset=ordinality)

    def _version(self) -> Node:
        self.at += 1
        if not self.word("SYSTEM_TIME", "AS", "OF"):
            raise self.wrong("SYSTEM_TIME AS OF")
        return make(exp.Version, this="TIMESTAMP", kind="AS OF", expression=self.expression())
