"""Queries around the one that does the work: they compute from its results, and keep nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from sqlglot import exp

from cdk_stream_flink.state.spelling import Cte, ctes_of

_KEEPING = (exp.Select, exp.Window, exp.Star)


def unwrapped(
    tree: exp.Expr, is_aggregate: Callable[[exp.Expr], bool]
) -> tuple[exp.Expr, list[exp.Expr], dict[str, Cte]]:
    """The query inside, those around it from the outermost on, and the CTEs that it can name."""
    around: list[exp.Expr] = []
    ctes: dict[str, Cte] = {}
    while True:
        known = ctes_of(tree, ctes)
        inner = _inner(tree, known, is_aggregate)
        if inner is None:
            return tree, around, ctes
        around.append(tree)
        tree, ctes = inner


def _inner(
    tree: exp.Expr, ctes: dict[str, Cte], is_aggregate: Callable[[exp.Expr], bool]
) -> tuple[exp.Expr, dict[str, Cte]] | None:
    """The one query that `tree` reads, if `tree` only computes from its rows."""
    if tree.__class__ is not exp.Select:
        return None
    if {key for key, value in tree.args.items() if value and key != "with_"} != {
        "expressions",
        "from_",
    }:
        return None
    nodes = inside(tree.args["expressions"])
    if any(node.__class__ in _KEEPING or is_aggregate(node) for node in nodes):
        return None
    table = tree.args["from_"].args["this"]
    if {key for key, value in table.args.items() if value} - {"this", "alias"}:
        return None
    alias = table.args.get("alias")
    if isinstance(alias, exp.Expr) and alias.args.get("columns"):
        return None
    query = table.args["this"]
    if table.__class__ is exp.Table and query.__class__ is exp.Identifier and query.name in ctes:
        query, ctes = ctes[query.name]
    elif table.__class__ is not exp.Subquery:
        return None
    return (query, dict(ctes)) if query.__class__ is exp.Select else None


def asked(around: Sequence[exp.Expr], tree: exp.Expr) -> list[str]:
    """The columns of `tree` that the queries around it need, sorted; [] when they need all."""
    needed = {str(item.alias_or_name) for item in _items(around, tree)}
    for outer in around:
        items = (item for item in outer.args["expressions"] if item.alias_or_name in needed)
        needed = {str(node.name) for node in inside(items) if node.__class__ is exp.Column}
    given = {str(item.alias_or_name) for item in tree.args["expressions"]}
    return [] if needed >= given else sorted(needed)


def renamed(around: Sequence[exp.Expr], tree: exp.Expr) -> dict[str, str]:
    """Column of `tree` -> what it is called in the end, for those that are passed on as is."""
    called = {str(item.alias_or_name): str(item.alias_or_name) for item in _items(around, tree)}
    for outer in around:
        passed = {}
        for item in outer.args["expressions"]:
            value = item.args["this"] if item.__class__ is exp.Alias else item
            name = called.get(str(item.alias_or_name))
            if value.__class__ is exp.Column and name is not None:
                passed[str(value.name)] = name
        called = passed
    return called


def _items(around: Sequence[exp.Expr], tree: exp.Expr) -> list[exp.Expr]:
    return list((around[0] if around else tree).args.get("expressions") or ())


def inside(trees: Iterable[exp.Expr]) -> Iterator[exp.Expr]:
    """The trees and all in them; queries inside are given, and not looked into."""
    for tree in trees:
        yield tree
        for child in tree.iter_expressions():
            if child.__class__ is exp.Select:
                yield child
            elif not isinstance(child, exp.SetOperation):
                yield from inside([child])
