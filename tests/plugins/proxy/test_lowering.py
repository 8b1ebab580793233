"""What a view keeps is what SQL keeps, whatever language the Gateway is told it in."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
import sqlglot
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from sqlglot import exp

from cdk_stream.results.stream import Stream
from cdk_stream_proxy import cel_topic, sql_topic
from cdk_stream_proxy.predicate import Unexpressible
from cdk_stream_proxy.stateless import view_of

Row = dict[str, Any]
Make = Callable[..., Stream]

TEXTS = st.text(alphabet="ab.%_|($'\n\"é[^", max_size=4)
NUMBERS = st.integers(-3, 4)
TEXT_COLUMNS = st.sampled_from(["status", "note"])
NUMBER_COLUMNS = st.sampled_from(["amount_cents", "refund"])
PATTERNS = st.text(alphabet="ab.%_", max_size=4)


def text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def several(literals: st.SearchStrategy[Any]) -> st.SearchStrategy[str]:
    return st.lists(literals, min_size=1, max_size=4).map(lambda found: ", ".join(map(str, found)))


LEAVES = st.one_of(
    st.builds("{} {} {}".format, TEXT_COLUMNS, st.sampled_from(["=", "<>"]), TEXTS.map(text)),
    st.builds(
        "{} {}IN ({})".format, TEXT_COLUMNS, st.sampled_from(["", "NOT "]), several(TEXTS.map(text))
    ),
    st.builds(
        "{} {}LIKE {}".format, TEXT_COLUMNS, st.sampled_from(["", "NOT "]), PATTERNS.map(text)
    ),
    st.builds(
        "{} {} {}".format,
        NUMBER_COLUMNS,
        st.sampled_from(["=", "<>", "<", "<=", ">", ">="]),
        NUMBERS,
    ),
    st.builds("{2} {1} {0}".format, NUMBER_COLUMNS, st.sampled_from(["<", ">="]), NUMBERS),
    st.builds(
        "{} {}IN ({})".format, NUMBER_COLUMNS, st.sampled_from(["", "NOT "]), several(NUMBERS)
    ),
    st.builds(
        "{} {}BETWEEN {} AND {}".format,
        NUMBER_COLUMNS,
        st.sampled_from(["", "NOT "]),
        NUMBERS,
        NUMBERS,
    ),
    st.builds(
        "{} IS {}NULL".format, st.sampled_from(["note", "status"]), st.sampled_from(["", "NOT "])
    ),
)
CONDITIONS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.builds("({} AND {})".format, inner, inner),
        st.builds("({} OR {})".format, inner, inner),
        st.builds("NOT ({})".format, inner),
    ),
    max_leaves=5,
)
ROWS = st.fixed_dictionaries(
    {"status": TEXTS | PATTERNS, "amount_cents": NUMBERS},
    optional={"note": st.none() | TEXTS | PATTERNS, "refund": st.none() | NUMBERS},
)
# What the rows hold should often be what the condition asks for.
FEW = st.sampled_from(["a", "b", "ab", "a.b", "", "a|b"])
SAME = st.fixed_dictionaries({"status": FEW, "amount_cents": NUMBERS}, optional={"note": FEW})


def sql_truth(node: Any, row: Row) -> bool | None:
    """SQL's own reading of a condition: true, false or unknown."""
    found = affirmed(node, row)
    if node.args.get("negate"):  # NOT LIKE, as the parser keeps it
        return None if found is None else not found
    return found


def affirmed(node: Any, row: Row) -> bool | None:
    match node:
        case exp.Paren():
            return sql_truth(node.this, row)
        case exp.Not():
            inner = sql_truth(node.this, row)
            return None if inner is None else not inner
        case exp.And() | exp.Or():
            sides = (sql_truth(node.this, row), sql_truth(node.expression, row))
            decisive = isinstance(node, exp.Or)
            if decisive in sides:
                return decisive
            return None if None in sides else not decisive
        case exp.Is():
            return value(node.this, row) is None
        case exp.In():
            found = value(node.this, row)
            return (
                None if found is None else found in [value(item, row) for item in node.expressions]
            )
        case exp.Between():
            found = value(node.this, row)
            low, high = value(node.args["low"], row), value(node.args["high"], row)
            return None if found is None else low <= found <= high
        case exp.Like():
            found = value(node.this, row)
            return None if found is None else like(found, value(node.expression, row))
        case _:
            left, right = value(node.this, row), value(node.expression, row)
            return None if left is None or right is None else COMPARE[type(node)](left, right)


