"""Events out of turn, queues and broken glass: none of them ends in a success that nobody gave."""

from __future__ import annotations

import json

import pytest

from tests.core.review.conftest import MODEL, SOURCE
from tests.github.double.world import PullRequest
from tests.github.gate.conftest import BROKEN, CONTEXT, FINE, PEOPLE_ONLY, Gate


def test_a_push_while_it_is_judged_gets_no_success(gate: Gate) -> None:
    pull = gate.open(BROKEN)
    gate.approve(pull, "ana", "bea")
    old = pull.head
    world = gate.github.world
    gate.github.faults.before("GET", "/reviews", lambda: _discard(world.add(pull, {"y.md": "1"})))
    gate.about(pull)
    assert gate.state(pull) == ""
    status = world.last_status(old, CONTEXT)
    assert status is None or status.state != "success"


def test_a_retarget_while_it_is_judged_gets_no_success(gate: Gate) -> None:
    world = gate.github.world
    world.push("dev", FINE, start=world.git.resolve("main"))
    pull = gate.open(FINE)
    gate.github.faults.before("GET", "/reviews", lambda: world.retarget(pull, "dev"))
    gate.about(pull)
    assert "success" not in {status.state for status in world.statuses}


def _discard(_: object) -> None: ...


def test_a_run_again_judges_what_is_there_now(gate: Gate) -> None:
    pull = gate.open(FINE)
    gate.about(pull)
    old = pull.head
    gate.github.world.add(pull, BROKEN)
    payload = {"pull_request": {"number": pull.number, "head": {"sha": old}}}
    gate.on("pull_request_target", payload)
    assert gate.state(pull) == "pending"


def test_a_branch_with_other_rules_has_a_status_of_its_own(gate: Gate) -> None:
    world = gate.github.world
    loose = PEOPLE_ONLY.replace("levels: {", 'levels: { exposure_approval: "off",')
    world.push("dev", {"stream_project.yml": loose}, start=world.git.resolve("main"))
    pull = gate.open(BROKEN, base_ref="dev")
    gate.about(pull)
    assert gate.state(pull, "cdk-stream/approval (dev)") == "success"
    assert gate.state(pull) == ""
    world.retarget(pull, "main")
    gate.about(pull)
    assert gate.state(pull) != "success"


def test_rules_that_came_to_the_branch_since_are_asked(gate: Gate) -> None:
    """GitHub's `base.sha` is that of the last push to the pull request."""
    pull = gate.open(BROKEN)
    gate.push_main({"stream_project.yml": PEOPLE_ONLY.replace('["@bea"]', '["@cem"]')})
    gate.approve(pull, "ana", "bea")
    run = gate.about(pull)
    assert json.loads(run.outputs["missing-owners"]) == ["team-billing"]


def test_a_draft_is_told_and_nobody_asked(gate: Gate) -> None:
    pull = gate.open(BROKEN, draft=True)
    run = gate.about(pull)
    assert (run.code, gate.state(pull)) == (0, "pending")
    assert pull.reviewers == [] and gate.comments()


def test_a_recheck_judges_and_approves_nothing(gate: Gate) -> None:
    pull = gate.open(BROKEN)
    told = {
        "action": "created",
        "issue": {"number": pull.number, "pull_request": {}},
        "comment": {"body": "/cdk-stream recheck", "user": {"login": "bea", "id": 1,
                                                            "type": "User"}},
    }  # fmt: skip
    run = gate.on("issue_comment", told)
    assert (run.code, gate.state(pull)) == (0, "pending")


def test_chatter_costs_nothing(gate: Gate) -> None:
    pull = gate.open(BROKEN)
    told = {
        "action": "created",
        "issue": {"number": pull.number, "pull_request": {}},
        "comment": {"body": "::set-output name=decision::success", "user": None},
    }
    run = gate.on("issue_comment", told)
    assert (run.code, gate.github.asked, gate.state(pull)) == (0, [], "")


@pytest.mark.parametrize("method", ["squash", "merge"])
def test_a_queue_takes_what_is_approved(gate: Gate, method: str) -> None:
    pull, other = gate.open(BROKEN), gate.open(FINE)
    gate.approve(pull, "ana", "bea")
    group = gate.github.world.queue(pull, other, method=method)
    run = gate.on("merge_group", {"merge_group": group})
    status = gate.github.world.last_status(group["head_sha"], CONTEXT)
    assert run.code == 0 and status and status.state == "success", run.out
    assert gate.comments() == [] and pull.reviewers == []


def test_a_queue_refuses_what_is_not(gate: Gate) -> None:
    pull, other = gate.open(FINE), gate.open(BROKEN)
    group = gate.github.world.queue(pull, other)
    run = gate.on("merge_group", {"merge_group": group})
    status = gate.github.world.last_status(group["head_sha"], CONTEXT)
    assert run.code == 1 and status and status.state == "failure"
    assert f"#{other.number} is not approved" in status.description


def test_two_that_are_fine_alone_and_not_together_are_refused(gate: Gate) -> None:
    """One takes a column away that nobody read, the other begins to read it."""
    source = SOURCE.replace("      - { name: note, type: STRING, classification: internal }\n", "")
    gate.push_main(BROKEN)
    reader = {
        "models/notes.yml": MODEL.replace("paid", "notes").replace("id, amount, note", "note")
    }
    pull, other = gate.open({"sources/orders.yml": source}), gate.open(reader)
    for one in (pull, other):
        gate.approve(one, "ana", "bea", "pia")
        gate.about(one)
    assert [gate.state(pull), gate.state(other)] == ["success", "success"]
    group = gate.github.world.queue(pull, other)
    run = gate.on("merge_group", {"merge_group": group})
    status = gate.github.world.last_status(group["head_sha"], CONTEXT)
    assert run.code == 1 and status and status.state == "failure"


@pytest.fixture
def glass(gate: Gate) -> PullRequest:
    """`cem` may break the glass."""
    named = 'owners: [platform]\n  break_glass: { people: ["@cem"] }'
    gate.push_main({"stream_project.yml": PEOPLE_ONLY.replace("owners: [platform]", named)})
    return gate.open(BROKEN)


GLASS = "break-glass: INC-812, payments stand still"


def test_whoever_is_named_for_it_breaks_the_glass(gate: Gate, glass: PullRequest) -> None:
    gate.github.world.review(glass, "cem", "APPROVED", body=GLASS)
    run = gate.about(glass)
    assert gate.state(glass) == "success" and "INC-812" in run.out


def test_a_review_that_may_have_been_edited_breaks_no_glass(gate: Gate, glass: PullRequest) -> None:
    gate.github.world.review(glass, "cem", "APPROVED", body=GLASS)
    gate.github.world.silent.add("graphql")
    gate.about(glass)
    assert gate.state(glass) == "pending"


@pytest.mark.parametrize(
    ("login", "body"),
    [("bo", GLASS), ("cem", "break-glass:"), ("cem", "I break-glass: x"), ("cem", "")],
)
def test_nobody_else_and_no_other_words_break_the_glass(
    gate: Gate, glass: PullRequest, login: str, body: str
) -> None:
    gate.github.world.review(glass, login, "APPROVED", body=body)
    gate.about(glass)
    assert gate.state(glass) == "pending"
