"""A plan for a comment of a pull request: nothing in it can act."""

from __future__ import annotations

from collections.abc import Iterator

from cdk_stream.report.inert import code, inert
from cdk_stream.report.plan_words import difference, headline, origin, set_aside, way_out
from cdk_stream.results.plan import Plan, Step

_LIMIT = 60_000
_MOST = 6


def render(plan: Plan, *, colour: bool = False) -> str:
    """A table of what happens, what it may cost, and what is set aside; at most 60,000 bytes."""
    lines: list[str] = []
    size = 0
    rows = list(_lines(plan))
    for number, line in enumerate(rows):
        size += len(line.encode()) + 1
        if size > _LIMIT:
            lines += ["", f"... and {len(rows) - number} more lines"]
            break
        lines.append(line)
    return "\n".join(lines) + "\n"


def _lines(plan: Plan) -> Iterator[str]:
    yield f"### Plan for {code(plan.environment)}: {headline(plan)}"
    yield ""
    yield f"{inert(origin(plan))}, digest `{plan.digest}`"
    aside = set_aside(plan)
    if aside:
        yield ""
        yield "Set aside until somebody decides:"
        yield ""
        for step in aside:
            way = code(way_out(step))
            yield f"- {step.action} {code(step.id)}: {inert(step.why)} ({way})"
    if not plan.writes:
        return
    yield ""
    yield "| wave | step | resource | why | may cost |"
    yield "|---|---|---|---|---|"
    for number, wave in enumerate(plan.waves(), 1):
        for step in wave:
            yield f"| {number} | {step.action} | {code(step.id)} | {_why(step)} | {_costs(step)} |"


def _why(step: Step) -> str:
    told = [inert(step.why), *(inert(difference(one)) for one in step.differences[:_MOST])]
    if len(step.differences) > _MOST:
        told.append(f"and {len(step.differences) - _MOST} more")
    return "<br>".join(one for one in told if one)


def _costs(step: Step) -> str:
    dangers = (f"**{danger.replace('_', ' ')}**: {inert(why)}" for danger, why in step.dangers)
    return "<br>".join(dangers)
