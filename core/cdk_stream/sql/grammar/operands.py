"""The grammar of what operators stand between: names, literals, CASE, INTERVAL, sub-queries."""

from __future__ import annotations

from collections.abc import Callable

from sqlglot import exp

from cdk_stream.sql.grammar.cursor import NAMES, Cursor, Node, make
from cdk_stream.sql.grammar.lexer import NUMBER, QUOTED, STRING, TEMPLATE

OR, AND, NOT, IS, COMPARE, RANGE, SUM, PRODUCT = 22, 24, 26, 28, 30, 32, 40, 60
"""How tightly operators bind; a higher number binds tighter."""

QUERY_STARTS = frozenset(("SELECT", "WITH", "VALUES", "TABLE"))
_PARTS = frozenset(("[", "."))
_PREFIXED: dict[str, type[exp.Expr]] = {"X": exp.HexString, "U&": exp.UnicodeString}
_LITERALS = frozenset(("DATE", "TIME", "TIMESTAMP", "TIMESTAMP_LTZ"))
_BARE_CALLS = frozenset(
    ("CURRENT_DATE", "CURRENT_TIME", "CURRENT_TIMESTAMP", "LOCALTIME", "LOCALTIMESTAMP")
)
_UNITS = frozenset(
    ("YEAR", "QUARTER", "MONTH", "WEEK", "DAY", "HOUR", "MINUTE", "SECOND", "MILLISECOND")
)
_UNITS |= frozenset(unit + "S" for unit in _UNITS)


