"""Wanted, recorded and live -> a plan."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from cdk_stream.plugin.system import Live, System, Wanted
from cdk_stream.results.plan import Danger, Key, Plan, Step
from cdk_stream.results.record import Recorded
from cdk_stream.stages.plan.judge import UNDECIDED, Case, Choices, judge
from cdk_stream.stages.plan.order import Order, kind_ranks, removal_needs, sort

_WAY_BACK: tuple[Danger, str] = (
    "state_drift",
    "what it remembers was written by the newer version, and may not restore",
)


@dataclass(frozen=True, slots=True)
class Question:
    """What a plan is made for."""

    project: str
    environment: str
    commit: str
    deployed: str
    serial: int
    choices: Choices = UNDECIDED
    allow_deletion: tuple[str, ...] = ()
    """What the project itself lets be deleted, beside the choices of this run."""
    purpose: str = ""
    """`rollback` or `destroy`; empty for a deploy."""


def make_plan(
    question: Question,
    wanted: Mapping[Key, Wanted],
    recorded: Mapping[Key, Recorded],
    live: Mapping[Key, Live],
    systems: Sequence[System],
    order: Order,
) -> Plan:
    """What must happen; the same input gives the same plan, with the same digest."""
    by_name = {(system.name, system.cluster): system for system in systems}
    given = question.choices
    choices = replace(given, delete=(*given.delete, *question.allow_deletion))
    steps = {}
    for key in sorted({*wanted, *recorded, *(key for key, one in live.items() if one.ours)}):
        case = Case(key, wanted.get(key), recorded.get(key), live.get(key))
        step = judge(case, by_name[key.system, key.cluster], choices)
        if question.purpose == "rollback" and step.action in ("restart", "replace"):
            step = replace(step, dangers=(*step.dangers, _WAY_BACK))
        steps[step.id] = step
    _connect(steps, recorded, order)
    kinds = kind_ranks(systems)
    places = {
        step.id: (step.action == "delete", kinds.get(step.key.kind, len(kinds)), step.id)
        for step in steps.values()
    }
    return Plan(
        question.project,
        question.environment,
        question.commit,
        question.deployed,
        tuple(sort(steps, places)),
        question.serial,
        _settings(question),
    )


def _settings(question: Question) -> dict[str, Any]:
    """What decides besides the three sides: a deploy of the plan decides the same again."""
    given = question.choices
    settings: dict[str, Any] = {"adopt": sorted(given.adopt), "delete": sorted(given.delete)}
    if question.purpose:
        settings[question.purpose] = True
    return settings


def _connect(steps: dict[str, Step], recorded: Mapping[Key, Recorded], order: Order) -> None:
    """Give every step its needs; a removal that needs a kept one is kept as well."""
    readers: dict[str, list[str]] = defaultdict(list)
    for key, one in recorded.items():
        for need in one.needs:
            readers[need].append(str(key))
    for id_, step in steps.items():
        removal = step.action == "delete"
        needs = removal_needs(step, readers) if removal else order.needs(step.key)
        steps[id_] = replace(step, needs=tuple(need for need in needs if need in steps))
    pending = [step for step in steps.values() if step.action == "delete" and not step.approved]
    while pending:
        kept = pending.pop()
        for step in list(steps.values()):
            if step.action == "delete" and step.approved and kept.id in step.needs:
                why = f"{step.why}; '{kept.id}' is kept, and needs it"
                steps[step.id] = replace(step, approved=False, why=why)
                pending.append(steps[step.id])
