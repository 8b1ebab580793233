"""Finds the column a name means, or says why there is none."""

from __future__ import annotations

from collections.abc import Iterable

from sqlglot import exp

from cdk_stream.problems import near
from cdk_stream.sql.grammar.words import RESERVED
from cdk_stream.sql.resolve.scope import Rows, Run, Scope
from cdk_stream.sql.resolve.value import Edges, Value, merged, stepped
from cdk_stream.sql.types import shape


def offset_of(node: exp.Expr | None) -> int:
    """The character where `node` starts, as far as its names tell; -1 for unknown."""
    while node is not None:
        start = (node._meta or {}).get("start") if node._meta else None
        if isinstance(start, int):
            return start
        best = -1
        for child in node.iter_expressions():
            best = offset_of(child)
            if best >= 0:
                return best
        return best
    return -1


def column(run: Run, scope: Scope, node: exp.Expr) -> Value:
    """The value of a column reference: `c`, `t.c`, `t.row.field`."""
    args = node.args
    identifier = args["this"]
    name: str = identifier.args["this"]
    table = args.get("table")
    if not identifier.args.get("quoted") and name.upper() in RESERVED:
        _reserved(run, identifier, name)
    if table is None:
        value = bare(run, scope, name, identifier)
        return value or _missing(run, scope, identifier, name)
    if args.get("db") is not None:
        return _path(run, scope, node)
    qualifier: str = table.args["this"]
    inner: Scope | None = scope
    while inner is not None:
        for rows in inner.rows:
            if rows.name == qualifier or (rows.node == qualifier and _reference(run, table)):
                return _from(run, rows, name, identifier)
        if qualifier in inner.variables:
            return _from(run, inner.variables[qualifier], name, identifier)
        inner = inner.parent
    whole = bare(run, scope, qualifier, table)
    if whole is not None:
        return field(run, whole, name, offset_of(identifier))
    return _no_table(run, scope, table, qualifier)


def _reference(run: Run, identifier: exp.Expr) -> bool:
    return identifier.meta.get("start") in run.references


def check_twice(run: Run, rows: Rows, asked: Iterable[str], node: exp.Expr) -> None:
    """Tell the names asked of `rows` that several of its columns have."""
    for name in asked:
        if name in rows.twice:
            message = f"'{rows.name or 'the query inside'}' has two columns called '{name}'"
            run.tell(offset_of(node), "CS413", message, "name one otherwise there: ... AS other")


def _from(run: Run, rows: Rows, name: str, identifier: exp.Expr) -> Value:
    value = rows.get(name)
    if rows.twice:
        check_twice(run, rows, (name,), identifier)
    if value is not None:
        return value
    if rows.open_nodes:
        return assumed([rows], name)
    known = list(rows.names())
    called = rows.name or rows.tag
    _unknown(run, identifier, f"unknown column '{name}' of '{called}'", name, known)
    return nothing(name)


def bare(run: Run, scope: Scope, name: str, identifier: exp.Expr) -> Value | None:
    """The column that the unqualified `name` means; None when no table has it."""
    inner: Scope | None = scope
    while inner is not None:
        if name in inner.merged:
            return inner.merged[name]
        found: Value | None = None
        several = False
        for rows in inner.rows:
            value = rows.get(name)
            if value is not None:
                several = several or found is not None
                found = value
                if rows.twice:
                    check_twice(run, rows, (name,), identifier)
            elif rows.open_nodes:
                several = True
        if several:
            return _several(run, inner, name, identifier)
        if found is not None:
            return found
        inner = inner.parent
    return None


def _several(run: Run, scope: Scope, name: str, identifier: exp.Expr) -> Value:
    """A name that more than one table has, or may have: it is made of all of them."""
    known = [(rows, value) for rows in scope.rows if (value := rows.get(name)) is not None]
    opened = [rows for rows in scope.rows if rows.open_nodes and rows.get(name) is None]
    if len(known) > 1:
        tables = [rows.name or rows.tag for rows, _ in known]
        message = f"'{name}' is a column of " + " and ".join(f"'{table}'" for table in tables)
        run.tell(offset_of(identifier), "CS413", message, f"write {tables[0]}.{name}")
    candidates = [value for _, value in known]
    if opened:
        candidates.append(assumed(opened, name))
    edges = merged("identity", candidates)
    return Value(candidates[0].type, True, edges, f"?.{name}", exact=False)


