"""View -> the expression of CelTopicPlugin: any condition, but no projection."""

from __future__ import annotations

import json
import re
from decimal import Decimal

from cdk_stream_proxy.pattern import ANY, ONE, Pattern, is_literal, literal_of
from cdk_stream_proxy.predicate import (
    And,
    Cel,
    Compare,
    CompareFields,
    Field,
    Flag,
    In,
    Like,
    Null,
    Or,
    Predicate,
    Unexpressible,
    Value,
)
from cdk_stream_proxy.view import View

_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_WILD = {ANY: ".*", ONE: "."}
_OPERATORS = {"=": "==", "<>": "!="}
_EXACT = 2**53
"""Whole numbers beyond it change when they become doubles."""


def expression(view: View) -> str:
    """The boolean expression that keeps the view's rows."""
    if view.columns is not None:
        raise Unexpressible("a CEL view shows every field, it has no projection")
    return _cel(view.predicate)


def _cel(predicate: Predicate) -> str:
    match predicate:
        case And(()):
            return "true"
        case Or(()):
            return "false"
        case And(items):
            return " && ".join(_operand(item) for item in items)
        case Or(items):
            return " || ".join(_operand(item) for item in items)
        case Cel(text):
            return text
        case _:
            return _leaf(predicate)


def _operand(predicate: Predicate) -> str:
    text = _cel(predicate)
    return text if isinstance(predicate, Compare | In) and " && " not in text else f"({text})"


def _leaf(predicate: Compare | CompareFields | In | Like | Null | Flag) -> str:
    """A condition on present fields; absent and null ones make it false, as in SQL."""
    match predicate:
        case Null(field, negated):
            return _present(field) if negated else f"!({_present(field)})"
        case Flag(field, negated):
            return _guarded(f"{path(field)} == {'false' if negated else 'true'}", field)
        case Compare(field, op, value):
            return _guarded(_comparison(field, op, value), field)
        case CompareFields(left, op, right):
            return _guarded(_between_fields(left, op, right), left, right)
        case In(field, values, negated):
            if len({isinstance(value, str) for value in values}) > 1:
                raise Unexpressible(f"'{field}' is compared with text and with numbers")
            told = ", ".join(_literal(value) for value in values)
            inside = f"{_operand_of(field, values[0])} in [{told}]"
            return _guarded(f"!({inside})" if negated else inside, field)
        case Like(field, pattern, negated):
            inside = _like(path(field), pattern)
            return _guarded(f"!{_closed(inside)}" if negated else inside, field)


def _closed(text: str) -> str:
    return f"({text})" if " " in text else text


def _guarded(text: str, *fields: Field) -> str:
    guards = [_present(field) for field in dict.fromkeys(fields) if field.nullable]
    return " && ".join([*guards, text])


def _present(field: Field) -> str:
    """`has()` of every step, since it fails when a step before the last is absent."""
    steps = [path(Field(field.path[: depth + 1])) for depth in range(len(field.path))]
    return " && ".join(f"has({step}) && {step} != null" for step in steps)


def _between_fields(left: Field, op: str, right: Field) -> str:
    numeric = left.kind in ("integer", "number") and right.kind in ("integer", "number")
    if not numeric and not (op in _OPERATORS and left.kind == right.kind == "text"):
        raise Unexpressible(f"how the Gateway compares '{left}' with '{right}' is not documented")
    sides = [f"double({path(side)})" if numeric else path(side) for side in (left, right)]
    return f"{sides[0]} {_OPERATORS.get(op, op)} {sides[1]}"


def _comparison(field: Field, op: str, value: Value) -> str:
    if isinstance(value, str) and op not in _OPERATORS:
        raise Unexpressible(f"how the Gateway orders text is not documented ('{field} {op}')")
    return f"{_operand_of(field, value)} {_OPERATORS.get(op, op)} {_literal(value)}"


def _operand_of(field: Field, value: Value) -> str:
    """JSON numbers reach CEL as whole or not by their digits: both sides become doubles."""
    return path(field) if isinstance(value, str) else f"double({path(field)})"


def _like(field: str, pattern: Pattern) -> str:
    match pattern:
        case _ if is_literal(pattern):
            return f"{field} == {_literal(literal_of(pattern))}"
        case (str(text), 0):
            return f"{field}.startsWith({_literal(text)})"
        case (0, str(text)):
            return f"{field}.endsWith({_literal(text)})"
        case (0, str(text), 0):
            return f"{field}.contains({_literal(text)})"
        case _:
            return f"{field}.matches({_literal(_regex(pattern))})"


def _regex(pattern: Pattern) -> str:
    runs = [re.escape(run) if isinstance(run, str) else _WILD[run] for run in pattern]
    return f"^(?s:{''.join(runs)})$"


def path(field: Field) -> str:
    """`record.value.a.b`."""
    text = "record.value"
    for step in field.path:
        if not _WORD.fullmatch(step):
            raise Unexpressible(f"the name '{step}' cannot be asked for with has() in CEL")
        text += f".{step}"
    return text


def _literal(value: Value) -> str:
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if not -_EXACT <= value <= _EXACT:
        raise Unexpressible(f"the number {value} is too large for CEL to compare exactly")
    text = format(value, "f") if isinstance(value, Decimal) else str(value)
    return text if "." in text else f"{text}.0"