COMPARE: dict[Any, Callable[[Any, Any], bool]] = {
    exp.EQ: lambda a, b: a == b,
    exp.NEQ: lambda a, b: a != b,
    exp.LT: lambda a, b: a < b,
    exp.LTE: lambda a, b: a <= b,
    exp.GT: lambda a, b: a > b,
    exp.GTE: lambda a, b: a >= b,
}


def value(node: Any, row: Row) -> Any:
    if isinstance(node, exp.Column):
        return row.get(node.name)
    if isinstance(node, exp.Neg):
        return -value(node.this, row)
    return node.this if node.is_string else int(node.name)


def like(found: str, pattern: str) -> bool:
    """LIKE by its definition, one character at a time."""
    if not pattern:
        return not found
    if pattern[0] == "%":
        return any(like(found[start:], pattern[1:]) for start in range(len(found) + 1))
    return bool(found) and pattern[0] in ("_", found[0]) and like(found[1:], pattern[1:])


def gateway_sql_keeps(statement: str, row: Row) -> bool:
    """The documented reading: AND of comparisons, REGEXP matches whole, absent is false."""
    where = sqlglot.parse_one(statement, dialect="sqlite").args.get("where")
    conditions = list(where.this.flatten()) if where and isinstance(where.this, exp.And) else []
    if where and not conditions:
        conditions = [where.this]
    return all(gateway_condition(condition, row) for condition in conditions)


def gateway_condition(node: Any, row: Row) -> bool:
    found = value(node.this, row)
    if found is None:
        return False
    wanted = value(node.expression, row)
    if isinstance(node, exp.RegexpLike):
        return re.fullmatch(wanted, found) is not None
    return COMPARE[type(node)](found, wanted)


CEL_TOKEN = re.compile(r'\s*("(?:[^"\\]|\\.)*"|&&|\|\||[=!<>]=|[!<>()\[\],]|-?\d+\.\d+|[\w.]+)')


class Cel:
    """As much of CEL as views use; a missing member is an error, as in CEL."""

    def __init__(self, expression: str, row: Row) -> None:
        self.tokens = CEL_TOKEN.findall(expression)
        self.row = row
        self.at = 0

    def next(self) -> str:
        self.at += 1
        return str(self.tokens[self.at - 1])

    def take(self, token: str) -> bool:
        found = self.at < len(self.tokens) and self.tokens[self.at] == token
        self.at += found
        return found

    def either(self, live: bool = True) -> Any:
        found = self.both(live)
        while self.take("||"):
            found = self.both(live and not found) or found
        return found

    def both(self, live: bool) -> Any:
        found = self.comparison(live)
        while self.take("&&"):
            found = self.comparison(live and found) and found
        return found

    def comparison(self, live: bool) -> Any:
        left = self.unary(live)
        operator = self.tokens[self.at] if self.at < len(self.tokens) else ""
        if operator not in CEL_OPERATORS:
            return left
        self.at += 1
        right = self.unary(live)
        return CEL_OPERATORS[operator](left, right) if live else False

    def unary(self, live: bool) -> Any:
        if self.take("!"):
            return not self.unary(live)
        if self.take("("):
            found = self.either(live)
            assert self.take(")")
            return found
        if self.take("["):
            items = [self.unary(live)]
            while self.take(","):
                items.append(self.unary(live))
            assert self.take("]")
            return items
        return self.word(self.next(), live)

    def word(self, token: str, live: bool) -> Any:
        if token[0] == '"':
            return json.loads(token)
        if token in ("null", "true", "false"):
            return json.loads(token)
        if not self.take("("):
            return self.member(token, live) if token.startswith("record") else float(token)
        field, _, method = token.rpartition(".")
        argument = self.next()
        assert self.take(")")
        name = argument.removeprefix("record.value.")
        if token == "has":
            return name in self.row
        if token == "double":
            return float(self.row[name]) if live else 0.0
        return live and CEL_METHODS[method](self.member(field, live), json.loads(argument))

    def member(self, token: str, live: bool) -> Any:
        return self.row[token.removeprefix("record.value.")] if live else None