def assumed(open_rows: Iterable[Rows], name: str) -> Value:
    """A column that tables with an unknown schema may have."""
    edges: Edges = {}
    for rows in open_rows:
        for node in rows.open_nodes:
            if node:  # a table that is not there at all has none
                edges[node, name] = "identity"
    return Value("", True, edges, f"?.{name}", exact=False)


def nothing(name: str) -> Value:
    """A column that is not there; the error is told already."""
    return Value("", True, {}, f"?.{name}", exact=False)


def _path(run: Run, scope: Scope, node: exp.Expr) -> Value:
    """`t.row.field` and longer."""
    parts = [
        node.args[key]
        for key in ("catalog", "db", "table", "this")
        if node.args.get(key) is not None
    ]
    first = exp.Column(this=parts[1], table=parts[0])
    known = any(rows.name == parts[0].name for rows in scope.rows)
    if known or bare(run, scope, parts[0].name, parts[0]) is None:
        value = column(run, scope, first)
        rest = parts[2:]
    else:
        value = column(run, scope, exp.Column(this=parts[0]))
        rest = parts[1:]
    for part in rest:
        value = field(run, value, part.args["this"], offset_of(part))
    return value


def field(run: Run, value: Value, name: str, offset: int) -> Value:
    """`value.name`: a field of a row; the whole row stands in where its fields are not known."""
    if value.fields is not None and name in value.fields:
        return value.fields[name]
    spelling = f"{value.spelling}.{name}"
    parts = shape(value.type)
    if parts.name == "ROW":
        for part in parts.parts:
            if part.name == name:
                nullable = value.nullable or part.nullable
                edges = stepped("transformation", value.edges)
                return Value(part.type, nullable, edges, spelling, value.exact, "", value.ceiling)
        names = [part.name for part in parts.parts]
        run.tell(offset, "CS411", f"the row has no field '{name}'", near(name, names))
    elif value.type:
        run.tell(offset, "CS411", f"'{name}' is asked of a {value.type}, which has no fields")
    edges = stepped("transformation", value.edges)
    return Value("", True, edges, spelling, False, "", value.ceiling)


def _missing(run: Run, scope: Scope, identifier: exp.Expr, name: str) -> Value:
    if name in _aliases(scope):
        mend = "repeat the expression, or compute it in a sub-query"
        message = f"'{name}' is an alias of this SELECT, which Flink does not see here"
        run.tell(offset_of(identifier), "CS415", message, mend)
        return nothing(name)
    known = [column for rows in scope.rows for column in rows.names()]
    tables = [rows.name for rows in scope.rows if rows.name]
    where = f" in '{tables[0]}'" if len(tables) == 1 else ""
    _unknown(run, identifier, f"unknown column '{name}'{where}", name, known)
    return nothing(name)


def _aliases(scope: Scope) -> set[str]:
    if scope.node is None:
        return set()
    items = scope.node.args.get("expressions") or ()
    return {item.alias for item in items if item.__class__ is exp.Alias}


def _unknown(run: Run, identifier: exp.Expr, message: str, name: str, known: list[str]) -> None:
    same = [other for other in known if other.lower() == name.lower()]
    if same:
        message = f"unknown column '{name}': names are case-sensitive"
        run.tell(offset_of(identifier), "CS414", message, f"did you mean '{same[0]}'?")
    else:
        run.tell(offset_of(identifier), "CS411", message, near(name, known))


def _no_table(run: Run, scope: Scope, table: exp.Expr, name: str) -> Value:
    known = [rows.name for rows in scope.rows if rows.name]
    run.tell(offset_of(table), "CS412", f"unknown table '{name}'", near(name, known))
    return nothing(name)


def _reserved(run: Run, identifier: exp.Expr, name: str) -> None:
    message = f"'{name}' is a reserved word of Flink SQL"
    run.tell(offset_of(identifier), "CS418", message, f"write `{name}` in back-quotes")


def check_alias(run: Run, identifier: exp.Expr | None) -> None:
    """Tell when an alias is a reserved word without back-quotes."""
    if isinstance(identifier, exp.Identifier) and not identifier.args.get("quoted"):
        name = identifier.args["this"]
        if name.upper() in RESERVED:
            _reserved(run, identifier, name)
