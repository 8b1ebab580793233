"""Resolves expressions: type, nullability, what they are made of, and one spelling."""

from __future__ import annotations

from sqlglot import exp

from cdk_stream.sql.resolve import calls, fitting, names, over
from cdk_stream.sql.resolve.evaluate import HANDLERS, chosen, combine, evaluate, unsupported
from cdk_stream.sql.resolve.scope import Run, Scope
from cdk_stream.sql.resolve.value import Value, highest, merged
from cdk_stream.sql.types import (
    BOOLEAN,
    DAY_INTERVAL,
    MONTH_INTERVAL,
    STRING,
    arithmetic,
    element,
    is_interval,
    longer,
    number,
    shape,
)


def _column(run: Run, scope: Scope, node: exp.Expr) -> Value:
    if node.args["this"].__class__ is exp.Star:
        run.tell(names.offset_of(node), "CS417", "'t.*' stands for columns, not for a value")
        return names.nothing("*")
    if not scope.aggregated:
        scope.columns.append(node)
    return names.column(run, scope, node)


def _literal(run: Run, scope: Scope, node: exp.Expr) -> Value:
    text: str = node.args["this"]
    if node.args["is_string"]:
        quoted = "'" + text.replace("'", "''") + "'"
        return Value(f"CHAR({len(text)})" if text else "CHAR(0)", False, {}, quoted)
    return Value(number(text), False, {}, text)


def _prefixed(run: Run, scope: Scope, node: exp.Expr) -> Value:
    """`X'45'`, `N'text'`, `U&'text'`."""
    text: str = node.args["this"]
    type_ = f"BINARY({len(text) // 2})" if node.__class__ is exp.HexString else STRING
    return Value(type_, False, {}, f"{node.key}'{text}'")


def _null(run: Run, scope: Scope, node: exp.Expr) -> Value:
    return Value("NULL", True, {}, "NULL")


def _boolean(run: Run, scope: Scope, node: exp.Expr) -> Value:
    return Value(BOOLEAN, False, {}, "TRUE" if node.args["this"] else "FALSE")


def _paren(run: Run, scope: Scope, node: exp.Expr) -> Value:
    return evaluate(run, scope, node.args["this"])


def scalar_query(run: Run, scope: Scope, node: exp.Expr) -> Value:
    run.features.add("subquery")
    scope.subqueries.add("scalar")
    scope.compared.add("")
    selected = run.select(run, node, scope)
    columns = list(selected.columns.values())
    if len(columns) != 1 and not selected.open_nodes:
        message = f"a sub-query that stands for a value has one column, not {len(columns)}"
        run.tell(names.offset_of(node), "CS417", message)
    spelling = f"({selected.spelling})"
    exact = all(column.exact for column in columns) and len(columns) == 1
    ceiling = highest(column.ceiling for column in columns)
    type_ = columns[0].type if columns else ""
    return Value(type_, True, merged("identity", columns), spelling, exact, "", ceiling)


def goes_first(one: str, other: str) -> bool:
    """The order of two operands whose order means nothing: columns before literals."""
    constant, other_constant = one.startswith(_CONSTANT), other.startswith(_CONSTANT)
    return one < other if constant is other_constant else other_constant


_CONSTANT = ("'", "-", "INTERVAL ", *"0123456789")
"""How the spelling of a literal starts."""

_SIGNS = {exp.Add: "+", exp.Sub: "-", exp.Mul: "*", exp.Div: "/", exp.Mod: "%"}
_COMMUTES = "+*"


def _arithmetic(run: Run, scope: Scope, node: exp.Expr) -> Value:
    left = evaluate(run, scope, node.args["this"])
    right = evaluate(run, scope, node.args["expression"])
    sign = _SIGNS[node.__class__]  # type: ignore[index]
    type_ = arithmetic(sign, left.type, right.type)
    if not type_ and left.type and right.type:
        _refuse(run, node, sign, left, right)
    one, other = left.spelling, right.spelling
    if sign in _COMMUTES and goes_first(other, one):
        one, other = other, one
    nullable = left.nullable or right.nullable
    return combine(type_, nullable, f"({one} {sign} {other})", (left, right))


def _refuse(run: Run, node: exp.Expr, sign: str, left: Value, right: Value) -> None:
    if is_interval(left.type) or is_interval(right.type):
        _check_interval(run, node, sign, left.type, right.type)
    elif "NULL" in (left.type, right.type):
        fitting.no_null(run, node, (left, right))
    elif sign == "%" and "number" == fitting.family(left.type) == fitting.family(right.type):
        message = f"'%' takes whole or decimal numbers, not {left.type} and {right.type}"
        fitting.tell(run, node, message, "CAST them to DECIMAL")
    else:
        fitting.numbers(run, node, sign, (left, right))


def _check_interval(run: Run, node: exp.Expr, sign: str, left: str, right: str) -> None:
    if is_interval(left) or is_interval(right):
        other = right if is_interval(left) else left
        if other not in ("NULL", "VARIANT"):
            message = f"'{sign}' cannot take an interval and a {other}"
            mend = "make it a time first: TO_TIMESTAMP(text) or TO_TIMESTAMP_LTZ(milliseconds, 3)"
            run.tell(names.offset_of(node), "CS444", message, mend)


