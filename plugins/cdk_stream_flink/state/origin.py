"""What each column of an operator is made of, spelled from the sources' columns on.

Operators that only pass, pick, compute or spread rows vanish in the spelling, so that it is the
same however the planner arranges them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from cdk_stream_flink.state.plan import Json, PlanNode, row_columns

WATERMARK = "watermark of "
_PASSING = frozenset({"exchange", "drop-update-before", "watermark-assigner"})


@dataclass(slots=True)
class Flow:
    """The rows at one point of a plan."""

    columns: list[str]
    """The spelling of each column."""
    conditions: frozenset[str] = field(default_factory=frozenset)
    """What was asked of the rows on the way, and the sources and watermarks they come by."""


def flow(node: PlanNode, inputs: Sequence[Flow]) -> Flow:
    """The rows that a stateless operator gives, from the rows it takes."""
    if node.kind == "calc":
        return _calc(node.body, inputs[0])
    if node.kind == "watermark-assigner":
        return _watermark(node.body, inputs[0])
    if node.kind in _PASSING:
        return inputs[0]
    if node.kind == "table-source-scan":
        return _scan(node)
    if node.kind == "union":
        return _union(inputs)
    return _other(node, inputs)


def _calc(body: Json, rows: Flow) -> Flow:
    columns = [spell(item, rows.columns) for item in body["projection"]]
    condition = body.get("condition")
    if condition is None:
        return Flow(columns, rows.conditions)
    asked = {f"where {text}" for text in _conjuncts(condition, rows.columns)}
    return Flow(columns, rows.conditions | asked)


def _conjuncts(condition: Json, columns: Sequence[str]) -> list[str]:
    if condition.get("internalName") == "$AND$1":
        return [text for part in condition["operands"] for text in _conjuncts(part, columns)]
    return [spell(condition, columns)]


def _watermark(body: Json, rows: Flow) -> Flow:
    time = rows.columns[body["rowtimeFieldIndex"]]
    mark = f"{WATERMARK}{time}: {spell(body['watermarkExpr'], rows.columns)}"
    return Flow(rows.columns, rows.conditions | {mark})


def _scan(node: PlanNode) -> Flow:
    table = node.body["scanTableSource"]
    name = str(table["table"]["identifier"]).rpartition(".")[2].strip("`")
    columns = [f"{name}.{column}" for column, _ in node.columns]
    asked = {f"rows of {name}"}
    for ability in table.get("abilities", ()):
        asked.add(_ability(name, ability, columns))
    return Flow(columns, frozenset(asked))


def _ability(name: str, ability: Json, columns: list[str]) -> str:
    """What the planner leaves to the source itself."""
    if ability.get("type") == "WatermarkPushDown":
        known = [f"{name}.{field}" for field, _ in row_columns(ability.get("producedType"))]
        mark = spell(ability["watermarkExpr"], known or columns)
        return f"{WATERMARK}{spell(ability['rowtimeExpr'], known or columns)}: {mark}"
    return f"{name} itself does {plain(ability)}"


def _union(inputs: Sequence[Flow]) -> Flow:
    columns = [" | ".join(parts) for parts in zip(*(one.columns for one in inputs), strict=True)]
    asked = frozenset(
        f"part {number}: {text}"
        for number, one in enumerate(inputs, 1)
        for text in [*one.conditions, f"gives {', '.join(one.columns)}"]
    )
    return Flow(columns, asked)


def _other(node: PlanNode, inputs: Sequence[Flow]) -> Flow:
    """An operator without a rule of its own: all it takes and says goes into the spelling."""
    told = plain(spec(node.body))
    taken = "; ".join(", ".join(one.columns) for one in inputs)
    asked = frozenset().union(*(one.conditions for one in inputs))
    made = f"{node.kind} of {taken}: {told}"
    columns = [f"{node.kind}#{index}" for index in range(len(node.columns))]
    return Flow(columns, asked | {made})


# These say what a thing is called, not what it does, or follow from what else is compared.
_NAMES = frozenset({"name", "fieldName", "alias", "comment"})
_APART = frozenset(
    ("id", "type", "description", "outputType", "inputProperties", "namedWindowProperties", "state")
) | {"generateUpdateBefore", "localAggInputRowType", "inputChangelogMode", "dynamicTableSink"}


def spec(body: Json) -> Json:
    """What an operator does, without ids, names and the columns it gives."""
    found: Json = {
        key: _nameless(value)
        for key, value in body.items()
        if key not in _APART and value is not None
    }
    return found


def _nameless(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {
            key: _nameless(inner)
            for key, inner in value.items()
            if key not in _NAMES and inner is not None
        }
    return [_nameless(item) for item in value] if isinstance(value, list) else value


def plain(value: Any) -> str:
    """One line of JSON, the same for equal values."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()


def spell(expression: Any, columns: Sequence[str]) -> str:
    """An expression of the plan over `columns`: `=(payments.status, 1)`."""
    if not isinstance(expression, Mapping):
        return plain(expression)
    kind = expression.get("kind")
    if kind == "INPUT_REF":
        return columns[expression["inputIndex"]]
    if kind == "LITERAL":
        return f"{plain(expression.get('value'))}:{type_text(expression.get('type'))}"
    if kind == "CALL" and _is_usual(expression):
        name, _, version = str(expression["internalName"]).rpartition("$")
        name = name.removeprefix("$") + ("" if version == "1" else f"@{version}")
        inner = ", ".join(spell(item, columns) for item in expression.get("operands", ()))
        cast = f" as {type_text(expression.get('type'))}" if "CAST" in name else ""
        return f"{name}({inner}{cast})"
    return plain(_bound(expression, columns))


def _is_usual(call: Mapping[str, Any]) -> bool:
    known = {"kind", "syntax", "internalName", "operands", "type"}
    return str(call.get("internalName", "")).count("$") >= 2 and call.keys() <= known


def _bound(value: Any, columns: Sequence[str]) -> Any:
    """Any other expression as the plan has it, its columns spelled out."""
    if isinstance(value, Mapping):
        if value.get("kind") == "INPUT_REF":
            return columns[value["inputIndex"]]
        return {key: _bound(inner, columns) for key, inner in value.items()}
    return [_bound(item, columns) for item in value] if isinstance(value, list) else value


def type_text(type_: Any) -> str:
    """A type on one line, whichever way the plan spells it."""
    if isinstance(type_, Mapping):
        words = [str(type_.get("type", "ROW" if "fields" in type_ else "?"))]
        rest = {key: value for key, value in type_.items() if key not in ("type", "nullable")}
        if rest:
            words.append(plain(rest))
        if type_.get("nullable") is False:
            words.append("NOT NULL")
        return " ".join(words)
    return str(type_)
