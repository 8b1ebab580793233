"""The grammar of expressions, by precedence."""

from __future__ import annotations

from sqlglot import exp

from cdk_stream.sql.grammar.cursor import Node, make
from cdk_stream.sql.grammar.operands import (
    AND,
    COMPARE,
    IS,
    OR,
    PRODUCT,
    QUERY_STARTS,
    RANGE,
    SUM,
    Operands,
)

_POWER = {
    "OR": OR,
    "AND": AND,
    "IS": IS,
    "NOT": RANGE,
    "IN": RANGE,
    "BETWEEN": RANGE,
    "LIKE": RANGE,
    "SIMILAR": RANGE,
    "+": SUM,
    "-": SUM,
    "*": PRODUCT,
    "/": PRODUCT,
    "%": PRODUCT,
    "||": PRODUCT,
} | dict.fromkeys(("=", "<>", "!=", "<", "<=", ">", ">="), COMPARE)

_BINARY: dict[str, type[exp.Expr]] = {
    "OR": exp.Or,
    "AND": exp.And,
    "=": exp.EQ,
    "<>": exp.NEQ,
    "!=": exp.NEQ,
    "<": exp.LT,
    "<=": exp.LTE,
    ">": exp.GT,
    ">=": exp.GTE,
    "+": exp.Add,
    "-": exp.Sub,
    "*": exp.Mul,
    "/": exp.Div,
    "%": exp.Mod,
    "||": exp.DPipe,
}


class Expressions(Operands):
    """Reads expressions."""

    __slots__ = ()

    def expression(self, floor: int = 0) -> Node:
        """An expression whose operators all bind tighter than `floor`."""
        left = self.operand()
        kinds = self.kinds
        while True:
            kind = kinds[self.at]
            power = _POWER.get(kind, 0)
            if power <= floor:
                return left
            made = _BINARY.get(kind)
            if made is None:
                left = self._special(left, kind)
            else:
                self.at += 1
                if power == COMPARE and kinds[self.at] in ("ANY", "SOME", "ALL"):
                    right = self._quantified()
                else:
                    right = self.expression(power)
                left = make(made, this=left, expression=right)

    def _special(self, left: Node, kind: str) -> Node:
        if kind == "IS":
            self.at += 1
            return self._is(left)
        negated = self.take("NOT")
        kind = self.kinds[self.at]
        if kind not in ("IN", "BETWEEN", "LIKE", "SIMILAR"):
            raise self.wrong("IN, BETWEEN or LIKE")
        self.at += 1
        if kind == "LIKE":
            return self._like(left, negated)
        if kind == "IN":
            made = self._in(left)
        elif kind == "BETWEEN":
            made = self._between(left)
        else:
            if not self.word("TO"):
                raise self.wrong("TO")
            made = make(exp.SimilarTo, this=left, expression=self.expression(RANGE))
        return make(exp.Not, this=made) if negated else made

    def _is(self, left: Node) -> Node:
        negated = self.take("NOT")
        made: Node
        if self.kinds[self.at] == "DISTINCT":
            self.at += 1
            self.need("FROM")
            kind = exp.NullSafeEQ if negated else exp.NullSafeNEQ
            return make(kind, this=left, expression=self.expression(COMPARE))
        if self.take("NULL") or self.take("UNKNOWN"):
            made = make(exp.Is, this=left, expression=exp.Null())
        elif self.take("TRUE"):
            made = make(exp.Is, this=left, expression=make(exp.Boolean, this=True))
        elif self.take("FALSE"):
            made = make(exp.Is, this=left, expression=make(exp.Boolean, this=False))
        elif self.word("JSON"):
            text = "JSON"
            if self.texts[self.at].upper() in ("VALUE", "OBJECT", "ARRAY", "SCALAR"):
                text += " " + self.texts[self.at].upper()
                self.at += 1
            made = make(exp.Is, this=left, expression=make(exp.Var, this=text))
        else:
            raise self.wrong("NULL, TRUE, FALSE, DISTINCT FROM or JSON")
        return make(exp.Not, this=made) if negated else made

    def _like(self, left: Node, negated: bool) -> Node:
        right = self.expression(RANGE)
        made: Node = make(exp.Like, this=left, expression=right)
        if negated:
            made.args["negate"] = True
        if self.take("ESCAPE"):
            made = make(exp.Escape, this=made, expression=self.expression(RANGE))
        return made

    def _in(self, left: Node) -> Node:
        self.need("(")
        if self.kinds[self.at] in QUERY_STARTS:
            query = make(exp.Subquery, this=self.query())
            self.need(")")
            return make(exp.In, this=left, query=query)
        options = self.expressions()
        self.need(")")
        return make(exp.In, this=left, expressions=options)

    def _between(self, left: Node) -> Node:
        symmetric = self.word("SYMMETRIC")
        if not symmetric:
            self.word("ASYMMETRIC")
        low = self.expression(RANGE)
        self.need("AND")
        made = make(exp.Between, this=left, low=low, high=self.expression(RANGE))
        if symmetric:
            made.args["symmetric"] = True
        return made

    def _quantified(self) -> Node:
        every = self.kinds[self.at] == "ALL"
        self.at += 1
        self.need("(")
        query = make(exp.Subquery, this=self.query())
        self.need(")")
        return make(exp.All, this=query) if every else make(exp.Any, this=query)
