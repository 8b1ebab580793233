"""A parsed condition (sqlglot, Trino) -> Predicate; what no view can say is refused by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from sqlglot import exp

from cdk_stream.results.stream import StreamColumn
from cdk_stream_proxy.pattern import like
from cdk_stream_proxy.predicate import (
    FALSE,
    FLIPPED,
    OPPOSITE,
    TRUE,
    Compare,
    CompareFields,
    Field,
    Flag,
    In,
    Like,
    Null,
    Predicate,
    Unexpressible,
    Value,
    conjunction,
    disjunction,
)

_KINDS = {
    "STRING": "text",
    "VARCHAR": "text",
    "CHAR": "text",
    "TINYINT": "integer",
    "SMALLINT": "integer",
    "INT": "integer",
    "INTEGER": "integer",
    "BIGINT": "integer",
    "FLOAT": "number",
    "DOUBLE": "number",
    "DECIMAL": "number",
    "NUMERIC": "number",
    "BOOLEAN": "boolean",
    "": "",
}
_DEPTH = 100
"""How deep conditions may nest: far beyond any author's, well within Python's stack."""


def field_of(path: tuple[str, ...], column: StreamColumn | None) -> Field:
    """The field of a column; one inside a row, or of an unknown column, has an unknown kind."""
    if column is None or len(path) > 1:
        return Field(path)
    return Field(path, _KINDS.get(column.type.partition("(")[0].strip(), "other"), column.nullable)


def column_path(node: exp.Column, qualifiers: frozenset[str]) -> tuple[str, ...]:
    """`p.address.street` -> ("address", "street") when `p` names the input."""
    args = node.args
    if not args.get("table"):
        return (args["this"].name,)
    names = tuple(part.name for part in node.parts)
    return names[1:] if len(names) > 1 and names[0] in qualifiers else names


def predicate_of(node: Any, fields: Callable[[exp.Column], Field]) -> Predicate:
    """The condition `node` over `fields`; raises `Unexpressible`."""
    return _read(node, fields, False, 0)


def _read(node: Any, fields: Any, negated: bool, depth: int) -> Predicate:
    if depth > _DEPTH:
        raise Unexpressible(f"the filter nests more than {_DEPTH} deep")
    if isinstance(node, exp.Paren):
        return _read(node.this, fields, negated, depth + 1)
    if isinstance(node, exp.Not):
        return _read(node.this, fields, not negated, depth + 1)
    if isinstance(node, exp.And | exp.Or):
        items = (_read(side, fields, negated, depth + 1) for side in _sides(node))
        both = isinstance(node, exp.And) is not negated
        return conjunction(*items) if both else disjunction(*items)
    reader = _LEAVES.get(type(node))
    if reader is None:
        raise _refused(node)
    return reader(node, fields, negated is not bool(node.args.get("negate")))


def _sides(node: exp.Connector) -> list[Any]:
    """The operands of `a AND b AND c`, without recursion: the chain leans to the left."""
    kind = type(node)
    found = []
    at: Any = node
    while isinstance(at, kind):
        found.append(at.expression)
        at = at.this
    return [at, *reversed(found)]


def _compare(op: str) -> Any:
    def read(node: Any, fields: Any, negated: bool) -> Predicate:
        left, right = _bare(node.this), _bare(node.expression)
        said = OPPOSITE[op] if negated else op
        if not isinstance(left, exp.Column):
            left, right, said = right, left, FLIPPED[said]
        if not isinstance(left, exp.Column):
            raise _refused(right if isinstance(left, exp.Literal) else left)
        field = fields(left)
        if isinstance(right, exp.Column):
            return CompareFields(field, said, fields(right))
        if isinstance(right, exp.Boolean):
            return _flag(field, said, bool(right.this))
        return Compare(field, said, _fitting(field, right))

    return read


def _flag(field: Field, op: str, value: bool) -> Predicate:
    if op not in ("=", "<>") or field.kind not in ("boolean", ""):
        raise Unexpressible(f"'{field}' is compared with a truth value")
    return Flag(field, negated=value is not (op == "="))


def _in(node: Any, fields: Any, negated: bool) -> Predicate:
    field = fields(_column(node.this))
    if not node.expressions:
        raise Unexpressible("a subquery needs state")
    values = (_fitting(field, _bare(item)) for item in node.expressions)
    return In(field, tuple(dict.fromkeys(values)), negated)


def _between(node: Any, fields: Any, negated: bool) -> Predicate:
    field = fields(_column(node.this))
    if node.args.get("symmetric"):
        raise Unexpressible("no view has BETWEEN SYMMETRIC")
    low = _fitting(field, _bare(node.args["low"]))
    high = _fitting(field, _bare(node.args["high"]))
    if negated:
        return disjunction(Compare(field, "<", low), Compare(field, ">", high))
    return conjunction(Compare(field, ">=", low), Compare(field, "<=", high))


def _like(node: Any, fields: Any, negated: bool) -> Predicate:
    field = fields(_column(node.this))
    text = _fitting(field, _bare(node.expression))
    if not isinstance(text, str):
        raise Unexpressible(f"LIKE compares '{field}' with a number")
    if "\\" in text:
        raise Unexpressible("a LIKE pattern with a backslash is read differently by each engine")
    return Like(field, like(text), negated)


def _is(node: Any, fields: Any, negated: bool) -> Predicate:
    field = fields(_column(node.this))
    if isinstance(node.expression, exp.Null):
        if field.nullable:
            return Null(field, negated)
        return TRUE if negated else FALSE
    if isinstance(node.expression, exp.Boolean) and not negated:
        return _flag(field, "=", bool(node.expression.this))
    raise Unexpressible("IS is only read before NULL, TRUE and FALSE")


def _column_flag(node: Any, fields: Any, negated: bool) -> Predicate:
    return _flag(fields(node), "=", not negated)


def _constant(node: Any, _fields: Any, negated: bool) -> Predicate:
    return TRUE if bool(node.this) is not negated else FALSE


_LEAVES: Mapping[type, Callable[[Any, Any, bool], Predicate]] = {
    exp.EQ: _compare("="),
    exp.NEQ: _compare("<>"),
    exp.LT: _compare("<"),
    exp.LTE: _compare("<="),
    exp.GT: _compare(">"),
    exp.GTE: _compare(">="),
    exp.In: _in,
    exp.Between: _between,
    exp.Like: _like,
    exp.Is: _is,
    exp.Column: _column_flag,
    exp.Boolean: _constant,
}


def value_of(node: Any) -> Value:
    """A literal's value; raises `Unexpressible` for anything that must be computed."""
    if isinstance(node, exp.Neg) and isinstance(node.this, exp.Literal) and node.this.is_number:
        return -_number(node.this.name)
    if not isinstance(node, exp.Literal):
        raise _refused(node)
    return str(node.this) if node.is_string else _number(node.name)


