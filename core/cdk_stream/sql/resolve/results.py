"""The type that a call of one of Flink's functions gives."""

from __future__ import annotations

from sqlglot import exp

from cdk_stream.sql.resolve.fitting import family
from cdk_stream.sql.resolve.value import Value
from cdk_stream.sql.spelling import Part
from cdk_stream.sql.spelling import row as row_type
from cdk_stream.sql.types import (
    STRING,
    arithmetic,
    element,
    longer,
    rounded,
    shape,
    varying,
    widest,
)

_ROUNDS = frozenset(("ROUND", "TRUNCATE", "FLOOR", "CEIL", "CEILING"))


def typed(name: str, rule: str, values: list[Value], node: exp.Expr) -> str:
    """The type by `rule`, which is `Builtin.type`; unknown where it is not certain."""
    first = values[0].type if values else ""
    if name in _ROUNDS:
        return rounded(name, first, _places(node))
    if name == "MOD" and len(values) == 2:
        return arithmetic("%", first, values[1].type)
    if name == "TIMESTAMPADD" and len(values) == 3:
        return _moved(values)
    if rule.startswith("="):
        index = int(rule[1:])
        return values[index].type if index < len(values) else ""
    reader = _RULES.get(rule)
    if reader is not None:
        return reader(values)
    if rule in ("array", "multiset"):
        return f"{rule.upper()}<{first}>" if first else ""
    if rule == "literal":
        return _literal(name, node)
    return rule


def _widest(values: list[Value]) -> str:
    types = tuple([value.type for value in values])
    return widest(types) if len({family(one) for one in types if one != "NULL"}) < 2 else ""


def _element(values: list[Value]) -> str:
    return element(values[0].type)[0] if values else ""


def _text(values: list[Value]) -> str:
    type_ = values[-1].type if values else ""
    return type_ if family(type_) == "text" else STRING


def _varying(values: list[Value], index: int = 0) -> str:
    type_ = values[index].type if values else ""
    return varying(type_) if family(type_) == "text" else STRING


def _trimmed(values: list[Value]) -> str:
    return _varying(values, -1)


def _overlaid(values: list[Value]) -> str:
    if len(values) < 2 or any(family(value.type) != "text" for value in values[:2]):
        return STRING
    return varying(longer((values[0].type, values[1].type)))


def _held(values: list[Value], index: int) -> str:
    parts = shape(values[0].type).parts if values else ()
    return _listed(parts[index].type, parts[index].nullable) if len(parts) == 2 else ""


def _listed(type_: str, nullable: bool) -> str:
    return f"ARRAY<{type_}{'' if nullable else ' NOT NULL'}>"


def _entries(values: list[Value]) -> str:
    parts = shape(values[0].type).parts if values else ()
    if len(parts) != 2:
        return ""
    key, held = parts
    named = [Part("key", key.type, key.nullable), Part("value", held.type, held.nullable)]
    return f"ARRAY<{row_type(named)}>"


def _joined_maps(values: list[Value]) -> str:
    types = {value.type for value in values}
    return values[0].type if len(types) == 1 else ""


_RULES = {
    "widest": _widest,
    "element": _element,
    "text": _text,
    "varying": _varying,
    "trimmed": _trimmed,
    "overlaid": _overlaid,
    "keys": lambda values: _held(values, 0),
    "values": lambda values: _held(values, 1),
    "entries": _entries,
    "same": _joined_maps,
}


def _moved(values: list[Value]) -> str:
    """TIMESTAMPADD: a date moved by less than a day is a time."""
    type_ = values[2].type
    short = values[0].spelling.strip("'") in ("SECOND", "MINUTE", "HOUR")
    return "TIMESTAMP(6)" if type_ == "DATE" and short else type_


def _literal(name: str, node: exp.Expr) -> str:
    """`TIMESTAMP '2026-01-01 00:00:00.123'` has as many digits as are written."""
    if name in ("DATE", "TIMESTAMP_LTZ"):
        return "DATE" if name == "DATE" else "TIMESTAMP_LTZ(3)"
    text = node.args["expressions"][0].name
    digits = len(text.partition(".")[2])
    return f"{name}({min(digits, 9)})"


def _places(node: exp.Expr) -> int | None:
    arguments = node.args.get("expressions") or []
    if len(arguments) < 2:
        return 0
    literal = arguments[1]
    return int(literal.name) if literal.__class__ is exp.Literal and literal.is_int else None
