"""Windows over time: TUMBLE, HOP, CUMULATE and SESSION, as table function or in GROUP BY."""

from __future__ import annotations

from collections.abc import Callable

from sqlglot import exp

from cdk_stream.problems import near
from cdk_stream.sql.resolve import names
from cdk_stream.sql.resolve.evaluate import evaluate
from cdk_stream.sql.resolve.expressions import interval_ms
from cdk_stream.sql.resolve.scope import Rows, Run, Scope, Selected
from cdk_stream.sql.resolve.value import Value, stepped

FUNCTIONS = frozenset(("TUMBLE", "HOP", "CUMULATE", "SESSION"))
_SIZES = {"TUMBLE": 1, "HOP": 2, "CUMULATE": 2, "SESSION": 1}
_ROLES = {"PARTITION_KEYS": "PARTITION", "DESCRIPTOR": "TIMECOL"}
_NO_TIME = (
    "give its source an event_time: with a watermark, or keep the time attribute:"
    " regular joins, casts and GROUP BY lose it"
)


def group_window(run: Run, scope: Scope, node: exp.Expr) -> None:
    """`TUMBLE(ts, INTERVAL '5' MINUTE)` in GROUP BY."""
    name = node.args["this"].upper()
    arguments = node.args.get("expressions") or []
    values = [evaluate(run, scope, argument) for argument in arguments]
    if len(values) < 1 + _SIZES[name]:
        run.tell(
            names.offset_of(node), "CS417", f"{name} takes a time and {_SIZES[name]} intervals"
        )
        return
    _check_time(run, names.offset_of(node), name, values[0], arguments[0].name)
    spelled = ", ".join(value.spelling for value in values)
    sizes = [interval_ms(argument) for argument in arguments[1:]]
    scope.group_windows[f"{name}({spelled})"] = _note(run, name, arguments[0].name, sizes)
    run.influence("window", values[0])


def _check_time(run: Run, offset: int, name: str, value: Value, column: str) -> None:
    if value.time not in ("row", "proc"):
        message = f"{name} needs a time attribute, and '{column}' is none"
        run.tell(offset, "CS435", message, _NO_TIME)


def _note(run: Run, name: str, column: str, sizes: list[int | None]) -> str:
    run.features.add("window")
    numbers = ", ".join("?" if size is None else str(size) for size in sizes)
    canonical = f"{name.lower()}({column}, {numbers})"
    if canonical not in run.windows:
        run.windows.append(canonical)
    return canonical


def table_function(
    run: Run, scope: Scope, node: exp.Expr, data: Callable[[exp.Expr], Rows]
) -> Selected:
    """The rows of `TUMBLE(TABLE t, DESCRIPTOR(ts), INTERVAL '5' MINUTE)`."""
    name = node.args["this"].upper()
    arguments = _sorted(node)
    if "DATA" not in arguments:
        run.tell(names.offset_of(node), "CS417", f"{name} takes a table first")
        return Selected({}, "append", (), (), name)
    rows = data(arguments.pop("DATA"))
    inner = Scope(None, scope.ctes)
    inner.rows.append(rows)
    partition = arguments.pop("PARTITION", None)
    for key in partition.args["expressions"] if partition is not None else ():
        run.influence("window", evaluate(run, inner, key))
    time, column = _time(run, inner, rows, name, arguments.pop("TIMECOL", node))
    sizes = [interval_ms(argument) for argument in arguments.values()]
    canonical = _note(run, name, column, sizes)
    number = run.tag("w")
    _check_even(run, node, name, number, dict(zip(arguments, sizes, strict=True)))
    columns = {
        other: _without_time(value)
        for other in rows.names()
        if (value := rows.get(other)) is not None
    }
    columns.update(_bounds(time, canonical, number))
    key = (*rows.key, "window_start", "window_end") if rows.changelog != "append" else ()
    return Selected(
        columns, rows.changelog, key, rows.open_nodes, f"{canonical} OF {rows.spelling}"
    )


def _check_even(
    run: Run, node: exp.Expr, name: str, number: str, sizes: dict[str, int | None]
) -> None:
    """Note a window whose size is no multiple of its step, for when it is aggregated."""
    if name not in ("HOP", "CUMULATE") or len(sizes) < 2:
        return
    lengths = list(sizes.values())
    step = sizes.get("SLIDE", sizes.get("STEP", lengths[0]))
    size = sizes.get("SIZE", lengths[1])
    if step and size and size % step:
        run.uneven[number] = (names.offset_of(node), name)


def _sorted(node: exp.Expr) -> dict[str, exp.Expr]:
    """The arguments by keyword, in order: DATA, PARTITION, TIMECOL, then the sizes."""
    found: dict[str, exp.Expr] = {}
    for argument in node.args.get("expressions") or ():
        if argument.__class__ is exp.Kwarg:
            found[argument.args["this"].name.upper()] = argument.args["expression"]
        elif argument.__class__ is exp.Anonymous and argument.name.upper() == "PARTITION_KEYS":
            found["PARTITION"] = argument
        elif argument.__class__ is exp.Anonymous and argument.name.upper() == "DESCRIPTOR":
            found["TIMECOL"] = argument
        elif "DATA" not in found:
            found["DATA"] = argument
        else:
            found[f"{len(found)}"] = argument
    return found


def _time(run: Run, scope: Scope, rows: Rows, name: str, descriptor: exp.Expr) -> tuple[Value, str]:
    columns = descriptor.args.get("expressions") or []
    if descriptor.__class__ is not exp.Anonymous or not columns:
        run.tell(names.offset_of(descriptor), "CS417", f"{name} takes DESCRIPTOR(time column)")
        return names.nothing("?"), "?"
    column = columns[0].name
    value = rows.get(column)
    offset = names.offset_of(columns[0])
    if value is None:
        if rows.open_nodes:
            value = names.assumed([rows], column)
        else:
            run.tell(offset, "CS411", f"unknown column '{column}'", near(column, rows.names()))
            return names.nothing(column), column
    run.influence("window", value)
    _check_time(run, offset, name, value, column)
    return value, column


def _without_time(value: Value) -> Value:
    return value.copy(time="", nullable=value.nullable) if value.time in ("row", "proc") else value


def _bounds(time: Value, canonical: str, number: str) -> dict[str, Value]:
    edges = stepped("transformation", time.edges)
    attribute = "TIMESTAMP_LTZ(3)" if "LTZ" in time.type else "TIMESTAMP(3)"
    wanted = (
        ("window_start", "TIMESTAMP(3)", f"start:{number}"),
        ("window_end", "TIMESTAMP(3)", f"end:{number}"),
        ("window_time", attribute, time.time),
    )
    return {
        name: Value(type_, False, edges, f"{canonical}.{name}", time.exact, mark)
        for name, type_, mark in wanted
    }
