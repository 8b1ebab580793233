"""Stream -> View, for models that one record at a time can answer; else the reason why not."""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache
from typing import Any

from sqlglot import exp

from cdk_stream.results.stream import Stream
from cdk_stream.sql.grammar.parser import parse
from cdk_stream_proxy.author_cel import condition
from cdk_stream_proxy.predicate import (
    Field,
    Unexpressible,
    conjunction,
    fields_of,
)
from cdk_stream_proxy.reading import column_path, field_of, predicate_of, value_of
from cdk_stream_proxy.storage import encrypted, stored
from cdk_stream_proxy.view import Chosen, Shown, View

_NEEDS = (
    ("match_recognize", "MATCH_RECOGNIZE needs state"),
    ("regular_join", "a join needs state"),
    ("interval_join", "a join needs state"),
    ("temporal_join", "a join needs state"),
    ("lookup_join", "a lookup join asks another system"),
    ("cross_join", "a join needs state"),
    ("window", "a window needs state"),
    ("group_by", "GROUP BY needs state"),
    ("rank", "ROW_NUMBER needs state"),
    ("deduplicate", "ROW_NUMBER needs state"),
    ("over", "OVER needs state"),
    ("distinct", "DISTINCT needs state"),
    ("set_operation", "INTERSECT and EXCEPT need state"),
    ("union", "UNION reads several topics, a view reads one"),
    ("order_by", "ORDER BY needs state"),
    ("limit", "LIMIT needs state"),
    ("subquery", "a subquery needs state"),
    ("unnest", "the Gateway makes one row of one, UNNEST makes several"),
    ("table_function", "the Gateway calls no table functions"),
    ("udf", "the Gateway calls no user-defined functions"),
    ("cte", "the Gateway's SQL has no WITH"),
)
_FEATURES = frozenset(feature for feature, _ in _NEEDS)
_READABLE = frozenset({"json", "json_schema", "avro", "protobuf"})
_ELSEWHERE = frozenset({"kinesis", "pulsar", "rabbitmq"})
_VIEWS_DEEP = 8
"""A view over views is one view of the topic below; beyond this many the text outgrows its use."""


def view_of(stream: Stream) -> View:
    """The view that gives the model's rows; `Unexpressible` says what it needs that none has."""
    view = _view_of(stream, 0)
    _refuse_encrypted(view, encrypted(_storage(stream)))
    return view


def _storage(stream: Stream) -> Stream:
    """What the view reads in the end; the model itself may not be placed yet."""
    return stored(next(iter(stream.inputs.values())))


def _view_of(stream: Stream, depth: int) -> View:
    if not _FEATURES.isdisjoint(stream.features):
        raise Unexpressible(next(told for name, told in _NEEDS if name in stream.features))
    source = _input(stream)
    if depth > _VIEWS_DEEP:
        raise Unexpressible(f"a view stands on more than {_VIEWS_DEEP} others")
    if source.backend == "proxy" and source.kind == "model":
        below = _view_of(source, depth + 1)
    else:
        below = View(source.topic, source.format)
    return _body(stream, _Scope(source, below))


def _input(stream: Stream) -> Stream:
    """The one topic the model reads, when the Gateway can read it too."""
    if len(stream.inputs) != 1:
        raise Unexpressible(f"a view reads one topic, this reads {len(stream.inputs)}")
    source = next(iter(stream.inputs.values()))
    if getattr(source.resource, "type", "") in _ELSEWHERE or not source.topic:
        raise Unexpressible(f"the rows of '{source.name}' are not in Kafka")
    if source.cluster != stream.cluster:
        raise Unexpressible(
            f"'{source.name}' is on cluster '{source.cluster}', a view stays on its topic's own"
        )
    if source.format not in _READABLE:
        raise Unexpressible(f"a view reads plain rows, '{source.name}' is {source.format}")
    if source.changelog != "append":
        raise Unexpressible(f"'{source.name}' is updated by key, and a view would lose the deletes")
    return source


