"""A compiled plan -> the signature of its job: what it keeps, and what that means."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Any

from cdk_stream_flink.state.layout import TIMELESS, is_stateful, layout
from cdk_stream_flink.state.origin import WATERMARK, Flow, flow, plain, spec
from cdk_stream_flink.state.plan import NoPlan, Plan, PlanNode


@dataclass(frozen=True, slots=True)
class Operator:
    """An operator that keeps state; nothing in it depends on names or ids that the author or the
    planner happened to choose, except `says`."""

    kind: str
    says: str
    """The planner's description, for people; it is not compared."""
    place: str
    """Digest of its turn and of what lies before it: Flink finds state again by these."""
    layout: tuple[str, ...]
    """What it keeps, field by field."""
    is_known: bool
    """Whether `layout` says all; else the same layout may still not restore."""
    does: dict[str, Any]
    """What it does with the rows, as the plan says it."""
    ttl: tuple[int, ...]
    """For how many milliseconds each of its states is kept; 0 for ever."""
    reads: tuple[tuple[str, ...], ...]
    """For each input, what its columns are made of, then what was asked of its rows."""


@dataclass(frozen=True, slots=True)
class Signature:
    """What one version of a job remembers."""

    flink: str
    """`2.3`, the version of the planner."""
    operators: tuple[Operator, ...] = field(default=())


def signature(plan: Plan) -> Signature:
    """The signature of a plan; raises `NoPlan` when it does not say what it must."""
    try:
        return _signature(plan)
    except (KeyError, IndexError, TypeError, ValueError) as error:
        raise NoPlan(f"it does not say what it must: {error!r}") from error


def _signature(plan: Plan) -> Signature:
    flows: dict[int, Flow] = {}
    shapes: dict[int, str] = {}
    operators: list[Operator] = []
    for node in plan.nodes:
        inputs = [flows[id(source)] for source in node.inputs]
        shape = shapes[id(node)] = _shape(node, [shapes[id(source)] for source in node.inputs])
        if is_stateful(node):
            name = f"operator {len(operators) + 1}"
            operators.append(_operator(node, inputs, shape))
            count = len(node.columns)
            flows[id(node)] = Flow([f"{name}.{index}" for index in range(count)])
        elif node.kind != "sink":
            flows[id(node)] = flow(node, inputs)
    return Signature(plan.flink, tuple(operators))


def _operator(node: PlanNode, inputs: list[Flow], shape: str) -> Operator:
    kept = layout(node)
    is_timeless = node.kind in TIMELESS
    reads = tuple((", ".join(rows.columns), *_asked(rows, is_timeless)) for rows in inputs)
    return Operator(
        kind=node.kind,
        says=node.says,
        place=shape,
        layout=kept.fields,
        is_known=kept.is_known,
        does=spec(node.body),
        ttl=_ttl(node),
        reads=reads,
    )


def _ttl(node: PlanNode) -> tuple[int, ...]:
    kept = sorted(node.body.get("state", ()), key=lambda state: int(state["index"]))
    return tuple(_milliseconds(state["ttl"]) for state in kept)


_UNITS = {"ms": 1, "s": 1000, "min": 60_000, "h": 3_600_000, "d": 86_400_000}


def _milliseconds(ttl: str) -> int:
    number, unit = ttl.split(" ")
    return int(number) * _UNITS[unit]


def _asked(rows: Flow, is_timeless: bool) -> list[str]:
    return sorted(
        text for text in rows.conditions if not (is_timeless and text.startswith(WATERMARK))
    )


def _shape(node: PlanNode, inputs: list[str]) -> str:
    """What Flink makes an operator's id of: its turn, what is before it, and what is chained to it.

    Not of what it does: another operator in the same place is given the old one's state.
    """
    if node.place < 0:
        return plain([node.kind, *inputs])
    told = plain([node.place, node.chained, inputs])
    return hashlib.sha256(told.encode()).hexdigest()[:16]
