"""What stands in FROM: references, CTEs, sub-queries, VALUES, UNNEST and table functions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlglot import exp

from cdk_stream.problems import near
from cdk_stream.results.relation import Relation
from cdk_stream.sql.resolve import fitting, names, windows
from cdk_stream.sql.resolve.evaluate import combine, evaluate
from cdk_stream.sql.resolve.producers import table_call
from cdk_stream.sql.resolve.scope import Rows, Run, Scope, Selected
from cdk_stream.sql.resolve.value import Value, merged, stepped
from cdk_stream.sql.spelling import shape
from cdk_stream.sql.types import element, widest

Resolve = Callable[..., Selected]
_UNKNOWN = Relation({}, open=True)
_USED = frozenset(("this", "alias", "version", "joins", "ordinality"))


@dataclass(slots=True)
class Cte:
    """A query of WITH, resolved when it is first used."""

    node: exp.Expr
    columns: list[str]
    around: dict[str, Cte]
    """The CTEs it can use itself."""
    selected: Selected | None = None
    resolving: bool = False
    tag: str = ""
    """What spellings call its rows where it is first used."""


def table(run: Run, scope: Scope, node: exp.Expr, resolve: Resolve) -> Rows:
    """The rows of one item of FROM."""
    kind = node.__class__
    if kind is exp.Table:
        return _table(run, scope, node, resolve)
    if kind is exp.Subquery:
        return _derived(run, scope, node, resolve, scope.parent)
    if kind is exp.Lateral:
        return _lateral(run, scope, node, resolve)
    if kind is exp.Unnest:
        return _unnest(run, scope, node, node.args.get("alias"))
    if kind is exp.Values:
        return _renamed(run, values(run, scope, node), node.args.get("alias"))
    run.tell(names.offset_of(node), "CS443", f"'{node.key.upper()}' in FROM is not understood")
    return Rows("", run.tag("?"), relation=_UNKNOWN)


def _table(run: Run, scope: Scope, node: exp.Expr, resolve: Resolve) -> Rows:
    args = node.args
    this = args["this"]
    alias = args.get("alias")
    for key in args:
        if key not in _USED and args[key]:
            _not_in_flink(run, node, key)
    if this.__class__ is exp.Anonymous:
        return _function(run, scope, this, alias, resolve)
    if not isinstance(this, exp.Identifier) or args.get("db") is not None:
        run.tell(names.offset_of(node), "CS412", "a table is named by ref() or source()")
        return Rows(node.alias_or_name, run.tag("?"), relation=_UNKNOWN)
    rows = _named(run, scope, this, resolve)
    if alias is None:
        return rows
    return _aliased(run, rows, alias)


def _not_in_flink(run: Run, node: exp.Expr, key: str) -> None:
    message = f"'{key.upper()}' is not part of Flink SQL here"
    run.tell(names.offset_of(node), "CS443", message)


def _named(run: Run, scope: Scope, identifier: exp.Expr, resolve: Resolve) -> Rows:
    start = identifier.meta.get("start", -1)
    name: str = identifier.args["this"]
    reference = run.references.get(start)
    if reference is not None:
        return _input(run, start, *reference)
    cte = scope.ctes.get(name)
    if cte is not None:
        return _cte(run, name, cte, start, resolve)
    known = [*scope.ctes, *(known for _, known in run.tables)]
    if any(other == name for _, other in run.tables):
        mend = f'write {{{{ ref("{name}") }}}}'
    else:
        mend = near(name, known) or 'tables are named by {{ ref("...") }} and {{ source("...") }}'
    run.tell(start, "CS412", f"unknown table '{name}'", mend)
    return Rows(name, run.tag("?"), relation=_UNKNOWN)


def _input(run: Run, start: int, kind: str, name: str) -> Rows:
    node_id = run.tables.get((kind, name))
    if node_id is None:
        word = "source" if kind == "source" else "model"
        mend = near(name, {other for _, other in run.tables})
        run.tell(start, "CS412", f"unknown {word} '{name}'", mend)
        return Rows(name, run.tag("?"), relation=_UNKNOWN)
    relation = run.relations.get(node_id, _UNKNOWN)
    return Rows(name, run.tag(node_id), relation=relation, node=node_id)


def _cte(run: Run, name: str, cte: Cte, start: int, resolve: Resolve) -> Rows:
    if cte.resolving:
        run.tell(start, "CS425", f"'{name}' uses itself: Flink SQL has no recursive queries")
        return Rows(name, run.tag("?"), relation=_UNKNOWN)
    first = cte.selected is None
    if cte.selected is None:
        cte.resolving = True
        cte.selected = _with_columns(resolve(run, cte.node, None, cte.around), cte.columns)
        cte.resolving = False
    tag = run.tag("q")
    rows = _rows(run, name, tag, cte.selected)
    if first:
        cte.tag = tag
    else:
        rows.spelling = f"{tag}={cte.tag}"
    return rows


def _with_columns(selected: Selected, columns: list[str]) -> Selected:
    if not columns:
        return selected
    renaming = dict(zip(selected.columns, columns, strict=False))
    renamed = {renaming.get(name, name): value for name, value in selected.columns.items()}
    key = tuple(renaming.get(name, name) for name in selected.key)
    return selected._replace(columns=renamed, key=key, twice=frozenset())


def _rows(run: Run, name: str, tag: str, selected: Selected) -> Rows:
    for column, value in selected.columns.items():
        run.meanings[f"{tag}.{column}"] = value.spelling
    rows = Rows(
        name,
        tag,
        definitions=selected.columns,
        changelog=selected.changelog,
        key=selected.key,
        open_nodes=selected.open_nodes,
        spelling=f"{tag}=({selected.rows or selected.spelling})",
    )
    rows.twice = selected.twice
    return rows


def _derived(
    run: Run, scope: Scope, node: exp.Expr, resolve: Resolve, parent: Scope | None
) -> Rows:
    selected = resolve(run, node.args["this"], parent, scope.ctes)
    return _renamed(run, selected, node.args.get("alias"))


def _renamed(run: Run, selected: Selected, alias: exp.Expr | None) -> Rows:
    """A query with the name and the column names that `alias` gives it."""
    name, columns = _alias_parts(run, alias)
    return _rows(run, name, run.tag("q"), _with_columns(selected, columns))


def _alias_parts(run: Run, alias: exp.Expr | None) -> tuple[str, list[str]]:
    if alias is None:
        return "", []
    this = alias.args.get("this")
    names.check_alias(run, this)
    name = this.name if this is not None else ""
    return name, [column.name for column in alias.args.get("columns") or ()]


def _aliased(run: Run, rows: Rows, alias: exp.Expr) -> Rows:
    name, columns = _alias_parts(run, alias)
    rows.name = name or rows.name
    if columns:
        known = {column: value for column in rows.names() if (value := rows.get(column))}
        selected = Selected(known, rows.changelog, rows.key, rows.open_nodes, rows.spelling)
        return _rows(run, rows.name, run.tag("q"), _with_columns(selected, columns))
    return rows


def _function(
    run: Run, scope: Scope, node: exp.Expr, alias: exp.Expr | None, resolve: Resolve
) -> Rows:
    name = node.args["this"]
    if name.upper() in windows.FUNCTIONS:
        return _renamed(
            run, windows.table_function(run, scope, node, _data(run, scope, resolve)), alias
        )
    return _produced(run, scope, node, alias, _data(run, scope, resolve))


def _data(run: Run, scope: Scope, resolve: Resolve) -> Callable[[exp.Expr], Rows]:
    """Resolves the table that a window function takes as its first argument."""

    def data(node: exp.Expr) -> Rows:
        if node.__class__ is exp.Column:
            return _named(run, scope, node.args["this"], resolve)
        if isinstance(node, exp.Query):
            inner = node.args["this"] if node.__class__ is exp.Subquery else node
            return _rows(run, "", run.tag("q"), resolve(run, inner, None, scope.ctes))
        run.tell(names.offset_of(node), "CS417", "a table is expected here: TABLE {{ ref(...) }}")
        return Rows("", run.tag("?"), relation=_UNKNOWN)

    return data


def _lateral(run: Run, scope: Scope, node: exp.Expr, resolve: Resolve) -> Rows:
    this, alias = node.args["this"], node.args.get("alias")
    if this.__class__ is exp.Subquery:
        run.features.add("subquery")
        selected = resolve(run, this.args["this"], scope, scope.ctes)
        return _renamed(run, selected, alias)
    if this.__class__ is exp.Unnest:
        return _unnest(run, scope, this, alias)
    if this.__class__ is exp.Anonymous:
        return _function(run, scope, this, alias, resolve)
    run.tell(names.offset_of(node), "CS443", "LATERAL takes TABLE(function(...)) or a sub-query")
    return Rows("", run.tag("?"), relation=_UNKNOWN)


def _produced(
    run: Run,
    scope: Scope,
    node: exp.Expr,
    alias: exp.Expr | None,
    data: Callable[[exp.Expr], Rows],
) -> Rows:
    """The rows of a table function of the project: each column is made of every argument."""
    run.features.add("table_function")
    result = table_call(run, scope, node, data)
    run.influence("join", result)
    name, columns = _alias_parts(run, alias)
    parts = shape(result.type).parts if shape(result.type).name == "ROW" else ()
    definitions = {
        part.name: combine(part.type, part.nullable, f"{result.spelling}.{part.name}", (result,))
        for part in parts
    }
    if not parts:
        definitions = {"EXPR$0": combine(result.type, True, result.spelling, (result,))}
        if not result.type and len(columns) > 1:
            definitions = {
                column: combine("", True, f"{result.spelling}.{column}", (result,))
                for column in columns
            }
    selected = Selected(definitions, "append", (), (), result.spelling)
    return _rows(run, name, run.tag("q"), _with_columns(selected, columns))


def _unnest(run: Run, scope: Scope, node: exp.Expr, alias: exp.Expr | None) -> Rows:
    run.features.add("unnest")
    definitions: dict[str, Value] = {}
    spelling = ""
    for argument in node.args["expressions"]:
        value = evaluate(run, scope, argument)
        run.influence("join", value)
        spelling += f"UNNEST({value.spelling})"
        definitions.update(_items(value, len(definitions)))
    if node.args.get("offset") or node.args.get("ordinality"):
        definitions["ORDINALITY"] = Value("INT", False, {}, spelling + ".ORDINALITY")
    name, columns = _alias_parts(run, alias)
    selected = Selected(definitions, "append", (), (), spelling)
    return _rows(run, name, run.tag("q"), _with_columns(selected, columns))


def _items(value: Value, start: int) -> dict[str, Value]:
    """The columns of the items of an array, multiset or map."""
    kind = shape(value.type)
    edges = stepped("transformation", value.edges)

    def item(name: str, type_: str, nullable: bool) -> Value:
        spelling = f"{value.spelling}[].{name}"
        return Value(type_, nullable, edges, spelling, value.exact, "", value.ceiling)

    if kind.name == "MAP":
        key, held = kind.parts
        return {
            "KEY": item("KEY", key.type, True),
            "VALUE": item("VALUE", held.type, held.nullable),
        }
    inner, nullable = element(value.type)
    if shape(inner).name == "ROW":
        return {
            part.name: item(part.name, part.type, part.nullable or nullable)
            for part in shape(inner).parts
        }
    return {f"EXPR${start}": item(f"EXPR${start}", inner, nullable)}


def values(run: Run, scope: Scope, node: exp.Expr) -> Selected:
    """`VALUES (1, 'a'), (2, 'b')`."""
    lines = []
    for line in node.args["expressions"]:
        parts = line.args["expressions"] if line.__class__ is exp.Tuple else [line]
        lines.append([evaluate(run, scope, part) for part in parts])
        fitting.no_null(run, line, lines[-1])
    width = max((len(line) for line in lines), default=0)
    if any(len(line) != width for line in lines):
        run.tell(names.offset_of(node), "CS441", "the rows of VALUES differ in length")
    columns: dict[str, Value] = {}
    for index in range(width):
        column = [line[index] for line in lines if index < len(line)]
        nullable = any(value.nullable for value in column)
        type_ = widest(tuple(value.type for value in column))
        spelling = ",".join(value.spelling for value in column)
        columns[f"EXPR${index}"] = Value(type_, nullable, merged("identity", column), spelling)
    spelling = ";".join(value.spelling for value in columns.values())
    return Selected(columns, "append", (), (), f"VALUES({spelling})")
