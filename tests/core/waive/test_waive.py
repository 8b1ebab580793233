"""Which findings waivers let pass, and which waivers are refused themselves."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from cdk_stream.problems import Severity
from cdk_stream.resources.project import WaiverLimits
from cdk_stream.resources.waiver import Waiver
from cdk_stream.results.decision import Decision
from cdk_stream.results.waiver import Waiving
from cdk_stream.stages.waive import Measure, waive

MEASURE = Measure(
    date(2026, 6, 1),
    WaiverLimits(max_days=90, max_nodes=2),
    ("source.orders", "model.paid", "model.paid_late", "model.paid_twice", "exposure.app"),
    ("team-a",),
    ("classification", "residency"),
)
FOUND = Decision("classification", "deny", "not classified", "model.paid", "id", columns=("id",))


def waiver(**changes: Any) -> Waiver:
    written = {
        "id": "W1",
        "policy": "classification",
        "node": "model.paid",
        "reason": "soon",
        "owner": "team-a",
        "expires": "2026-07-01",
    }
    return Waiver(**(written | changes))


def judge(*waivers: Waiver, found: Decision = FOUND) -> Waiving:
    return waive([found], waivers, waivers, (), MEASURE)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"expires": "2026-06-01"},
        {"node": "model.pai?"},
        {"column": "id"},
        {"expires": "2026-08-30"},
    ],
)
def test_lets_pass(changes: dict[str, Any]) -> None:
    found = judge(waiver(**changes))
    assert found.decisions == ()
    assert [(one.waiver, one.decision) for one in found.waived] == [("W1", FOUND)]
    assert not [one for one in found.told if one.effect == "deny"]


@pytest.mark.parametrize(
    ("changes", "mend"),
    [
        ({"policy": "residency"}, "remove it"),
        ({"policy": "clasification"}, "no policy 'clasification' was asked; did you mean"),
        ({"node": "model.payd"}, "there is no node 'model.payd'; did you mean 'model.paid'"),
        ({"node": "source.orders"}, "remove it"),
        ({"node": "project"}, "remove it"),
        ({"column": "name"}, "remove it"),
        ({"node": "model.Paid"}, "there is no node"),
    ],
)
def test_a_waiver_of_something_else_is_a_warning(changes: dict[str, Any], mend: str) -> None:
    found = judge(waiver(**changes))
    assert found.decisions == (FOUND,)
    (told,) = found.told
    assert (told.effect, told.severity, told.pointer) == ("warn", Severity.WARNING, "/waivers/0/id")
    assert told.remediation.startswith(mend)


@pytest.mark.parametrize(
    ("changes", "key", "message"),
    [
        ({"expires": "2026-05-31"}, "expires", "waiver 'W1' expired 1 day ago"),
        ({"expires": "2026-08-31"}, "expires", "waiver 'W1' lasts 91 days, more than 90"),
        ({"node": "*"}, "node", "waiver 'W1' is too wide: '*'"),
        ({"node": "model.*"}, "node", "waiver 'W1' is too wide: 'model.*'"),
        ({"node": "*.paid"}, "node", "waiver 'W1' is too wide: '*.paid'"),
        ({"node": "model.[a-z]*"}, "node", None),
        ({"node": "model.pa*"}, "node", "waiver 'W1' is too wide: 'model.pa*'"),
        (
            {"node": "model.paid*"},
            "node",
            "waiver 'W1' is too wide: 'model.paid*' stands for 3 nodes",
        ),
        ({"owner": "team-b"}, "owner", "owner 'team-b' of waiver 'W1' is not known"),
    ],
)
def test_a_faulty_waiver_is_a_denial_and_lets_nothing_pass(
    changes: dict[str, Any], key: str, message: str | None
) -> None:
    found = judge(waiver(**changes))
    assert found.decisions == (FOUND,)
    assert found.waived == ()
    (told,) = found.told
    assert (told.effect, told.severity) == ("deny", Severity.ERROR)
    assert told.pointer == f"/waivers/0/{key}"
    assert message in (None, told.message)


def test_an_id_is_written_once() -> None:
    found = judge(waiver(), waiver(node="source.orders"))
    assert [one.message for one in found.told] == ["waiver 'W1' is written twice"]
    assert len(found.waived) == 1


def test_what_ends_soon_is_told() -> None:
    (told,) = judge(waiver(expires="2026-06-08")).told
    assert (told.severity, told.message) == (Severity.NOTE, "waiver 'W1' ends in 7 days")


def test_a_finding_about_the_project_is_waived_by_that_word() -> None:
    whole = Decision("residency", "deny", "cluster 'eu' has no region")
    assert judge(waiver(policy="residency", node="project"), found=whole).decisions == ()


def test_several_columns_need_a_waiver_each() -> None:
    both = replace(FOUND, column="", columns=("id", "name"))
    first, second = waiver(column="id"), waiver(id="W2", column="name", expires="2026-06-20")
    assert judge(first, found=both).decisions == (both,)
    (passing,) = judge(first, second, found=both).waived
    assert (passing.waiver, passing.expires) == ("W1, W2", "2026-06-20")


def test_warnings_can_be_waived_and_approvals_not() -> None:
    assert judge(waiver(), found=replace(FOUND, effect="warn")).decisions == ()
    approval = replace(FOUND, effect="require_approval", approvers=("team-a",))
    assert judge(waiver(), found=approval).decisions == (approval,)


def test_a_new_waiver_is_for_the_owners_of_the_rules() -> None:
    (asked,) = waive([FOUND], [waiver()], [], ("platform",), MEASURE).decisions
    assert (asked.effect, asked.approvers) == ("require_approval", ("platform",))
    assert asked.message == "not classified; to be waived by 'W1' until 2026-07-01"


def test_without_such_owners_it_stays_a_denial() -> None:
    (denied,) = waive([FOUND], [waiver()], [], (), MEASURE).decisions
    assert (denied.effect, denied.message) == ("deny", "not classified")
    assert denied.remediation.startswith("waiver 'W1' is new")


def test_one_that_counts_goes_before_a_new_one() -> None:
    old, new = waiver(id="W2"), waiver()
    (passing,) = waive([FOUND], [new, old], [old], (), MEASURE).waived
    assert passing.waiver == "W2"


def test_a_changed_waiver_is_a_new_one() -> None:
    extended = waiver(expires="2026-07-02")
    (denied,) = waive([FOUND], [extended], [waiver()], (), MEASURE).decisions
    assert denied.effect == "deny"