def _number(text: str) -> int | Decimal:
    return int(text) if text.isdecimal() else Decimal(text)


def _fitting(field: Field, node: Any) -> Value:
    value = value_of(node)
    wanted = ("text", "") if isinstance(value, str) else ("integer", "number", "")
    if field.kind not in wanted:
        what = "text" if isinstance(value, str) else "a number"
        raise Unexpressible(f"'{field}' is compared with {what}, which is not what the rows hold")
    return value


def _column(node: Any) -> exp.Column:
    found = _bare(node)
    if not isinstance(found, exp.Column):
        raise _refused(found)
    return found


def _bare(node: Any) -> Any:
    while isinstance(node, exp.Paren):
        node = node.this
    return node


_ARITHMETIC = (exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Mod, exp.IntDiv, exp.Neg)
_REFUSED: tuple[tuple[Any, str], ...] = (
    (exp.Cast, "the Gateway's SQL has no CAST"),
    (exp.Escape, "no view has LIKE with ESCAPE"),
    (exp.Null, "a comparison with NULL is never true"),
    (exp.Query, "a subquery needs state"),
    (exp.Exists, "a subquery needs state"),
    (exp.Interval, "the Gateway's SQL has no intervals"),
    (exp.Case, "a CASE is only read in the select list, with literals"),
    (_ARITHMETIC, "the Gateway's SQL has no arithmetic"),
    (exp.Literal, "a comparison of two literals has no field"),
)
_TIMES = frozenset({"TIMESTAMP", "DATE", "TIME", "INTERVAL"})


def _refused(node: Any) -> Unexpressible:
    for kind, reason in _REFUSED:
        if isinstance(node, kind):
            return Unexpressible(reason)
    if isinstance(node, exp.Anonymous):
        return _call(node.name.rstrip("(").upper())
    kind = type(node).__name__
    if isinstance(node, exp.Func):
        return Unexpressible(f"the Gateway's SQL has no function calls ('{kind.upper()}')")
    return Unexpressible(f"the Gateway's SQL has no {kind}")


def _call(function: str) -> Unexpressible:
    if function in ("CAST", "TRY_CAST"):
        return Unexpressible("the Gateway's SQL has no CAST")
    if function in _TIMES:
        return Unexpressible("times lie in the rows as text, and a view compares no times")
    return Unexpressible(f"the Gateway's SQL has no function calls ('{function}')")
