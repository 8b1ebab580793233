"""Whether a plan made now is the one that was approved, or what is left of it."""

from __future__ import annotations

from cdk_stream.deployment.journal import Approved, Progress, approved
from cdk_stream.problems import Location, Problem, Refused
from cdk_stream.results.plan import Plan, Step
from cdk_stream.tree import PROJECT_FILE

_KEEPING = ("update", "restart", "adopt")
"""Whoever approves one of these keeps what the resource holds; to end it is another decision."""
_MEND = "plan again, and have that plan approved"


def permit(plan: Plan, digest: str, progress: Progress, last: str = "") -> Approved:
    """What may be done; `digest` is of the approved plan, or empty where none is needed.

    A deploy that was killed goes on under the same digest: what is left of it must be part of what
    was approved, and what it had not begun must be as it was. `last` is the digest of the plan
    that was carried out last: done twice, it does nothing. Raises `Refused` (CS833).
    """
    if not digest or digest == plan.digest or (digest == last and not plan.writes):
        return approved(plan)
    going = progress.approved
    if going is None or going.plan != digest:
        message = (
            f"the plan is now {plan.digest[:12]}, not {digest[:12]} as it was approved: the "
            "project, the record or a live system changed since"
        )
        raise _refusal(message)
    for step in plan.writes:
        if not _covered(step, going, progress.begun):
            raise _refusal(f"'{step.id}' is not as it was when the plan was approved")
    return going


def _covered(step: Step, going: Approved, begun: frozenset[str]) -> bool:
    """Whether a step is what is left of an approved one."""
    given = going.steps.get(step.id)
    if given is None or given[1] != step.digest:
        return False
    if step.action == "replace" and given[0] in _KEEPING:
        return False
    return step.id in begun or given == [step.action, step.digest, step.was]


def _refusal(message: str) -> Refused:
    return Refused([Problem(Location(PROJECT_FILE), "CS833", message, _MEND)])