class Operands(Cursor):
    """Reads operands; expressions, calls and queries within them are left to the classes below."""

    __slots__ = ()

    def query(self) -> Node:
        """A query, without its brackets."""
        raise NotImplementedError

    def expression(self, floor: int = 0) -> Node:
        """An expression whose operators all bind tighter than `floor`."""
        raise NotImplementedError

    def call(self) -> Node:
        """`name(...)` with what may follow it."""
        raise NotImplementedError

    def expressions(self) -> list[Node]:
        """`a, b, c`."""
        found = [self.expression()]
        while self.take(","):
            found.append(self.expression())
        return found

    def operand(self) -> Node:
        kind = self.kinds[self.at]
        if kind in NAMES:
            node = self.named()
        else:
            reader = _READERS.get(kind)
            if reader is None:
                raise self.wrong("an expression")
            node = reader(self)
        following = self.kinds[self.at]
        if following in _PARTS:
            return self._parts(node)
        return node

    def _parts(self, node: Node) -> Node:
        """`array[1]`, `map['k']`, `(row).field`."""
        while True:
            if self.take("["):
                node = make(exp.Bracket, this=node, expressions=self.expressions())
                self.need("]")
            elif self.take("."):
                node = make(exp.Dot, this=node, expression=self.identifier("a field"))
            else:
                return node

    def named(self) -> Node:
        """What starts with a name: a column, a call, a typed literal."""
        at = self.at
        following = self.kinds[at + 1]
        if following == "(":
            return self.call()
        if following == STRING and self.texts[at].upper() in _LITERALS:
            self.at += 1
            return self._call_node(at, [self._string()])
        if following == "[" and self.texts[at].upper() in ("ARRAY", "MAP"):
            return self._constructor()
        identifier = self.made_identifier()
        if following == ".":
            return self._dotted(identifier)
        if identifier.args["this"].upper() in _BARE_CALLS and not identifier.args["quoted"]:
            return self._call_node(at, [])
        return make(exp.Column, this=identifier)

    def _dotted(self, first: exp.Identifier) -> Node:
        parts = [first]
        kinds = self.kinds
        while kinds[self.at] == "." and len(parts) < 4:
            self.at += 1
            if kinds[self.at] == "*":
                self.at += 1
                return self._star_of(parts)
            parts.append(self._part())
        if len(parts) == 2:
            return make(exp.Column, this=parts[1], table=first)
        if len(parts) == 3:
            return make(exp.Column, this=parts[2], table=parts[1], db=first)
        return make(exp.Column, this=parts[3], table=parts[2], db=parts[1], catalog=first)

    def _part(self) -> exp.Identifier:
        if self.texts[self.at][:1].isalpha() or self.kinds[self.at] in NAMES:
            return self.made_identifier()
        raise self.wrong("a column")

    def star(self) -> Node:
        """`*`."""
        node = exp.Star()
        node._meta = {"start": self.starts[self.at]}
        self.at += 1
        return node

    def _star_of(self, parts: list[exp.Identifier]) -> Node:
        """`t.*`, and `t.row.*` for the fields of a row."""
        if len(parts) == 1:
            return make(exp.Column, this=exp.Star(), table=parts[0])
        if len(parts) == 2:
            return make(exp.Column, this=exp.Star(), table=parts[1], db=parts[0])
        return make(exp.Column, this=exp.Star(), table=parts[2], db=parts[1], catalog=parts[0])

    def _template(self) -> Node:
        if self.kinds[self.at + 1] == ".":
            return self._dotted(self.made_identifier())
        raise self.wrong("an expression, not a table,")

    def _string(self) -> Node:
        at = self.at
        text = self.texts[at]
        self.at = at + 1
        if text[0] == "'":
            node = make(exp.Literal, this=text[1:-1].replace("''", "'"), is_string=True)
            node._meta = {"start": self.starts[at]}
            return node
        prefix, _, rest = text.partition("'")
        inner = rest[:-1].replace("''", "'")
        return _PREFIXED.get(prefix.upper(), exp.National)(this=inner)

    def _number(self) -> Node:
        at = self.at
        self.at = at + 1
        node = make(exp.Literal, this=self.texts[at], is_string=False)
        node._meta = {"start": self.starts[at]}
        return node

    def _null(self) -> Node:
        node = exp.Null()
        node._meta = {"start": self.starts[self.at]}
        self.at += 1
        return node

    def _true(self) -> Node:
        self.at += 1
        return make(exp.Boolean, this=True)

    def _false(self) -> Node:
        self.at += 1
        return make(exp.Boolean, this=False)

    def _bracketed(self) -> Node:
        """`(a)`, `(a, b)` or `(SELECT ...)`."""
        self.at += 1
        if self.kinds[self.at] in QUERY_STARTS:
            node: Node = make(exp.Subquery, this=self.query())
        else:
            found = self.expressions()
            node = (
                make(exp.Paren, this=found[0])
                if len(found) == 1
                else make(exp.Tuple, expressions=found)
            )
        self.need(")")
        return node

    def _not(self) -> Node:
        self.at += 1
        self.deeper()
        node = make(exp.Not, this=self.expression(NOT))
        self.depth -= 1
        return node

    def _minus(self) -> Node:
        self.at += 1
        self.deeper()
        node = make(exp.Neg, this=self.expression(PRODUCT))
        self.depth -= 1
        return node

    def _plus(self) -> Node:
        self.at += 1
        self.deeper()
        node = self.expression(PRODUCT)
        self.depth -= 1
        return node

    def _case(self) -> Node:
        self.at += 1
        self.deeper()
        subject = None if self.kinds[self.at] == "WHEN" else self.expression()
        branches = []
        while self.take("WHEN"):
            condition = self.expression()
            self.need("THEN")
            branches.append(make(exp.If, this=condition, true=self.expression()))
        if not branches:
            raise self.wrong("WHEN")
        default = self.expression() if self.take("ELSE") else None
        self.need("END")
        self.depth -= 1
        return make(exp.Case, this=subject, ifs=branches, default=default)

    def _exists(self) -> Node:
        self.at += 1
        self.need("(")
        node = make(exp.Exists, this=self.query())
        self.need(")")
        return node

    def _interval(self) -> Node:
        self.at += 1
        sign = "-" if self.take("-") else ""
        if self.kinds[self.at] not in (STRING, NUMBER):
            raise self.wrong("the length of the interval, in quotes,")
        amount = self._string() if self.kinds[self.at] == STRING else self._number()
        if sign:
            amount.args["this"] = sign + amount.name
        unit: Node = self._unit()
        if self.word("TO"):
            unit = make(exp.IntervalSpan, this=unit, expression=self._unit())
        return make(exp.Interval, this=amount, unit=unit)

    def _unit(self) -> Node:
        text = self.texts[self.at].upper()
        if text not in _UNITS:
            raise self.wrong("a unit such as MINUTE")
        self.at += 1
        if self.take("("):  # a precision, which changes nothing here
            self.need(NUMBER)
            self.need(")")
        return make(exp.Var, this=text)

    def _constructor(self) -> Node:
        """`ARRAY[...]`, `MAP[...]`."""
        at = self.at
        self.at += 2
        arguments = [] if self.kinds[self.at] == "]" else self.expressions()
        self.need("]")
        return self._call_node(at, arguments)

    def _call_node(self, at: int, arguments: list[Node]) -> Node:
        """A call of the name at `at`."""
        text = self.texts[at]
        if self.kinds[at] == QUOTED:
            text = text[1:-1].replace("``", "`")
        node = make(exp.Anonymous, this=text, expressions=arguments)
        node._meta = {"start": self.starts[at]}
        return node

    def side_call(self) -> Node:
        """LEFT(...) and RIGHT(...), whose names are keywords elsewhere."""
        if self.kinds[self.at + 1] != "(":
            raise self.wrong("an expression")
        return self.call()


_READERS: dict[str, Callable[[Operands], Node]] = {
    STRING: Operands._string,
    NUMBER: Operands._number,
    TEMPLATE: Operands._template,
    "(": Operands._bracketed,
    "NULL": Operands._null,
    "UNKNOWN": Operands._null,
    "TRUE": Operands._true,
    "FALSE": Operands._false,
    "NOT": Operands._not,
    "-": Operands._minus,
    "+": Operands._plus,
    "CASE": Operands._case,
    "EXISTS": Operands._exists,
    "INTERVAL": Operands._interval,
    "LEFT": Operands.side_call,
    "RIGHT": Operands.side_call,
}