CEL_OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "in": lambda a, b: a in b,
}
CEL_METHODS: dict[str, Callable[[str, str], bool]] = {
    "startsWith": str.startswith,
    "endsWith": str.endswith,
    "contains": lambda a, b: b in a,
    "matches": lambda a, b: re.search(b, a) is not None,
}
MANY = settings(
    max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@MANY
@given(condition=CONDITIONS, rows=st.lists(ROWS | SAME, min_size=1, max_size=6))
def test_the_sql_topic_keeps_the_rows_that_sql_keeps(
    condition: str, rows: list[Row], make_view: Make
) -> None:
    model = make_view(f"SELECT * FROM t WHERE {condition}")
    try:
        statement = sql_topic.statement(view_of(model))
    except Unexpressible:
        assume(False)
    original = model.analysis.tree.args["where"].this
    for row in rows:
        assert gateway_sql_keeps(statement, row) is (sql_truth(original, row) is True), statement


@MANY
@given(condition=CONDITIONS, rows=st.lists(ROWS | SAME, min_size=1, max_size=6))
def test_the_cel_topic_keeps_the_rows_that_sql_keeps(
    condition: str, rows: list[Row], make_view: Make
) -> None:
    model = make_view(f"SELECT * FROM t WHERE {condition}")
    expression = cel_topic.expression(view_of(model))
    original = model.analysis.tree.args["where"].this
    for row in rows:
        kept = Cel(expression, row).either()
        assert kept is (sql_truth(original, row) is True), expression


@pytest.mark.parametrize(
    ("condition", "lowered"),
    [
        ("status IN ('AUTHORIZED', 'CAPTURED')", "status REGEXP '^(?:AUTHORIZED|CAPTURED)$'"),
        ("status = 'a' OR status = 'b'", "status REGEXP '^(?:a|b)$'"),
        ("status IN ('a.b', 'c|d')", "status REGEXP '^(?:a[.]b|c[|]d)$'"),
        ("status IN ('only')", "status = 'only'"),
        ("status NOT IN ('a', 'b')", "status <> 'a' AND status <> 'b'"),
        ("NOT (status = 'a')", "status <> 'a'"),
        ("status != 'a'", "status <> 'a'"),
        ("amount_cents BETWEEN 1 AND 9", "amount_cents >= 1 AND amount_cents <= 9"),
        ("amount_cents IN (3, 1, 2)", "amount_cents >= 1 AND amount_cents <= 3"),
        ("5 < amount_cents", "amount_cents > 5"),
        ("note LIKE '%@x.com'", "note REGEXP '^(?s:.*@x[.]com)$'"),
        ("note LIKE 'plain'", "note = 'plain'"),
        ("address.city = 'O''Brien'", "address.city = 'O''Brien'"),
        ("NOT (status = 'a' OR amount_cents > 5)", "status <> 'a' AND amount_cents <= 5"),
        ("status IS NOT NULL AND rate > 1.50", "rate > 1.50"),
    ],
)
def test_a_condition_becomes_and_of_comparisons(
    condition: str, lowered: str, make_view: Make
) -> None:
    statement = sql_topic.statement(view_of(make_view(f"SELECT * FROM t WHERE {condition}")))
    assert statement == f'SELECT * FROM "payments.v1" WHERE {lowered}'


@pytest.mark.parametrize(
    ("condition", "reason"),
    [
        ("status = 'a' OR note = 'b'", "the Gateway's SQL has no OR across columns"),
        ("amount_cents < 1 OR amount_cents > 5", "the Gateway's SQL has no OR"),
        ("amount_cents IN (1, 3)", "the Gateway's SQL has no IN and no OR, and the numbers"),
        ("note IS NULL", "the Gateway's SQL has no IS NULL"),
        ("note NOT LIKE 'a%'", "the Gateway's SQL has no NOT LIKE"),
        ("status > 'a'", "how the Gateway orders text is not documented"),
        ("status IN ('a[', 'b')", "a text for 'status' holds one of"),
        ("UPPER(status) = 'A'", "the Gateway's SQL has no function calls ('UPPER')"),
        ("CAST(status AS INT) = 1", "the Gateway's SQL has no CAST"),
        ("amount_cents + 1 > 2", "the Gateway's SQL has no arithmetic"),
        ("event_time > TIMESTAMP '2020-01-01 00:00:00'", "times lie in the rows as text"),
        ("event_time > '2020'", "'event_time' is compared with text"),
        ("status = 5", "'status' is compared with a number"),
        ("note LIKE 'a!%' ESCAPE '!'", "no view has LIKE with ESCAPE"),
        ("note LIKE 'a\\%'", "a LIKE pattern with a backslash"),
        ("status IN (SELECT status FROM u)", "a subquery needs state"),
    ],
)
def test_a_condition_that_sql_topics_lack_is_refused_by_name(
    condition: str, reason: str, make_view: Make
) -> None:
    with pytest.raises(Unexpressible) as refused:
        sql_topic.statement(view_of(make_view(f"SELECT * FROM t WHERE {condition}")))
    assert refused.value.reason.startswith(reason)
