"""What a deploy that was killed may go on with under the approval it had."""

from __future__ import annotations

import pytest

from cdk_stream.deployment.journal import Approved, Progress, approved
from cdk_stream.deployment.permit import permit
from cdk_stream.problems import Refused
from cdk_stream.results.plan import Action, Key, Plan, Step

JOB = Key("flink", "main", "flink_job", "totals")


def _plan(action: Action, was: str = "before", digest: str = "wanted") -> Plan:
    step = Step(JOB, action, "model.totals", "it changed", digest=digest, was=was)
    return Plan("shop", "prod", "c" * 40, "", (step,))


def _going_on(before: Plan, now: Plan, *begun: str) -> Approved:
    progress = Progress({}, approved(before), frozenset(begun))
    return permit(now, before.digest, progress)


def test_the_plan_that_was_approved_is_carried_out() -> None:
    plan = _plan("update")
    assert permit(plan, plan.digest, Progress({})) == approved(plan)


def test_what_is_left_of_an_approved_plan_goes_on() -> None:
    before, now = _plan("replace"), _plan("create", was="")
    assert _going_on(before, now, str(JOB)) == approved(before)


def test_what_was_not_begun_must_be_as_it_was() -> None:
    with pytest.raises(Refused, match="CS833 'main/flink_job/totals' is not as it was"):
        _going_on(_plan("update"), _plan("update", was="another"))


@pytest.mark.parametrize("kind", ["update", "restart"])
def test_to_go_on_ends_nothing_that_was_to_be_kept(kind: Action) -> None:
    """Its state would be lost, which nobody has approved."""
    with pytest.raises(Refused, match="CS833"):
        _going_on(_plan(kind), _plan("replace", was="half"), str(JOB))
