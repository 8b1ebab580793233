"""Tells values of types that an operation of Flink's does not take."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from sqlglot import exp

from cdk_stream.sql.resolve import names
from cdk_stream.sql.resolve.scope import Run
from cdk_stream.sql.resolve.value import Value
from cdk_stream.sql.types import INT, shape

_FAMILIES = {
    **dict.fromkeys(("TINYINT", "SMALLINT", "INT", "BIGINT", "DECIMAL"), "number"),
    **dict.fromkeys(("FLOAT", "DOUBLE"), "number"),
    **dict.fromkeys(("CHAR", "VARCHAR"), "text"),
    **dict.fromkeys(("BINARY", "VARBINARY"), "bytes"),
    **dict.fromkeys(("TIMESTAMP", "TIMESTAMP_LTZ"), "time"),
    "BOOLEAN": "truth",
    "DATE": "date",
    "ARRAY": "array",
    "MAP": "map",
    "MULTISET": "multiset",
    "ROW": "row",
}
_READ_AS_TEXT = frozenset(("truth", "date", "time"))
"""What Flink reads from a text that it is compared with."""
_CAST = "CAST one to the type of the other"


@lru_cache(maxsize=4096)
def family(type_: str) -> str:
    """The kind of a type: `number`, `text`, `time`; '' where nothing is refused for it."""
    return _FAMILIES.get(shape(type_).name, "")


def tell(run: Run, node: exp.Expr, message: str, mend: str) -> None:
    run.tell(names.offset_of(node), "CS449", message, mend)


def no_null(run: Run, node: exp.Expr, values: Iterable[Value]) -> None:
    """Tell a NULL whose type nothing says."""
    for value in values:
        if value.type == "NULL":
            tell(run, node, "nothing says what type this NULL has", "CAST(NULL AS STRING)")


def alike(
    run: Run, node: exp.Expr, word: str, values: Iterable[Value], dates: bool = False
) -> bool:
    """Whether all values are of one kind; else tell. `dates`: a date and a time are alike."""
    kinds = {kind: value.type for value in values if (kind := family(value.type))}
    if len(kinds) < 2 or (dates and kinds.keys() == {"date", "time"}):
        return True
    one, other = list(kinds.values())[:2]
    tell(run, node, f"{word} gives one type, and these are {one} and {other}", _CAST)
    return False


def numbers(run: Run, node: exp.Expr, sign: str, values: Iterable[Value]) -> None:
    """Tell what is no number where only numbers are taken."""
    for value in values:
        if family(value.type) not in ("", "number"):
            mend = "CAST it to a number" if family(value.type) == "text" else "compute it otherwise"
            tell(run, node, f"'{sign}' takes numbers, and this is {value.type}", mend)
            return


def comparable(run: Run, node: exp.Expr, sign: str, left: Value, right: Value) -> None:
    """Tell two sides of a comparison that Flink cannot compare."""
    if left.type == right.type:
        return
    one, other = family(left.type), family(right.type)
    if one == other or not one or not other:
        return
    if "text" in (one, other):
        kind = other if one == "text" else one
        if kind in _READ_AS_TEXT or (kind == "number" and sign not in ("=", "<>")):
            return
    tell(run, node, f"'{sign}' compares {left.type} with {right.type}", _CAST)


def texts(run: Run, node: exp.Expr, word: str, values: Iterable[Value]) -> None:
    """Tell what is no text where only texts are taken."""
    for value in values:
        if family(value.type) not in ("", "text"):
            message = f"{word} takes a text, and this is {value.type}"
            tell(run, node, message, "CAST(... AS STRING)")
            return


def times(run: Run, node: exp.Expr, word: str, values: Iterable[Value]) -> None:
    """Tell what is no date or time where only these are taken."""
    for value in values:
        if family(value.type) not in ("", "date", "time"):
            message = f"{word} takes a date or a time, and this is {value.type}"
            tell(run, node, message, "make it one: TO_TIMESTAMP(text), TO_DATE(text)")
            return


def truths(run: Run, node: exp.Expr, word: str, values: Iterable[Value]) -> None:
    """Tell what is neither true nor false where only these are taken."""
    for value in values:
        if family(value.type) not in ("", "truth"):
            message = f"{word} takes what is true or false, and this is {value.type}"
            tell(run, node, message, "compare it with something")
            return


def argument(run: Run, node: exp.Expr, name: str, takes: str, values: list[Value]) -> None:
    """Tell arguments of a function that takes others: see `Builtin.takes`."""
    if takes == "texts":
        texts(run, node, name, values)
    elif takes == "time":
        times(run, node, name, values[:1])
    elif takes == "text":
        texts(run, node, name, values[-1:] if name == "TRIM" else values[:1])
    else:
        numbers(run, node, name, values[:1])


def item(run: Run, node: exp.Expr, value: Value, indices: list[Value]) -> None:
    """Tell an index that the collection does not have."""
    no_null(run, node, indices)
    kind, index = shape(value.type), indices[0].type if indices else ""
    given = family(index)
    if kind.name == "ARRAY" and given and index != INT:
        tell(run, node, f"an array is read by an INT, and this is {index}", "CAST(... AS INT)")
    elif kind.name == "MAP" and given and family(kind.parts[0].type) not in ("", given):
        message = f"the map is read by its key, {kind.parts[0].type}, and this is {index}"
        tell(run, node, message, "write a key of that type")
    elif family(value.type) not in ("", "array", "map", "row"):
        tell(run, node, f"'[ ]' reads an array or a map, and this is {value.type}", "take it away")


_ORDERED_NOT = frozenset(("array", "map", "multiset", "row", "bytes"))
_NUMERIC = frozenset(("SUM", "AVG", "STDDEV", "STDDEV_POP", "STDDEV_SAMP", "VAR_POP")) | {
    "VAR_SAMP",
    "VARIANCE",
}


def aggregates(run: Run, node: exp.Expr, name: str, values: list[Value]) -> None:
    """Tell what cannot be aggregated by `name`."""
    no_null(run, node, values)
    if name in _NUMERIC:
        numbers(run, node, name, values[:1])
    elif name == "LISTAGG":
        texts(run, node, name, values[:1])
    elif name in ("MIN", "MAX") and values and family(values[0].type) in _ORDERED_NOT:
        message = f"{name} takes what has an order, and this is {values[0].type}"
        tell(run, node, message, "aggregate a part of it")
