"""Resolves conditions: comparisons, AND and OR, IN, LIKE, EXISTS."""

from __future__ import annotations

from sqlglot import exp

from cdk_stream.sql.resolve import fitting, names
from cdk_stream.sql.resolve.evaluate import HANDLERS, combine, evaluate, unsupported
from cdk_stream.sql.resolve.expressions import goes_first, scalar_query
from cdk_stream.sql.resolve.scope import Rank, RankFilter, Run, Scope
from cdk_stream.sql.resolve.value import Value
from cdk_stream.sql.types import BOOLEAN


def conjuncts(node: exp.Expr | None) -> list[exp.Expr]:
    """The parts of a condition that all must hold."""
    found: list[exp.Expr] = []
    rest = [node] if node is not None else []
    while rest:
        part = rest.pop()
        if part.__class__ is exp.And:
            rest += (part.args["expression"], part.args["this"])
        elif part.__class__ is exp.Paren:
            rest.append(part.args["this"])
        else:
            found.append(part)
    return found


def evaluated(run: Run, scope: Scope, parts: list[exp.Expr]) -> list[Value]:
    """The values of conjuncts; one that is no condition is told."""
    values = []
    for part in parts:
        value = evaluate(run, scope, part)
        if value.type not in _TRUTHS:
            message = f"a condition is true or false, and this is {value.type}"
            run.tell(names.offset_of(part), "CS447", message, "compare it with something")
        values.append(value)
    return values


_TRUTHS = frozenset((BOOLEAN, "", "NULL", "VARIANT"))

# class -> (sign, sign of the mirrored comparison)
_COMPARISONS = {
    exp.EQ: ("=", ""),
    exp.NEQ: ("<>", ""),
    exp.NullSafeEQ: ("IS NOT DISTINCT FROM", ""),
    exp.NullSafeNEQ: ("IS DISTINCT FROM", ""),
    exp.LT: ("<", ">"),
    exp.LTE: ("<=", ">="),
    exp.GT: (">", "<"),
    exp.GTE: (">=", "<="),
}


def _comparison(run: Run, scope: Scope, node: exp.Expr) -> Value:
    left = evaluate(run, scope, node.args["this"])
    right = evaluate(run, scope, node.args["expression"])
    sign, mirrored = _COMPARISONS[node.__class__]  # type: ignore[index]
    if left.type != right.type:
        fitting.comparable(run, node, sign, left, right)
    one, other = left.spelling, right.spelling
    if goes_first(other, one):
        one, other, sign = other, one, mirrored or sign
    nullable = sign[0] != "I" and (left.nullable or right.nullable)
    value = combine(BOOLEAN, nullable, f"{one} {sign} {other}", (left, right))
    if left.rank is not None or right.rank is not None:
        value.rank = _rank_filter(node.__class__, left, right)
    return value


_AT_MOST: dict[type, int] = {exp.EQ: 0, exp.LTE: 0, exp.LT: -1}
_AT_LEAST: dict[type, int] = {exp.EQ: 0, exp.GTE: 0, exp.GT: -1}


def _rank_filter(kind: type, left: Value, right: Value) -> RankFilter | None:
    """What `rank <= 3` or `3 >= rank` says."""
    rank, limit = (left, right) if isinstance(left.rank, Rank) else (right, left)
    less = (_AT_MOST if rank is left else _AT_LEAST).get(kind)
    if less is None or not isinstance(rank.rank, Rank) or not limit.spelling.isdigit():
        return None
    return RankFilter(rank.rank, int(limit.spelling) + less, rank.spelling)


def _connective(run: Run, scope: Scope, node: exp.Expr) -> Value:
    """AND and OR, however many: the order of the parts means nothing."""
    kind = node.__class__
    parts: list[Value] = []
    while node.__class__ is kind:
        parts.append(evaluate(run, scope, node.args["expression"]))
        node = node.args["this"]
    parts.append(evaluate(run, scope, node))
    word = " AND " if kind is exp.And else " OR "
    fitting.truths(run, node, word.strip(), parts)
    spelling = "(" + word.join(sorted([part.spelling for part in parts])) + ")"
    return combine(BOOLEAN, any(part.nullable for part in parts), spelling, reversed(parts))


def _not(run: Run, scope: Scope, node: exp.Expr) -> Value:
    inner = node.args["this"]
    value = evaluate(run, scope, inner)
    fitting.truths(run, node, "NOT", (value,))
    if inner.__class__ is exp.Exists or (inner.__class__ is exp.In and inner.args.get("query")):
        scope.subqueries.discard("semi")
        scope.subqueries.add("anti")
    return combine(BOOLEAN, value.nullable, f"NOT {value.spelling}", (value,))


