"""The grammar of calls: Flink's own argument syntax, OVER, FILTER and data types."""

from __future__ import annotations

from collections.abc import Callable

from sqlglot import exp

from cdk_stream.sql.grammar.cursor import Node, make
from cdk_stream.sql.grammar.expressions import Expressions
from cdk_stream.sql.grammar.lexer import END, NAME, QUOTED

_JSON_WORDS = frozenset(("NULL", "ERROR", "EMPTY", "ABSENT", "TRUE", "FALSE", "UNKNOWN", "ON")) | {
    "WITH",
    "WITHOUT",
    "ARRAY",
    "OBJECT",
    "CONDITIONAL",
    "UNCONDITIONAL",
    "WRAPPER",
}


class Calls(Expressions):
    """Reads calls. What is grammar inside one becomes a text argument: EXTRACT('DAY', t)."""

    __slots__ = ()

    def call(self) -> Node:
        at = self.at
        upper = self.texts[at].upper()
        reader = _READERS.get(upper)
        self.at += 2
        if reader is not None:
            node = reader(self, at)
            self.need(")")
        else:
            node = self._call_node(at, self._arguments())
        return self._after(node)

    def _arguments(self) -> list[Node]:
        """The arguments up to the closing bracket."""
        found: list[Node] = []
        if self.take(")"):
            return found
        while True:
            found += self._argument()
            if not self.take(","):
                break
        self.need(")")
        return found

    def _argument(self) -> list[Node]:
        kind = self.kinds[self.at]
        if kind == "*":
            return [self.star()]
        if kind == "DISTINCT":
            self.at += 1
            return [make(exp.Distinct, expressions=self.expressions())]
        if kind == "ALL":
            self.at += 1
        elif kind == "TABLE":
            return self._table_argument()
        elif kind in ("SELECT", "WITH"):
            return [make(exp.Subquery, this=self.query())]
        elif kind == NAME and self.kinds[self.at + 1] == "=>":
            return self._keyword_argument()
        elif self.kinds[self.at : self.at + 2] == [NAME, NAME] and self.word("MODEL"):
            self.at += 1
            return [self._text(self.texts[self.at - 1])]
        return [self._sorted()]

    def _sorted(self) -> Node:
        """An argument, which may say in which order it is aggregated."""
        node = self.expression()
        if self.kinds[self.at] == "ORDER BY":
            node = make(exp.Order, this=node, expressions=self.order())
        return node

    def _keyword_argument(self) -> list[Node]:
        name = make(exp.Var, this=self.texts[self.at])
        self.at += 2
        first, *more = self._argument()
        return [make(exp.Kwarg, this=name, expression=first), *more]

    def _table_argument(self) -> list[Node]:
        """`TABLE t PARTITION BY a`, `TABLE (SELECT ...)`."""
        self.at += 1
        node: Node
        if self.take("("):
            node = make(exp.Subquery, this=self.query())
            self.need(")")
        else:
            node = make(exp.Column, this=self.table_name())
        if not self.take("PARTITION BY"):
            return [node]
        bracketed = self.take("(")
        keys = [self.expression()]
        while self._more_keys(bracketed):
            keys.append(self.expression())
        if bracketed:
            self.need(")")
        return [node, make(exp.Anonymous, this="PARTITION_KEYS", expressions=keys)]

    def _more_keys(self, bracketed: bool) -> bool:
        """Whether another key follows, and not the next argument."""
        following = self.kinds[self.at + 1 : self.at + 3]
        if not bracketed and following in ([NAME, "("], [NAME, "=>"]):
            return False
        return self.take(",")

    def table_name(self) -> exp.Identifier:
        """The table that a reference or a name stands for."""
        raise NotImplementedError

    def order(self) -> list[Node]:
        """`ORDER BY a DESC, b`."""
        self.need("ORDER BY")
        found = [self._ordered()]
        while self.take(","):
            found.append(self._ordered())
        return found

    def _ordered(self) -> Node:
        node = self.expression()
        descending = self.take("DESC")
        if not descending:
            self.take("ASC")
        first = False
        if self.word("NULLS", "FIRST"):
            first = True
        else:
            self.word("NULLS", "LAST")
        return make(exp.Ordered, this=node, desc=descending, nulls_first=first)

    def _after(self, node: Node) -> Node:
        """FILTER, WITHIN GROUP, IGNORE NULLS and OVER."""
        if self.kinds[self.at] == "FILTER" and self.kinds[self.at + 1] == "(":
            self.at += 2
            self.need("WHERE")
            node = make(exp.Filter, this=node, expression=make(exp.Where, this=self.expression()))
            self.need(")")
        if self.word("IGNORE", "NULLS"):
            node = make(exp.IgnoreNulls, this=node)
        elif self.word("RESPECT", "NULLS"):
            node = make(exp.RespectNulls, this=node)
        return self._over(node) if self.take("OVER") else node

    def _over(self, node: Node) -> Node:
        if self.kinds[self.at] != "(":
            return make(exp.Window, this=node, alias=self.identifier("a window"), over="OVER")
        return make(exp.Window, this=node, over="OVER", **self.window())

    def window(self) -> dict[str, object]:
        """`(PARTITION BY ... ORDER BY ... ROWS ...)` as the arguments of a node."""
        self.need("(")
        found: dict[str, object] = {}
        if self.take("PARTITION BY"):
            found["partition_by"] = self.expressions()
        if self.kinds[self.at] == "ORDER BY":
            found["order"] = make(exp.Order, expressions=self.order())
        if self.texts[self.at].upper() in ("ROWS", "RANGE"):
            found["spec"] = self._frame()
        self.need(")")
        return found

    def _frame(self) -> Node:
        kind = self.texts[self.at].upper()
        self.at += 1
        if self.take("BETWEEN"):
            start = self._bound()
            self.need("AND")
            end: tuple[object, object] = self._bound()
        else:
            start, end = self._bound(), ("CURRENT ROW", None)
        return make(
            exp.WindowSpec,
            kind=kind,
            start=start[0],
            start_side=start[1],
            end=end[0],
            end_side=end[1],
        )

    def _bound(self) -> tuple[object, object]:
        if self.word("CURRENT", "ROW"):
            return "CURRENT ROW", None
        value: object = "UNBOUNDED" if self.word("UNBOUNDED") else self.expression()
        side = self.texts[self.at].upper()
        if side not in ("PRECEDING", "FOLLOWING"):
            raise self.wrong("PRECEDING or FOLLOWING")
        self.at += 1
        return value, side

    def _text(self, text: str) -> Node:
        return make(exp.Literal, this=text, is_string=True)

    def _cast(self, at: int) -> Node:
        node = self.expression()
        self.need("AS")
        start = self.at
        text = self._type()
        target = make(exp.DataType, this=exp.DType.USERDEFINED, kind=text)
        kind = exp.TryCast if self.texts[at].upper() == "TRY_CAST" else exp.Cast
        made = make(kind, this=node, to=target)
        made._meta = {"start": self.starts[start]}
        return made

    def _type(self) -> str:
        """The text of a data type, up to the bracket that closes what it stands in."""
        start = self.at
        depth = 0
        while self.kinds[self.at] != END:
            kind = self.kinds[self.at]
            if not depth and self.at > start and not self._of_type(kind):
                break
            depth += (kind in "(<") - (kind in ")>")
            if depth < 0:
                break
            self.at += 1
        return self.tokens.sql[self.starts[start] : self.starts[self.at]].strip()

    def _of_type(self, kind: str) -> bool:
        """Whether a token of this kind goes on with the type."""
        if kind in ("(", "<", ")", ">"):
            return True
        return self.texts[self.at].upper() in _TYPE_WORDS and kind != QUOTED

    def _unit_first(self, at: int) -> Node:
        """`EXTRACT(DAY FROM t)`, `TIMESTAMPDIFF(DAY, a, b)`."""
        unit = self._text(self.texts[self.at].upper())
        self.at += 1
        if not self.take("FROM"):
            self.need(",")
        return self._call_node(at, [unit, *self.expressions()])

    def _unit_last(self, at: int) -> Node:
        """`FLOOR(t TO DAY)`."""
        arguments = self.expressions()
        if self.word("TO"):
            arguments.append(self._text(self.texts[self.at].upper()))
            self.at += 1
        return self._call_node(at, arguments)

    def _substring(self, at: int) -> Node:
        """`SUBSTRING(a FROM b FOR c)`."""
        arguments = self.expressions()
        while self.take("FROM") or self.take("FOR"):
            arguments.append(self.expression())
        return self._call_node(at, arguments)

    def _overlay(self, at: int) -> Node:
        arguments = self.expressions()
        if self.word("PLACING"):
            arguments.append(self.expression())
        while self.take("FROM") or self.take("FOR"):
            arguments.append(self.expression())
        return self._call_node(at, arguments)

    def _position(self, at: int) -> Node:
        """`POSITION(a IN b)`."""
        arguments = [self.expression(32)]
        if self.take("IN") or self.take(","):
            arguments.append(self.expression())
        return self._call_node(at, arguments)

    def _trim(self, at: int) -> Node:
        """`TRIM(BOTH 'x' FROM t)`."""
        arguments: list[Node] = []
        if self.texts[self.at].upper() in ("BOTH", "LEADING", "TRAILING"):
            arguments.append(self._text(self.texts[self.at].upper()))
            self.at += 1
        if self.kinds[self.at] != "FROM":
            arguments += self.expressions()
        if self.take("FROM"):
            arguments.append(self.expression())
        return self._call_node(at, arguments)

    def _json(self, at: int) -> Node:
        """JSON calls: `NULL ON EMPTY` and the like become one text each."""
        arguments: list[Node] = []
        while self.kinds[self.at] not in (")", END):
            if self.word("RETURNING"):
                arguments.append(self._text("RETURNING " + self._type()))
            elif (
                self.take(",")
                or (arguments and (self.word("VALUE") or self.take(":")))
                or (arguments and self._json_words(arguments))
            ):
                continue
            else:
                if self.kinds[self.at + 1] not in (",", ")", ":"):
                    self.word("KEY")
                self.word("DEFAULT")
                arguments.append(self._sorted())
        return self._call_node(at, arguments)

    def _json_words(self, arguments: list[Node]) -> bool:
        """Take the words of a clause; a value such as NULL stands after a comma instead."""
        if self.kinds[self.at - 1] in (",", ":") or self.texts[self.at - 1].upper() == "VALUE":
            return False
        words: list[str] = []
        while self.texts[self.at].upper() in _JSON_WORDS and self.kinds[self.at] != QUOTED:
            words.append(self.texts[self.at].upper())
            self.at += 1
        if words:
            arguments.append(self._text(" ".join(words)))
        return bool(words)


