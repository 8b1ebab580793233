"""A plan for a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from cdk_stream.report.colour import paint
from cdk_stream.report.plain import plain
from cdk_stream.report.plan_words import SIGNS, difference, headline, origin, set_aside, way_out
from cdk_stream.results.plan import Plan, Step

_MOST = 12
"""Of the differences of one step, those that are shown."""


def render(plan: Plan, *, colour: bool = False) -> str:
    """The plan, wave by wave; steps of one wave may run side by side."""
    return "\n".join(_lines(plan, colour)) + "\n"


def _lines(plan: Plan, colour: bool) -> Iterator[str]:
    name = f"project {plain(plan.project)} to '{plain(plan.environment)}'"
    yield paint(f"{name}: {headline(plan)}", "bold", colour)
    yield origin(plan)
    for number, wave in enumerate(plan.waves(), 1):
        yield ""
        beside = f", {len(wave)} side by side" if len(wave) > 1 else ""
        yield f"wave {number}{beside}"
        for step in wave:
            yield from _step(step, colour)
    aside = set_aside(plan)
    if aside:
        yield ""
        yield "set aside"
        for step in aside:
            yield from _step(step, colour)
            yield f"      {way_out(step)}"
    yield ""
    yield f"digest {plan.digest}"


def _step(step: Step, colour: bool) -> Iterator[str]:
    sign, painted = SIGNS[step.action]
    why = f"  {plain(step.why)}" if step.why else ""
    yield f"  {paint(f'{sign} {step.action}', painted, colour)} {plain(step.id)}{why}"
    for one in step.differences[:_MOST]:
        yield f"      {difference(one)}"
    if len(step.differences) > _MOST:
        yield f"      and {len(step.differences) - _MOST} more"
    for danger, why in step.dangers:
        yield f"      {paint(danger.replace('_', ' '), 'red', colour)}: {plain(why)}"
