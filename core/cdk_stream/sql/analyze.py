"""The one way in: a query and what it reads, to everything known of it without running it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from sqlglot import exp

from cdk_stream.results.relation import OutputColumn, Relation
from cdk_stream.sql.analysis import Analysis, Finding
from cdk_stream.sql.functions import FunctionSpec
from cdk_stream.sql.grammar.lexer import SqlError
from cdk_stream.sql.grammar.parser import parse
from cdk_stream.sql.resolve.meaning import closed
from cdk_stream.sql.resolve.query import resolve
from cdk_stream.sql.resolve.ranking import check_ranks
from cdk_stream.sql.resolve.scope import Run, Scope, Selected
from cdk_stream.sql.resolve.value import Value
from cdk_stream.sql.template import position
from cdk_stream.sql.types import STRING


def analyze(
    sql: str,
    tables: Mapping[tuple[str, str], str],
    relations: Mapping[str, Relation],
    functions: Mapping[str, FunctionSpec],
    *,
    variables: Mapping[str, object] | None = None,
    state_ttl: bool = False,
    trace: dict[int, Value] | None = None,
) -> Analysis:
    """What `sql` gives, reads and takes, with everything wrong with it as findings.

    `tables` maps (kind, name) of a reference to a node id, `relations` node ids to what they hold;
    a node that has none counts as one whose columns are unknown. `state_ttl` says that the model
    bounds its state. What is known of each expression of `Analysis.tree` goes into `trace`, by the
    `id` of its node. Never raises on any text.
    """
    try:
        tree, tokens = parse(sql, tables, variables or {})
    except SqlError as error:
        line, column = position(sql, error.offset)
        finding = Finding(line, column, error.code, error.message, error.mend)
        return Analysis([], open=True, changelog="retract", findings=[finding])
    run = Run(
        sql=sql,
        references=tokens.references,
        tables=tables,
        relations=relations,
        functions=functions,
        hints=tuple(tokens.hints),
        state_ttl=state_ttl,
        select=_inner,
        trace=trace,
    )
    try:
        selected = resolve(run, tree, None, {}, outermost=True)
        if check_ranks(run):
            selected = selected._replace(changelog="retract", key=())
    except RecursionError:
        finding = Finding(1, 1, "CS424", "SQL is nested too deep", "split it into several models")
        return Analysis([], open=True, changelog="retract", findings=[finding], tree=tree)
    return _analysis(run, tree, selected)


def _inner(run: Run, node: exp.Expr, scope: Scope) -> Selected:
    while node.__class__ is exp.Subquery and node.args.get("with_") is None:
        node = node.args["this"]
    return resolve(run, node, scope, scope.ctes)


def _analysis(run: Run, tree: exp.Expr, selected: Selected) -> Analysis:
    columns = _columns(run, selected)
    hints = "|".join(sorted(run.hints))
    times = [name for name, value in selected.columns.items() if value.time == "row"]
    return Analysis(
        columns,
        influences=run.influences,
        event_time=times[0] if times else "",
        key=selected.key,
        changelog=selected.changelog,
        open=bool(selected.open_nodes),
        features=run.features,
        functions=run.called,
        splices=sorted(run.splices),
        findings=sorted(run.findings),
        tree=tree,
        fingerprint=_digest(f"{closed(selected.spelling, run.meanings)}|{hints}"),
        rows_fingerprint=_digest(
            f"{closed(selected.rows or selected.spelling, run.meanings)}|{hints}"
        ),
        filters=run.filters,
        windows=tuple(run.windows),
        times=tuple(times),
    )


def _passed_on(value: Value) -> bool:
    return len(value.edges) == 1 and "identity" in value.edges.values()


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _columns(run: Run, selected: Selected) -> list[OutputColumn]:
    made: list[OutputColumn] = []
    for name, value in selected.columns.items():
        type_ = STRING if value.type == "NULL" else value.type
        spelling = "" if _passed_on(value) else closed(value.spelling, run.meanings)
        made.append(
            OutputColumn(
                name,
                type_,
                value.nullable,
                value.edges,
                value.exact,
                value.ceiling,
                spelling,
            )
        )
    return made