class _Scope:
    """The names a query may use: the input's columns, each a field of the topic below."""

    def __init__(self, source: Stream, below: View) -> None:
        self.source = source
        self.below = below
        self.stored = stored(source).columns
        self.shown = None if below.columns is None else {item.name: item for item in below.columns}
        self.qualifiers: frozenset[str] = frozenset()

    def item(self, path: tuple[str, ...], name: str) -> Shown | Chosen:
        """The column at `path` of the input, under a new name."""
        if self.shown is None:
            return Shown(name, path)
        below = self.shown.get(path[0])
        if below is None:
            raise Unexpressible(f"'{self.source.name}' shows no column '{path[0]}'")
        if isinstance(below, Shown):
            return Shown(name, below.path + path[1:])
        return below._replace(name=name)

    def field(self, column: exp.Column) -> Field:
        item = self.item(column_path(column, self.qualifiers), "")
        if isinstance(item, Chosen):
            raise Unexpressible(f"the filter reads '{column.name}', which a CASE computes")
        return field_of(item.path, self.stored.get(item.path[0]))


def _body(stream: Stream, scope: _Scope) -> View:
    model = stream.resource
    if model.cel is not None:
        return _cel(model.cel, scope)
    if not stream.sql:
        return scope.below
    tree = _tree(stream.sql) if stream.analysis is None else stream.analysis.tree
    if not isinstance(tree, exp.Select):
        raise Unexpressible("a view is one SELECT")
    table = tree.args["from_"].this
    scope.qualifiers = frozenset((table.alias_or_name, table.name))
    below = scope.below
    predicate = below.predicate
    where = tree.args.get("where")
    if where is not None:
        predicate = conjunction(predicate, predicate_of(where.this, scope.field))
    return View(below.topic, below.format, _columns(tree, scope), predicate)


@lru_cache(maxsize=1_000)  # several views over one read its query, which is kept as text only
def _tree(sql: str) -> Any:
    return parse(sql, {}, {})[0]


def _cel(text: str, scope: _Scope) -> View:
    below = scope.below
    if below.columns is not None:
        raise Unexpressible("a CEL view of a view with a projection: CEL sees the topic's own rows")
    names = scope.source.columns
    told = condition(text, names, closed=not scope.source.open)
    return View(below.topic, below.format, None, conjunction(below.predicate, told))


def _columns(tree: exp.Select, scope: _Scope) -> tuple[Shown | Chosen, ...] | None:
    """What the select list shows; None when it is every field, unchanged."""
    items = tree.expressions
    if len(items) == 1 and items[0].is_star:
        return scope.below.columns
    columns = tuple([_item(item, scope) for item in items])
    if scope.below.columns is None and not scope.source.open and _same(columns, scope.source):
        return None
    return columns


def _same(columns: tuple[Shown | Chosen, ...], source: Stream) -> bool:
    if len(columns) != len(source.columns):
        return False
    plain = {item.name for item in columns if isinstance(item, Shown) and item.path == (item.name,)}
    return plain == source.columns.keys()


def _item(item: Any, scope: _Scope) -> Shown | Chosen:
    inner = item
    name = ""
    if isinstance(item, exp.Alias):
        name = item.alias
        inner = item.this
        while isinstance(inner, exp.Paren):
            inner = inner.this
    if isinstance(inner, exp.Column) and not isinstance(inner.this, exp.Star):
        path = column_path(inner, scope.qualifiers)
        return scope.item(path, name or path[-1])
    if isinstance(inner, exp.Case):
        return _case(name, inner, scope)
    raise Unexpressible(
        f"the column '{name or '*'}' is computed, and a view shows fields and CASEs of literals "
        "only"
    )


def _case(name: str, case: exp.Case, scope: _Scope) -> Chosen:
    default = case.args.get("default")
    if case.this is not None or default is None:
        raise Unexpressible("a view's CASE is CASE WHEN ... THEN ... ELSE ... END")
    branches = tuple(
        (predicate_of(branch.this, scope.field), value_of(branch.args["true"]))
        for branch in case.args["ifs"]
    )
    return Chosen(name, branches, value_of(default))


def _refuse_encrypted(view: View, hidden: Collection[str]) -> None:
    """A filter on a field that lies encrypted in the topic would compare ciphertext."""
    for field in fields_of(view.predicate) if hidden else ():
        if field.path[0] in hidden:
            raise Unexpressible(f"the filter reads '{field}', which the topic holds encrypted")
