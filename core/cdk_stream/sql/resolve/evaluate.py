"""One expression to its value: the table of who knows which node, and what they share."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from sqlglot import exp

from cdk_stream.results.relation import EdgeKind
from cdk_stream.sql.resolve import names
from cdk_stream.sql.resolve.scope import Run, Scope
from cdk_stream.sql.resolve.value import STEPS, Edges, Value, add, highest
from cdk_stream.sql.types import widest

Handler = Callable[[Run, Scope, exp.Expr], Value]
HANDLERS: dict[type, Handler] = {}
"""Filled by the modules that know the nodes."""


def evaluate(run: Run, scope: Scope, node: exp.Expr) -> Value:
    """What is known of the expression `node`; what is wrong with it goes to the findings."""
    handler = HANDLERS.get(node.__class__)
    value = handler(run, scope, node) if handler else unsupported(run, scope, node)
    if run.trace is not None:
        run.trace[id(node)] = value
    return value


def combine(
    type_: str,
    nullable: bool,
    spelling: str,
    values: Iterable[Value],
    kind: EdgeKind = "transformation",
) -> Value:
    """The value of an operation of `kind` on `values`."""
    edges: Edges = {}
    step = STEPS[kind]
    exact, ceiling = True, ""
    for value in values:
        if value.edges:
            add(edges, {origin: step[way] for origin, way in value.edges.items()})
        if not value.exact:
            exact = False
        if value.ceiling:
            ceiling = highest((ceiling, value.ceiling))
    return Value(type_, nullable, edges, spelling, exact, "", ceiling)


def chosen(
    conditions: list[Value], results: list[Value], spelling: str, may_be_none: bool
) -> Value:
    """One of `results`, as `conditions` say."""
    type_ = widest(tuple([result.type for result in results]))
    nullable = may_be_none or any(result.nullable for result in results)
    value = combine(type_, nullable, spelling, results)
    deciding = combine("", False, "", conditions, "conditional")
    add(value.edges, deciding.edges)
    value.exact = value.exact and deciding.exact
    value.ceiling = highest((value.ceiling, deciding.ceiling))
    return value


def unsupported(run: Run, scope: Scope, node: exp.Expr) -> Value:
    """Not understood: made of every column in it, which is said."""
    parts = [evaluate(run, scope, column) for column in node.find_all(exp.Column)]
    word = node.key.upper()
    message = f"'{word}' is not analysed: its result is treated as made of every column in it"
    run.tell(names.offset_of(node), "CS443", message, "write it with functions of Flink SQL")
    value = combine("", True, f"{word}({', '.join(part.spelling for part in parts)})", parts)
    value.exact = False
    return value
