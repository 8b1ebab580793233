"""Functions that give another value each time, where rows are taken back by their values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sqlglot import exp

from cdk_stream.sql.functions import AGGREGATES, SCALARS
from cdk_stream.sql.resolve import names
from cdk_stream.sql.resolve.calls import declared_function, name_of
from cdk_stream.sql.resolve.flow import Flow
from cdk_stream.sql.resolve.scope import Run

_NESTED = frozenset((exp.Select, exp.Subquery, exp.Exists))
_MEND = "take it out of rows that are updated: compute it in a model that only appends"


def check(
    run: Run, node: exp.Expr, read: Flow, kept: Flow, seen: Flow, is_taken_back: bool
) -> None:
    """Tell such functions of one SELECT.

    `read` are the rows of FROM, `kept` those after WHERE, `seen` those of the select list;
    `is_taken_back`: nobody can find a row of the result by its key.
    """
    where = node.args.get("where")
    if where is not None and read.updating:
        _tell(run, _calls(where.args["this"]), "decides which rows are kept")
    for item in node.args["expressions"]:
        aggregated = [one for call in _aggregates(run, item) for one in _calls(call)]
        inner = {id(call) for call in aggregated}  # nodes compare by what they hold
        if kept.updating:
            _tell(run, aggregated, "is aggregated")
        if seen.updating and is_taken_back:
            _tell(run, [call for call in _calls(item) if id(call) not in inner], "is in each row")


def _tell(run: Run, calls: Iterable[exp.Expr], role: str) -> None:
    for call in calls:
        name = name_of(call)
        if not _is_deterministic(run, name):
            message = (
                f"{name} {role}, and gives another value when a row is updated: what was sent"
                " before is not taken back as it was"
            )
            run.tell(names.offset_of(call), "CS439", message, _MEND, "warning")


def _is_deterministic(run: Run, name: str) -> bool:
    declared = declared_function(run, name) if run.functions else None
    if declared is not None:
        return declared[1].deterministic
    builtin = SCALARS.get(name.upper())
    return builtin is None or builtin.deterministic


def _aggregates(run: Run, node: exp.Expr) -> Iterator[exp.Expr]:
    for call in _calls(node):
        declared = declared_function(run, name_of(call)) if run.functions else None
        kind = declared[1].kind if declared is not None else ""
        if kind == "aggregate" or (not kind and name_of(call).upper() in AGGREGATES):
            yield call


def _calls(node: exp.Expr) -> Iterator[exp.Expr]:
    if node.__class__ is exp.Anonymous:
        yield node
    for child in node.iter_expressions():
        if child.__class__ not in _NESTED:
            yield from _calls(child)
