"""What the reports of a plan share: counts, signs, values on one line."""

from __future__ import annotations

from collections import Counter
from typing import Any

import orjson

from cdk_stream.report.plain import plain
from cdk_stream.results.plan import Action, Difference, Plan, Step

SIGNS: dict[Action, tuple[str, str]] = {
    "create": ("+", "green"),
    "update": ("~", "yellow"),
    "restart": ("~", "yellow"),
    "replace": ("±", "red"),
    "delete": ("-", "red"),
    "adopt": ("=", "blue"),
    "drift": ("!", "yellow"),
    "foreign": ("?", "red"),
}
"""Action -> the sign before its line, and the colour of both."""
_LONGEST = 80


def headline(plan: Plan) -> str:
    """`3 to create, 1 to restart, 40 as they are`."""
    counts = Counter(step.action for step in plan.steps if step.approved)
    kept = sum(not step.approved for step in plan.steps)
    told = [
        f"{counts[action]} to {_VERBS.get(action, action)}" for action in SIGNS if counts[action]
    ]
    if kept:
        told.append(f"{kept} kept")
    if counts["nothing"]:
        told.append(f"{counts['nothing']} as wanted")
    return ", ".join(told) or "nothing at all"


_VERBS: dict[Action, str] = {"drift": "put back", "foreign": "decide"}


def origin(plan: Plan) -> str:
    """What is deployed over what."""
    head = f"commit {plan.commit[:7]}" if plan.commit else "the working tree"
    if not plan.serial:
        return f"{head}, the first deploy"
    before = f"commit {plan.deployed[:7]}" if plan.deployed else "a working tree"
    return f"{head} over {before} (record {plan.serial})"


def difference(one: Difference) -> str:
    """`configs.retention.ms: 1000 -> 2000`, a long value cut."""
    return f"{plain(one.field)}: {shown(one.live)} -> {shown(one.wanted)}"


def shown(value: Any) -> str:
    """A value on one line."""
    if value is None:
        return "nothing"
    text = value if isinstance(value, str) else orjson.dumps(value, default=str).decode()
    text = plain(" ".join(text.split()))
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}..."


def set_aside(plan: Plan) -> list[Step]:
    """The steps that are not carried out, though something is to say of them."""
    return [step for step in plan.steps if step.action == "foreign" or not step.approved]


def way_out(step: Step) -> str:
    """What to type for a step that is set aside."""
    return f"--adopt '{step.id}'" if step.action == "foreign" else f"--delete '{step.id}'"