_TYPE_WORDS = frozenset(("WITH", "WITHOUT", "LOCAL", "TIME", "ZONE", "NOT", "NULL", "ARRAY")) | {
    "MULTISET",
    "PRECISION",
    "VARYING",
    "TO",
    "SECOND",
    "MINUTE",
    "HOUR",
    "DAY",
    "MONTH",
    "YEAR",
}
_READERS: dict[str, Callable[[Calls, int], Node]] = {
    "CAST": Calls._cast,
    "TRY_CAST": Calls._cast,
    "EXTRACT": Calls._unit_first,
    "TIMESTAMPADD": Calls._unit_first,
    "TIMESTAMPDIFF": Calls._unit_first,
    "FLOOR": Calls._unit_last,
    "CEIL": Calls._unit_last,
    "CEILING": Calls._unit_last,
    "SUBSTRING": Calls._substring,
    "OVERLAY": Calls._overlay,
    "POSITION": Calls._position,
    "TRIM": Calls._trim,
    "JSON_ARRAY": Calls._json,
    "JSON_ARRAYAGG": Calls._json,
    "JSON_EXISTS": Calls._json,
    "JSON_OBJECT": Calls._json,
    "JSON_OBJECTAGG": Calls._json,
    "JSON_QUERY": Calls._json,
    "JSON_VALUE": Calls._json,
}
