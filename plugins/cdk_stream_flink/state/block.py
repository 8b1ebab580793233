"""The outermost SELECT of a query: what of it reaches state, part by part."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlglot import exp

from cdk_stream.sql.analysis import STATEFUL
from cdk_stream.sql.functions import AGGREGATES
from cdk_stream_flink.state.spelling import Speller, conjuncts_of
from cdk_stream_flink.state.wrapping import asked, inside, renamed, unwrapped

Node = Mapping[str, Any]

NEEDED = "columns"
"""The part that holds what a join keeps."""
_AFTER = ("distinct", "order", "limit", "offset", "qualify", "windows", "match")


class Block:
    """The outermost SELECT of a query, part by part."""

    def __init__(
        self, node: Node, inputs: list[Node], tree: exp.Expr, aggregates: frozenset[str]
    ) -> None:
        self._node = node
        self._inputs = inputs
        self._aggregates = aggregates | AGGREGATES.keys()
        self._tree, self._around, ctes = unwrapped(tree, self._is_aggregate)
        columns = {str(one["name"]): list(one["columns"]) for one in inputs}
        self.speller = Speller(columns, ctes=ctes)

    def parts(self) -> dict[str, tuple[str, ...]]:
        """Every part that reaches state."""
        tree, speller = self._tree, self.speller
        if tree.__class__ is not exp.Select:
            return {"query": (speller.text(tree),)}
        speller.open(tree)
        parts = {
            "FROM": tuple(self._tables()),
            "WHERE": self._condition("where"),
            "GROUP BY": tuple(self._keys()),
        }
        grouped = bool(tree.args.get("group")) or bool(self._calls(tree.args["expressions"]))
        if grouped:
            parts["aggregates"] = tuple(self._calls(tree.args["expressions"]))
            parts["HAVING"] = tuple(self._having())
        else:
            parts[NEEDED] = tuple(self._used())
        if any(tree.args.get(key) for key in _AFTER) or self._has_inner_queries():
            parts["SELECT"] = tuple(self._items())
            parts["the end"] = tuple(
                f"{key} {speller.text(tree.args[key])}" for key in _AFTER if tree.args.get(key)
            )
        elif self._over():
            parts["OVER"] = tuple(self._over())
        parts["the columns asked for"] = tuple(asked(self._around, tree))
        if self._is_materialised():
            whole = [speller.text(item) for outer in self._around for item in _items_of(outer)]
            parts["output"] = (*whole, *self._items(), f"by {', '.join(self._node['key'])}")
        return {name: texts for name, texts in parts.items() if texts}

    def kinds(self) -> list[str]:
        """What keeps state."""
        found = sorted(STATEFUL & set(self._node.get("features", ())))
        if any(stream["changelog"] != "append" for stream in self._inputs):
            found.append("updates")
        if self._is_materialised():
            found.append("sink")
        return found

    def types(self) -> dict[str, str]:
        """The types of the inputs' columns that were met."""
        met = self.speller.columns
        return {
            f"{stream['name']}.{name}": _type(column)
            for stream in self._inputs
            for name, column in stream["columns"].items()
            if name in met or "*" in met
        }

    def _tables(self) -> Iterator[str]:
        from_ = self._tree.args.get("from_")
        for table in [from_.args["this"]] if from_ is not None else []:
            yield self.speller.text(table)
        for join in self._tree.args.get("joins") or ():
            yield self._join(join)

    def _join(self, join: exp.Expr) -> str:
        rest = dict(join.args)
        table = self.speller.text(rest.pop("this"))
        on = rest.pop("on", None)
        asked = " AND ".join(self.speller.conjuncts(on)) if on is not None else ""
        told = " ".join(
            f"{key}={self.speller.text(rest[key])}" for key in sorted(rest) if rest[key]
        )
        return f"{table} {told} ON {asked}"

    def _condition(self, clause: str) -> tuple[str, ...]:
        found = self._tree.args.get(clause)
        return tuple(self.speller.conjuncts(found.args["this"])) if found is not None else ()

    def _keys(self) -> Iterator[str]:
        group = self._tree.args.get("group")
        if group is not None:
            for key in group.args.get("expressions") or ():
                yield self.speller.text(key)
            rest = {key: value for key, value in group.args.items() if key != "expressions"}
            if any(rest.values()):
                yield " ".join(f"{key} {self.speller.text(rest[key])}" for key in sorted(rest))

    def _having(self) -> Iterator[str]:
        """A condition on results stays above them; the others may be asked before."""
        having = self._tree.args.get("having")
        if having is not None:
            shown = self._calls(self._tree.args["expressions"])
            yield from (call for call in self._calls([having]) if call not in shown)
            for part in conjuncts_of(having.args["this"]):
                if not self._gathered([part]):
                    yield self.speller.text(part)

    def _calls(self, trees: Iterable[exp.Expr]) -> list[str]:
        return list(dict.fromkeys(self.speller.text(call) for call in self._gathered(trees)))

    def _over(self) -> list[str]:
        items = self._tree.args["expressions"]
        return [self.speller.text(node) for node in inside(items) if node.__class__ is exp.Window]

    def _items(self) -> list[str]:
        return [self.speller.text(item) for item in self._tree.args["expressions"]]

    def _used(self) -> list[str]:
        """Every column of FROM that the query needs: a join keeps these, and no others."""
        found = {
            self.speller.text(node)
            for node in inside([self._tree])
            if node.__class__ is exp.Column or node.__class__ is exp.Star
        }
        return sorted(found)

    def _has_inner_queries(self) -> bool:
        where = self._tree.args.get("where")
        asked = [*self._tree.args["expressions"], *([where] if where is not None else [])]
        return any(node.__class__ is exp.Select for node in inside(asked))

    def _is_materialised(self) -> bool:
        """Whether the job keeps the rows it wrote, to tell which of them an update replaces."""
        if self._node["changelog"] == "append":
            return False
        items = _items_of(self._tree)
        named = {self.speller.text(item): item.alias_or_name for item in items}
        called = renamed(self._around, self._tree)
        keys = [called.get(named.get(key, "")) for key in self._keys()] if items else []
        return not keys or set(keys) != set(self._node["key"])

    def _gathered(self, trees: Iterable[exp.Expr]) -> list[exp.Expr]:
        """The aggregate calls in some trees, outermost first, those of OVER left out."""
        found: list[exp.Expr] = []
        for tree in trees:
            self._gather(tree, found)
        return found

    def _gather(self, node: exp.Expr, found: list[exp.Expr]) -> None:
        if node.__class__ is exp.Window or node.__class__ is exp.Select:
            return
        if self._is_aggregate(node):
            found.append(node)
            return
        for child in node.iter_expressions():
            self._gather(child, found)

    def _is_aggregate(self, node: exp.Expr) -> bool:
        call = node.args["this"] if node.__class__ is exp.Filter else node
        return (
            call.__class__ is exp.Anonymous and str(call.args["this"]).upper() in self._aggregates
        )


def _type(column: Node) -> str:
    return f"{column['type']}{'' if column['nullable'] else ' NOT NULL'}"


def _items_of(tree: exp.Expr) -> list[exp.Expr]:
    return list(tree.args.get("expressions") or ()) if tree.__class__ is exp.Select else []
