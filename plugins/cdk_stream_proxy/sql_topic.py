"""View -> the SQL of VirtualSqlTopicPlugin: AND of comparisons and REGEXP, and nothing else."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache

from cdk_stream_proxy.pattern import Pattern, anchored, is_literal, is_safe, literal_of
from cdk_stream_proxy.predicate import (
    And,
    Compare,
    Field,
    In,
    Like,
    Null,
    Or,
    Predicate,
    Unexpressible,
    Value,
)
from cdk_stream_proxy.view import Chosen, Shown, View

_BARE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_RESERVED = frozenset(
    """
    all and as asc between by case cross desc distinct else end except exists false from full group
    having if ignore in inner intersect interval is join left like limit minus natural not null
    offset on only or order outer regexp right select set table then to true union unique user
    using value values when where with
    """.split()  # noqa: SIM905
)


def statement(view: View) -> str:
    """The SELECT of the view; `Unexpressible` says what stands in the way."""
    shown = "*" if view.columns is None else ", ".join(map(_item, _plain(view)))
    text = f"SELECT {shown} FROM {quoted(view.topic)}"
    conditions = conjuncts(view.predicate)
    return f"{text} WHERE {' AND '.join(conditions)}" if conditions else text


def conjuncts(predicate: Predicate) -> list[str]:
    """The conditions that, joined by AND, keep the rows that `predicate` keeps."""
    match predicate:
        case And(items):
            return [text for item in items for text in conjuncts(item)]
        case Or(items):
            return _alternatives(items)
        case Compare(field, op, value):
            return [_comparison(field, op, value)]
        case In(field, values, True):
            return [_comparison(field, "<>", value) for value in values]
        case In(field, values):
            return _one_of(field, values)
        case Like(field, pattern, negated):
            return _like(field, pattern, negated)
        case Null():
            raise Unexpressible("the Gateway's SQL has no IS NULL")
        case _:
            raise Unexpressible("the Gateway's SQL compares a field with text or a number only")


def _comparison(field: Field, op: str, value: Value) -> str:
    if isinstance(value, str) and op not in ("=", "<>"):
        raise Unexpressible(f"how the Gateway orders text is not documented ('{field} {op}')")
    return f"{name(field.path)} {op} {literal(value)}"


def _one_of(field: Field, values: tuple[Value, ...]) -> list[str]:
    if len(values) == 1:
        return [_comparison(field, "=", values[0])]
    texts = [value for value in values if isinstance(value, str)]
    if len(texts) == len(values):
        return [_matches(field, tuple((text,) if text else () for text in texts))]
    if texts:
        raise Unexpressible(f"'{field}' is compared with text and with numbers")
    return _range(field, values)


def _range(field: Field, values: tuple[Value, ...]) -> list[str]:
    """Whole numbers without a gap are a range, which AND can say; others need an OR."""
    whole = sorted({value for value in values if isinstance(value, int)})
    if field.kind != "integer" or not whole or len(whole) != whole[-1] - whole[0] + 1:
        raise Unexpressible(
            f"the Gateway's SQL has no IN and no OR, and the numbers for '{field}' are no range"
        )
    if len(whole) == 1:
        return [_comparison(field, "=", whole[0])]
    return [f"{name(field.path)} >= {whole[0]}", f"{name(field.path)} <= {whole[-1]}"]


def _like(field: Field, pattern: Pattern, negated: bool) -> list[str]:
    if is_literal(pattern):
        return [_comparison(field, "<>" if negated else "=", literal_of(pattern))]
    if negated:
        raise Unexpressible("the Gateway's SQL has no NOT LIKE")
    return [_matches(field, (pattern,))]


def _alternatives(items: tuple[Predicate, ...]) -> list[str]:
    """An OR over one field with texts, patterns or numbers; anything else has no AND form."""
    field: Field | None = None
    patterns: list[Pattern] = []
    numbers: list[Value] = []
    for item in items:
        match item:
            case Compare(found, "=", value):
                values: tuple[Value, ...] = (value,)
            case In(found, values, False):
                pass
            case Like(found, pattern, False):
                values = ()
                patterns.append(pattern)
            case _:
                raise Unexpressible("the Gateway's SQL has no OR")
        if found != (field or found):
            raise Unexpressible("the Gateway's SQL has no OR across columns")
        field = found
        for value in values:
            if isinstance(value, str):
                patterns.append((value,) if value else ())
            else:
                numbers.append(value)
    if field is None:
        raise Unexpressible("no row can pass the filter")
    if numbers and patterns:
        raise Unexpressible(f"'{field}' is compared with text and with numbers")
    return _range(field, tuple(numbers)) if numbers else [_matches(field, tuple(patterns))]


def _matches(field: Field, patterns: tuple[Pattern, ...]) -> str:
    if not all(map(is_safe, patterns)):
        raise Unexpressible(
            f"a text for '{field}' holds one of \\ ^ [ ], whose escape in the Gateway's REGEXP "
            "is not documented"
        )
    return f"{name(field.path)} REGEXP {literal(anchored(dict.fromkeys(patterns)))}"


def _plain(view: View) -> tuple[Shown | Chosen, ...]:
    if view.format != "json":
        raise Unexpressible(f"a projection needs plain JSON, the source is {view.format}")
    return view.columns or ()


def _item(item: Shown | Chosen) -> str:
    if isinstance(item, Shown):
        shown = name(item.path)
        return shown if item.path == (item.name,) else f"{shown} AS {quoted(item.name)}"
    branches = " ".join(f"WHEN {_when(when)} THEN {literal(then)}" for when, then in item.branches)
    return f"CASE {branches} ELSE {literal(item.otherwise)} END AS {quoted(item.name)}"


def _when(predicate: Predicate) -> str:
    conditions = conjuncts(predicate)
    if not conditions or any(" REGEXP " in text for text in conditions):
        raise Unexpressible("a CASE of the Gateway's SQL only compares fields, joined by AND")
    return " AND ".join(conditions)


def name(path: tuple[str, ...]) -> str:
    if path[0].lower() == "record":
        raise Unexpressible("the field 'record' hides behind the Gateway's own 'record'")
    return quoted(path[0]) if len(path) == 1 else ".".join(map(quoted, path))


@lru_cache(maxsize=10_000)  # models name the same columns again and again
def quoted(identifier: str) -> str:
    """The identifier, in double quotes unless it is a plain word."""
    if _BARE.fullmatch(identifier) and identifier.lower() not in _RESERVED:
        return identifier
    if '"' in identifier:
        raise Unexpressible(f"the name '{identifier}' holds a double quote")
    return f'"{identifier}"'


def literal(value: Value) -> str:
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    return format(value, "f") if isinstance(value, Decimal) else str(value)
