"""UNION, INTERSECT, EXCEPT, ORDER BY and LIMIT."""

from __future__ import annotations

from sqlglot import exp

from cdk_stream.results.relation import Changelog
from cdk_stream.sql.resolve import flow, names
from cdk_stream.sql.resolve.evaluate import evaluate
from cdk_stream.sql.resolve.flow import Flow
from cdk_stream.sql.resolve.scope import Run, Scope, Selected
from cdk_stream.sql.resolve.tables import Cte, Resolve
from cdk_stream.sql.resolve.value import Value, highest, merged
from cdk_stream.sql.types import widest

_TIMES = ("row", "proc")


def combined(
    run: Run,
    node: exp.Expr,
    parent: Scope | None,
    ctes: dict[str, Cte],
    resolve: Resolve,
    outermost: bool,
) -> Selected:
    """The result of a set operation, column by column in order."""
    if node.args.get("by_name") or node.args.get("on") or node.args.get("side"):
        run.tell(names.offset_of(node), "CS443", "set operations go by position in Flink SQL")
    branches, operations = _flattened(node)
    parts = [
        resolve(run, branch, parent, ctes, outermost and not i) for i, branch in enumerate(branches)
    ]
    result = parts[0]
    for operation, part, branch in zip(operations, parts[1:], branches[1:], strict=True):
        result = _pair(run, operation, result, part, branch)
    if outermost:
        run.filters = ()
    return ordered(run, node, result, outermost)


def _flattened(node: exp.Expr) -> tuple[list[exp.Expr], list[exp.Expr]]:
    """The queries and the operations between them, left to right."""
    branches: list[exp.Expr] = []
    operations: list[exp.Expr] = []
    while isinstance(node, exp.SetOperation):
        branches.append(node.args["expression"])
        operations.append(node)
        inner = node.args["this"]
        if isinstance(inner, exp.SetOperation) and (
            inner.args.get("order") or inner.args.get("limit")
        ):
            node = inner
            break
        node = inner
    branches.append(node)
    return branches[::-1], operations[::-1]


def _pair(run: Run, node: exp.Expr, left: Selected, right: Selected, branch: exp.Expr) -> Selected:
    distinct = node.args.get("distinct") is not False
    word = f"{node.key.upper()}{'' if distinct else ' ALL'}"
    if len(left.columns) != len(right.columns) and not (left.open_nodes or right.open_nodes):
        message = f"the sides of {word} have {len(left.columns)} and {len(right.columns)} columns"
        run.tell(names.offset_of(branch), "CS441", message, "select the same columns on both sides")
    _check_order(run, list(left.columns), list(right.columns), branch, word)
    union = isinstance(node, exp.Union)
    run.features.add("union" if union else "set_operation")
    if not union:
        run.influence("filter", *right.columns.values())
    columns = _merged(run, left, right, union, branch, word)
    if distinct and union:
        run.features.add("distinct")
        run.influence("group_by", *columns.values())
    spelling = f"({left.spelling}) {word} ({right.spelling})"
    open_nodes = tuple(dict.fromkeys(left.open_nodes + right.open_nodes))
    if union and not distinct:
        appends = left.changelog == right.changelog == "append"
        mode: Changelog = "append" if appends else "retract"
        rows = f"({left.rows}) {word} ({right.rows})"
        return Selected(columns, mode, (), open_nodes, spelling, rows)
    columns = {n: v.copy(time="", nullable=v.nullable) for n, v in columns.items()}
    key = tuple(columns)
    if distinct:
        mode = "upsert" if key else "retract"
        return Selected(columns, mode, key, open_nodes, spelling, spelling)
    return Selected(columns, "retract", (), open_nodes, spelling, spelling)