def _concat(run: Run, scope: Scope, node: exp.Expr) -> Value:
    parts: list[Value] = []
    while node.__class__ is exp.DPipe:
        parts.append(evaluate(run, scope, node.args["expression"]))
        node = node.args["this"]
    parts.append(evaluate(run, scope, node))
    parts.reverse()
    fitting.no_null(run, node, parts)
    fitting.texts(run, node, "'||'", parts)
    type_ = longer(tuple([part.type for part in parts]))
    spelling = "(" + " || ".join(part.spelling for part in parts) + ")"
    return combine(type_, any(part.nullable for part in parts), spelling, parts)


def _negated(run: Run, scope: Scope, node: exp.Expr) -> Value:
    value = evaluate(run, scope, node.args["this"])
    fitting.numbers(run, node, "-", (value,))
    return combine(value.type, value.nullable, f"-{value.spelling}", (value,))


def _case(run: Run, scope: Scope, node: exp.Expr) -> Value:
    args = node.args
    conditions: list[Value] = []
    results: list[Value] = []
    spelling = "CASE"
    if args.get("this") is not None:
        subject = evaluate(run, scope, args["this"])
        conditions.append(subject)
        spelling += f" {subject.spelling}"
    for branch in args["ifs"]:
        condition = evaluate(run, scope, branch.args["this"])
        if conditions and args.get("this") is not None:
            fitting.comparable(run, node, "=", conditions[0], condition)
        result = evaluate(run, scope, branch.args["true"])
        conditions.append(condition)
        results.append(result)
        spelling += f" WHEN {condition.spelling} THEN {result.spelling}"
    default = args.get("default")
    if default is not None:
        result = evaluate(run, scope, default)
        results.append(result)
        spelling += f" ELSE {result.spelling}"
    if fitting.alike(run, node, "CASE", results) and {one.type for one in results} == {"NULL"}:
        fitting.no_null(run, node, results[:1])
    return chosen(conditions, results, spelling + " END", default is None)


_UNIT_MS = {"SECOND": 1000, "MINUTE": 60_000, "HOUR": 3_600_000, "DAY": 86_400_000}
_UNIT_MS["WEEK"] = 7 * _UNIT_MS["DAY"]
_MONTHS = frozenset(("YEAR", "QUARTER", "MONTH"))


def interval_ms(node: exp.Expr | None) -> int | None:
    """The length of `INTERVAL '5' MINUTE` in milliseconds; None when it is not that plain."""
    if node.__class__ is not exp.Interval or node is None:
        return None
    amount, unit = node.args.get("this"), node.args.get("unit")
    if unit.__class__ is not exp.Var or amount.__class__ is not exp.Literal:
        return None
    scale = _UNIT_MS.get(unit.name.upper().removesuffix("S"))
    try:
        return round(float(amount.name) * scale) if scale else None
    except ValueError:
        return None


def _interval(run: Run, scope: Scope, node: exp.Expr) -> Value:
    unit = node.args.get("unit")
    amount = node.args.get("this")
    if amount.__class__ is not exp.Literal or unit is None:
        run.tell(names.offset_of(node), "CS423", "an interval is written INTERVAL '5' MINUTE")
        return Value("", False, {}, "INTERVAL ?", exact=False)
    first = unit.args["this"] if unit.__class__ is exp.IntervalSpan else unit
    word = (first if isinstance(first, str) else first.name).upper().removesuffix("S")
    if word in _MONTHS:
        return Value(MONTH_INTERVAL, False, {}, f"INTERVAL {amount.name} {word}")
    length = interval_ms(node)
    spelling = f"{amount.name} {unit.sql().upper()}" if length is None else f"{length} ms"
    return Value(DAY_INTERVAL, False, {}, f"INTERVAL {spelling}")


def _dot(run: Run, scope: Scope, node: exp.Expr) -> Value:
    value = evaluate(run, scope, node.args["this"])
    part = node.args["expression"]
    if part.__class__ is exp.Identifier:
        return names.field(run, value, part.args["this"], names.offset_of(part))
    return unsupported(run, scope, node)


def _bracket(run: Run, scope: Scope, node: exp.Expr) -> Value:
    value = evaluate(run, scope, node.args["this"])
    indices = [evaluate(run, scope, index) for index in node.args["expressions"]]
    type_ = "" if shape(value.type).name == "ROW" else element(value.type)[0]
    fitting.item(run, node, value, indices)
    inside = ", ".join(index.spelling for index in indices)
    spelling = f"{value.spelling}[{inside}]"
    result = combine(type_, True, spelling, (value, *indices))
    if shape(value.type).name == "ARRAY":
        result.fields = value.fields
    return result


def _tuple(run: Run, scope: Scope, node: exp.Expr) -> Value:
    return calls.row(run, scope, [evaluate(run, scope, part) for part in node.args["expressions"]])


HANDLERS.update(
    {
        exp.Add: _arithmetic,
        exp.Anonymous: calls.call,
        exp.Boolean: _boolean,
        exp.Bracket: _bracket,
        exp.Case: _case,
        exp.Cast: calls.cast,
        exp.Column: _column,
        exp.DPipe: _concat,
        exp.Div: _arithmetic,
        exp.Dot: _dot,
        exp.HexString: _prefixed,
        exp.Interval: _interval,
        exp.Literal: _literal,
        exp.Mod: _arithmetic,
        exp.Mul: _arithmetic,
        exp.National: _prefixed,
        exp.Neg: _negated,
        exp.Null: _null,
        exp.Paren: _paren,
        exp.Select: scalar_query,
        exp.Sub: _arithmetic,
        exp.Subquery: scalar_query,
        exp.TryCast: calls.cast,
        exp.UnicodeString: _prefixed,
        exp.Tuple: _tuple,
        exp.Filter: over.filtered,
        exp.Window: over.over,
    }
)
