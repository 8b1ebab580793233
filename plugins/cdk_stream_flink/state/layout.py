"""What an operator keeps, field by field: two that keep the same restore each other's state."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from cdk_stream_flink.state.origin import plain, type_text
from cdk_stream_flink.state.plan import Json, PlanNode, row_columns

STATELESS = frozenset(
    {
        "calc",
        "correlate",
        "drop-update-before",
        "exchange",
        "expand",
        "local-group-aggregate",  # what it holds back goes on before every checkpoint
        "local-window-aggregate",
        "mini-batch-assigner",
        "python-calc",
        "python-correlate",
        "table-source-scan",  # its offsets are the source's affair
        "union",
        "values",
        "watermark-assigner",
        "window-table-function",
    }
)
"""Operators that keep nothing; any other, known here or not, is taken to keep state."""

TIMELESS = frozenset(
    ("changelog-normalize", "global-group-aggregate", "group-aggregate", "join", "sink")
)
"""Operators that no watermark moves to do anything."""

_KEYED_BY_GROUP = frozenset(
    ("group-aggregate", "global-group-aggregate", "incremental-group-aggregate")
) | {"global-window-aggregate", "window-aggregate", "group-window-aggregate"}
_KEEPS_ROWS = (
    frozenset(
        ("changelog-normalize", "deduplicate", "interval-join", "join", "over-aggregate", "rank")
    )
    | {"sink", "temporal-join", "temporal-sort", "sort-limit", "limit", "window-deduplicate"}
    | {
        "window-join",
        "window-rank",
    }
)
# What else decides how these kinds keep their rows, by the names of the plan.
_MANNERS: dict[str, tuple[str, ...]] = {
    "deduplicate": ("keepLastRow", "isRowtime"),
    "join": ("leftUpsertKeys", "rightUpsertKeys"),
    "rank": ("rankStrategy", "rankType"),
    "sort-limit": ("rankStrategy",),
}


_SUMMED_AS = dict.fromkeys(("TINYINT", "SMALLINT", "INT", "BIGINT"), "BIGINT") | dict.fromkeys(
    ("FLOAT", "DOUBLE"), "DOUBLE"
)
"""The type of an average -> the type of the sum that it is made of."""


class Layout(NamedTuple):
    """The fields that an operator keeps, as text; `is_known` is False when that is a guess."""

    fields: tuple[str, ...]
    is_known: bool = True


def is_stateful(node: PlanNode) -> bool:
    """Whether the operator keeps something of the rows it has seen."""
    if node.kind == "sink":
        return bool(node.body.get("requireUpsertMaterialize"))
    return node.kind not in STATELESS


def layout(node: PlanNode) -> Layout:
    """What `node` keeps: the version of the operator first, then keys, rows, and results."""
    first = f"{node.kind} {node.version}"
    if node.kind in _KEYED_BY_GROUP:
        sums, is_known = _accumulators(node)
        return Layout((first, *_group_keys(node), *sums), is_known)
    if node.kind in _KEEPS_ROWS:
        return _rows(node, first)
    return Layout((first, *_keys(node), *_input_rows(node)), False)


def _rows(node: PlanNode, first: str) -> Layout:
    fields = [first, *_keys(node), *_input_rows(node), *_manner(node)]
    is_known = True
    if node.kind == "over-aggregate":
        for group in node.body["overSpec"]["groups"]:
            is_bounded = group["lowerBound"].get("kind") == "BOUNDED_WINDOW"
            calls = group["aggCalls"]
            sums, known = _sums(calls, [is_bounded] * len(calls), node)
            fields += sums
            is_known = is_known and known
    return Layout(tuple(fields), is_known)


def _manner(node: PlanNode) -> Iterator[str]:
    for name in _MANNERS.get(node.kind, ()):
        if name in node.body:
            yield f"{name} {plain(node.body[name])}"
    if node.kind == "join":
        kind = node.body["joinSpec"]["joinType"]
        yield f"left side padded {kind in ('LEFT', 'FULL', 'SEMI', 'ANTI')}"
        yield f"right side padded {kind in ('RIGHT', 'FULL')}"


def _keys(node: PlanNode) -> Iterator[str]:
    """The types that each input is spread by."""
    for source in node.inputs:
        for property_ in source.body.get("inputProperties", ()):
            spread = property_.get("requiredDistribution", {})
            if source.kind == "exchange" and spread.get("type") == "HASH":
                types = [type_text(source.columns[index][1]) for index in spread["keys"]]
                yield f"key {', '.join(types)}"


def _group_keys(node: PlanNode) -> Iterator[str]:
    columns = node.inputs[0].columns
    types = [type_text(columns[index][1]) for index in node.body["grouping"]]
    yield f"key {', '.join(types)}"


def _input_rows(node: PlanNode) -> Iterator[str]:
    for source in node.inputs:
        yield f"row {', '.join(type_text(type_) for _, type_ in source.columns)}"


def _accumulators(node: PlanNode) -> tuple[list[str], bool]:
    calls: list[Json] = node.body["aggCalls"]
    retracting = bool(node.body.get("needRetraction"))
    default = [retracting] * len(calls)
    sums, is_known = _sums(calls, node.body.get("aggCallNeedRetractions", default), node)
    # Whether a group is empty can only be told by counting; COUNT(*) among the calls will do.
    counts = [call for call in calls if _name(call) == "COUNT" and not call.get("argList")]
    if retracting and not counts:
        sums.append("BIGINT")
    return sums, is_known


def _sums(calls: list[Json], retracted: list[bool], node: PlanNode) -> tuple[list[str], bool]:
    fields: list[str] = []
    is_known = True
    for call, is_retracted in zip(calls, retracted, strict=True):
        kept = _kept(_name(call), _nullable(call), is_retracted)
        if kept is None:
            is_known = False
            kept = [f"{_name(call)} of {', '.join(_arguments(call, node))} {is_retracted}"]
        if call.get("distinct"):
            kept = [*kept, f"distinct {', '.join(_arguments(call, node))}"]
        fields += kept
    return fields, is_known


def _name(call: Json) -> str:
    return str(call.get("internalName", "?")).rpartition("$")[0].lstrip("$")


def _arguments(call: Json, node: PlanNode) -> list[str]:
    """The types of what a call takes; its columns' numbers when they are not among the input's."""
    columns = row_columns(node.body.get("localAggInputRowType")) or node.inputs[0].columns
    return [
        type_text(columns[index][1]) if index < len(columns) else str(index)
        for index in call.get("argList", ())
    ]


def _nullable(call: Json) -> str:
    """Running results may be NULL whatever the final one is."""
    return type_text(call.get("type", "?")).removesuffix(" NOT NULL")


def _kept(name: str, type_: str, is_retracted: bool) -> list[str] | None:
    """What a built-in function keeps for one group; None when that is not known."""
    if name == "COUNT":
        return ["BIGINT"]
    if name == "SUM":
        return [type_, "BIGINT"] if is_retracted else [type_]
    if name == "SUM0":
        return [type_]
    if name in ("MIN", "MAX"):
        return [f"{type_} and all others"] if is_retracted else [type_]
    if name == "AVG" and type_ in _SUMMED_AS:
        return [_SUMMED_AS[type_], "BIGINT"]
    return None