def _check_order(run: Run, left: list[str], right: list[str], branch: exp.Expr, word: str) -> None:
    """The same names in another order: Flink pairs them by position and says nothing."""
    if left != right and sorted(left) == sorted(right):
        one, other = next(pair for pair in zip(left, right, strict=True) if pair[0] != pair[1])
        message = f"{word} goes by position: '{other}' of this side ends in '{one}'"
        mend = f"select the columns as the first side does: {', '.join(left)}"
        run.tell(names.offset_of(branch), "CS448", message, mend, "warning")


def _merged(
    run: Run, left: Selected, right: Selected, union: bool, branch: exp.Expr, word: str
) -> dict[str, Value]:
    columns: dict[str, Value] = {}
    others = list(right.columns.values())
    for index, (name, value) in enumerate(left.columns.items()):
        other = others[index] if index < len(others) else None
        if other is None:
            columns[name] = value
            continue
        if not union:
            columns[name] = value.copy(time="", nullable=value.nullable or other.nullable)
            continue
        type_ = widest((value.type, other.type))
        if not type_ and value.type and other.type and len(left.columns) == len(others):
            message = f"column {index + 1} of {word} is {value.type} and {other.type}"
            run.tell(names.offset_of(branch), "CS441", message, "cast one side")
        time = value.time if value.time == other.time and value.time in _TIMES else ""
        columns[name] = Value(
            type_,
            value.nullable or other.nullable,
            merged("identity", (value, other)),
            _either(value.spelling, other.spelling),
            value.exact and other.exact,
            time,
            highest((value.ceiling, other.ceiling)),
        )
    return columns


def _either(one: str, other: str) -> str:
    return one if one == other else f"{one} | {other}"


def ordered(run: Run, node: exp.Expr, selected: Selected, outermost: bool) -> Selected:
    """`selected` after the ORDER BY and LIMIT of `node`, which see its columns alone."""
    if not any(node.args.get(key) for key in ("order", "limit", "offset")):
        return selected
    before = Flow(selected.changelog, selected.key)
    after, spelling = order(run, Scope(None, {}), node, selected.columns, before, outermost)
    return selected._replace(
        changelog=after.changelog,
        key=after.key,
        spelling=selected.spelling + spelling,
        rows=selected.rows + spelling,
    )


def order(
    run: Run,
    scope: Scope,
    node: exp.Expr,
    columns: dict[str, Value],
    before: Flow,
    outermost: bool,
) -> tuple[Flow, str]:
    """The flow after ORDER BY and LIMIT, and their spelling."""
    clause = node.args.get("order")
    limited = any(node.args.get(key) is not None for key in ("limit", "offset"))
    if clause is None and not limited:
        return before, ""
    values: list[Value] = []
    spelling = ""
    for part in clause.args["expressions"] if clause is not None else ():
        value = _sorted_by(run, scope, part.args["this"], columns)
        values.append(value)
        spelling += f" {value.spelling}{' DESC' if part.args.get('desc') else ''}"
    run.influence("sort", *values)
    if limited:
        run.features.add("limit")
        for key in ("limit", "offset"):
            bound = node.args.get(key)
            if bound is not None:
                spelling += f" {key} {bound.sql()}"
    if not values:
        return before, spelling
    run.features.add("order_by")
    if limited:
        return flow.RETRACT, f" ORDER BY{spelling}"
    assert clause is not None
    first = clause.args["expressions"][0]
    if outermost and (values[0].time not in _TIMES or first.args.get("desc")):
        message = "a stream is sorted by a time attribute, upwards, or not at all"
        run.tell(names.offset_of(first), "CS436", message, "take ORDER BY away, or add LIMIT")
    return before, f" ORDER BY{spelling}"


def _sorted_by(run: Run, scope: Scope, node: exp.Expr, columns: dict[str, Value]) -> Value:
    if node.__class__ is exp.Literal and node.name.isdigit():
        index = int(node.name) - 1
        if 0 <= index < len(columns):
            return list(columns.values())[index]
    if node.__class__ is exp.Column and node.args.get("table") is None and node.name in columns:
        return columns[node.name]
    return evaluate(run, scope, node)
