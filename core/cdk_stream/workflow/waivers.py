"""The waivers of a project, and what they let pass of what its policies found."""

from __future__ import annotations

from datetime import date

from cdk_stream import yaml
from cdk_stream.problems import Problem, Refused
from cdk_stream.resources.parse import parse
from cdk_stream.resources.waiver import Waiver, Waivers
from cdk_stream.results.decision import Ruling
from cdk_stream.results.waiver import Waiving
from cdk_stream.stages.load.loader import Loader
from cdk_stream.stages.waive import Measure, waive
from cdk_stream.tree import WAIVERS_FILE
from cdk_stream.workflow.compile import Compiled


def waived(ruling: Ruling, head: Compiled, judged_by: Compiled, today: date) -> Waiving:
    """What is left of a ruling; raises `Refused` when `waivers.yml` is not one.

    With a base, `judged_by` is that base: only waivers that it has as well count, within the
    limits that it sets, and its owners of the rules agree to new ones.
    """
    waivers = read_waivers(head.loader)
    if not waivers:
        return Waiving(ruling.decisions)
    measure = Measure(
        today,
        judged_by.project.policies.waivers,
        head.compilation.entries.keys(),
        head.project.owners.keys(),
        ruling.policies,
        ruling.unwaivable,
    )
    settled = waivers if judged_by is head else _earlier(judged_by.loader)
    governance = judged_by.project.governance.owners
    return waive(ruling.decisions, waivers, settled, governance, measure)


def _earlier(loader: Loader) -> tuple[Waiver, ...]:
    """Those of a base; a file that was wrong there let nothing pass."""
    try:
        return read_waivers(loader)
    except Refused:
        return ()


def read_waivers(loader: Loader) -> tuple[Waiver, ...]:
    """What `waivers.yml` says; () without one. Raises `Refused` with everything wrong in it."""
    if WAIVERS_FILE not in loader.blobs:
        return ()
    data = yaml.load(loader.content(WAIVERS_FILE), WAIVERS_FILE)
    parsed = parse(Waivers, {} if data is None else data)
    if isinstance(parsed, Waivers):
        return parsed.waivers
    assert isinstance(parsed, list)
    raise Refused(
        Problem(loader.locate(WAIVERS_FILE, one.pointer), one.code, one.message, one.mend)
        for one in parsed
    )
