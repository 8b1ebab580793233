"""The grammar of MATCH_RECOGNIZE."""

from __future__ import annotations

from sqlglot import exp

from cdk_stream.sql.grammar.calls import Calls
from cdk_stream.sql.grammar.cursor import NAMES, Node, make
from cdk_stream.sql.grammar.lexer import END


class Patterns(Calls):
    """Reads patterns of rows."""

    __slots__ = ()

    def match_recognize(self) -> Node:
        """`MATCH_RECOGNIZE ( ... ) [AS name]`."""
        self.at += 1
        self.need("(")
        found: dict[str, object] = {}
        if self.take("PARTITION BY"):
            found["partition_by"] = self.expressions()
        if self.kinds[self.at] == "ORDER BY":
            found["order"] = make(exp.Order, expressions=self.order())
        if self.word("MEASURES"):
            found["measures"] = self._measures()
        found["rows"] = self._rows_per_match()
        if self.word("AFTER", "MATCH"):
            found["after"] = make(exp.Var, this=f"AFTER MATCH {self._until('PATTERN')}")
        if not self.word("PATTERN"):
            raise self.wrong("PATTERN")
        found["pattern"] = make(exp.Var, this=self._pattern())
        if self.word("WITHIN"):
            pattern = found["pattern"]
            assert isinstance(pattern, exp.Var)
            pattern.args["this"] = f"{pattern.name} WITHIN {self._until('DEFINE', ')')}"
        if self.word("DEFINE"):
            found["define"] = self._definitions()
        self.need(")")
        self.take("AS")
        if self.kinds[self.at] in NAMES:
            found["alias"] = make(exp.TableAlias, this=self.made_identifier())
        return make(exp.MatchRecognize, **found)

    def _rows_per_match(self) -> Node | None:
        if self.word("ONE", "ROW", "PER", "MATCH"):
            return make(exp.Var, this="ONE ROW PER MATCH")
        if self.word("ALL", "ROWS", "PER", "MATCH"):
            return make(exp.Var, this="ALL ROWS PER MATCH")
        return None

    def _measures(self) -> list[Node]:
        found: list[Node] = []
        while True:
            if not self.word("FINAL"):
                self.word("RUNNING")
            node = self.expression()
            self.need("AS")
            alias = make(exp.Alias, this=node, alias=self.identifier())
            found.append(make(exp.MatchRecognizeMeasure, this=alias))
            if not self.take(","):
                return found

    def _definitions(self) -> list[Node]:
        found: list[Node] = []
        while True:
            name = self.identifier()
            self.need("AS")
            found.append(make(exp.Alias, this=self.expression(), alias=name))
            if not self.take(","):
                return found

    def _until(self, *ends: str) -> str:
        """The words up to one of `ends`, which is left."""
        start = self.at
        while self.texts[self.at].upper() not in ends:
            if self.kinds[self.at] == END:
                raise self.wrong(ends[0])
            self.at += 1
        return " ".join(text.upper() for text in self.texts[start : self.at])

    def _pattern(self) -> str:
        """The text between the brackets of PATTERN; its signs are no SQL."""
        self.need("(")
        start = self.at
        depth = 1
        while depth:
            kind = self.kinds[self.at]
            if kind == END:
                raise self.wrong("')'")
            depth += (kind == "(") - (kind == ")")
            self.at += 1
        return self.tokens.sql[self.starts[start] : self.starts[self.at - 1]].strip()