def _is(run: Run, scope: Scope, node: exp.Expr) -> Value:
    value = evaluate(run, scope, node.args["this"])
    what = node.args["expression"]
    is_json = what.__class__ is exp.Var
    word = what.name if is_json else evaluate(run, scope, what).spelling
    return combine(BOOLEAN, False, f"{value.spelling} IS {word}", (value,))


def _like(run: Run, scope: Scope, node: exp.Expr) -> Value:
    left = evaluate(run, scope, node.args["this"])
    right = evaluate(run, scope, node.args["expression"])
    word = "SIMILAR TO" if node.__class__ is exp.SimilarTo else "LIKE"
    fitting.texts(run, node, word, (left, right))
    if node.args.get("negate"):
        word = "NOT " + word
    nullable = left.nullable or right.nullable
    return combine(BOOLEAN, nullable, f"{left.spelling} {word} {right.spelling}", (left, right))


def _escape(run: Run, scope: Scope, node: exp.Expr) -> Value:
    value = evaluate(run, scope, node.args["this"])
    value.spelling += f" ESCAPE {evaluate(run, scope, node.args['expression']).spelling}"
    return value


def _between(run: Run, scope: Scope, node: exp.Expr) -> Value:
    values = [evaluate(run, scope, node.args[key]) for key in ("this", "low", "high")]
    symmetric = "SYMMETRIC " if node.args.get("symmetric") else ""
    this, low, high = (value.spelling for value in values)
    nullable = any(value.nullable for value in values)
    return combine(BOOLEAN, nullable, f"{this} BETWEEN {symmetric}{low} AND {high}", values)


def _in(run: Run, scope: Scope, node: exp.Expr) -> Value:
    value = evaluate(run, scope, node.args["this"])
    query = node.args.get("query")
    if query is not None:
        run.features.add("subquery")
        scope.compared.add(value.spelling)
        selected = run.select(run, query, scope)
        scope.subqueries.add("semi" if selected.changelog == "append" else "anti")
        run.influence("filter", *selected.columns.values())
        return combine(BOOLEAN, True, f"{value.spelling} IN ({selected.spelling})", (value,))
    options = [evaluate(run, scope, option) for option in node.args.get("expressions") or ()]
    if not options:
        return unsupported(run, scope, node)
    spelling = ", ".join(sorted([option.spelling for option in options]))
    values = [value, *options]
    nullable = any(one.nullable for one in values)
    return combine(BOOLEAN, nullable, f"{value.spelling} IN ({spelling})", values)


def _exists(run: Run, scope: Scope, node: exp.Expr) -> Value:
    run.features.add("subquery")
    scope.compared.add("")
    selected = run.select(run, node.args["this"], scope)
    scope.subqueries.add("semi" if selected.changelog == "append" else "anti")
    return Value(BOOLEAN, False, {}, f"EXISTS ({selected.spelling})")


def _quantified(run: Run, scope: Scope, node: exp.Expr) -> Value:
    """`= ANY (SELECT ...)`, `> ALL (SELECT ...)`."""
    inner = node.args["this"]
    while inner.__class__ in (exp.Paren, exp.Subquery):
        inner = inner.args["this"]
    if not isinstance(inner, exp.Query):
        return unsupported(run, scope, node)
    value = scalar_query(run, scope, inner)
    scope.subqueries.discard("scalar")
    scope.compared.add("")
    scope.subqueries.add("semi" if node.__class__ is exp.Any else "anti")
    run.influence("filter", value)
    return Value(value.type, True, value.edges, f"{node.key.upper()} {value.spelling}", value.exact)


HANDLERS.update(
    {
        exp.All: _quantified,
        exp.And: _connective,
        exp.Any: _quantified,
        exp.Between: _between,
        exp.EQ: _comparison,
        exp.Escape: _escape,
        exp.Exists: _exists,
        exp.GT: _comparison,
        exp.GTE: _comparison,
        exp.In: _in,
        exp.Is: _is,
        exp.LT: _comparison,
        exp.LTE: _comparison,
        exp.Like: _like,
        exp.NEQ: _comparison,
        exp.Not: _not,
        exp.NullSafeEQ: _comparison,
        exp.NullSafeNEQ: _comparison,
        exp.Or: _connective,
        exp.SimilarTo: _like,
    }
)
