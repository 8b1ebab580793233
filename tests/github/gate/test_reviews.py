"""Reviews that must not count, and owners who cannot be known."""

from __future__ import annotations

import json

import pytest

from tests.core.review.conftest import MODEL
from tests.github.gate.conftest import BOT, BROKEN, PEOPLE_ONLY, Gate

WITH_TEAM = PEOPLE_ONLY.replace('"@bea"', '"@acme/billing"')


def test_an_approval_of_an_older_commit_is_stale(gate: Gate) -> None:
    pull = gate.open(BROKEN)
    gate.approve(pull, "ana", "bea")
    gate.github.world.add(pull, {"models/paid.yml": MODEL.replace("id, amount, note", "id")})
    gate.about(pull)
    assert gate.state(pull) == "pending"
    assert "bea" in gate.comments()[0]


@pytest.mark.parametrize("last", ["CHANGES_REQUESTED", "DISMISSED"])
def test_the_last_word_of_a_reviewer_counts(gate: Gate, last: str) -> None:
    pull = gate.open(BROKEN)
    gate.approve(pull, "ana", "bea")
    gate.github.world.review(pull, "bea", last)
    gate.about(pull)
    assert gate.state(pull) in ("pending", "failure")


def test_a_remark_after_an_approval_takes_nothing_back(gate: Gate) -> None:
    pull = gate.open(BROKEN)
    gate.approve(pull, "ana", "bea")
    gate.github.world.review(pull, "bea", "COMMENTED")
    gate.about(pull)
    assert gate.state(pull) == "success"


@pytest.mark.parametrize("how", ["author", "co-author", "committer"])
def test_whoever_wrote_a_commit_of_it_does_not_approve_it(gate: Gate, how: str) -> None:
    world = gate.github.world
    pull = gate.open(BROKEN)
    if how == "author":
        world.add(pull, {"x.md": "1"}, "bea")
    elif how == "co-author":
        address = world.address("bea").replace("bea <", "B <")
        world.add(pull, {"x.md": "1"}, "ann", f"X\n\nCo-authored-by: {address}")
    else:
        commit = world.git.commit(
            {"x.md": "1"}, (pull.head,), "X", world.address("ann"), world.address("bea")
        )
        world.move(pull, commit)
    gate.approve(pull, "ana", "bea")
    run = gate.about(pull)
    assert json.loads(run.outputs["missing-owners"]) == ["team-billing"]


def test_an_owner_does_not_approve_their_own(gate: Gate) -> None:
    pull = gate.open(BROKEN, "bea")
    gate.approve(pull, "ana", "bea")
    gate.about(pull)
    assert gate.state(pull) in ("pending", "error")  # nobody else is of the owner


def test_a_review_of_a_deleted_account_counts_for_nobody(gate: Gate) -> None:
    pull = gate.open(BROKEN)
    gate.approve(pull, "ana")
    gate.github.world.review(pull, None, "APPROVED")
    gate.about(pull)
    assert gate.state(pull) == "pending"


def test_a_bot_approves_nothing(gate: Gate) -> None:
    gate.push_main({"stream_project.yml": PEOPLE_ONLY.replace('"@bea"', f'"@bea", "@{BOT}"')})
    pull = gate.open(BROKEN)
    gate.approve(pull, "ana", BOT)
    gate.about(pull)
    assert gate.state(pull) != "success"


@pytest.mark.parametrize("permission", ["read", "triage", "none"])
def test_an_owner_who_may_not_write_does_not_count(gate: Gate, permission: str) -> None:
    gate.github.world.people["bea"].permission = permission
    pull = gate.open(BROKEN)
    gate.approve(pull, "ana", "bea")
    gate.about(pull)
    assert gate.state(pull) in ("pending", "error")  # nobody else is of the owner


def test_reviews_that_cannot_all_be_read_are_an_error(gate: Gate) -> None:
    pull = gate.open(BROKEN)
    gate.approve(pull, "ana", "bea", *["tom"] * 99)
    gate.github.faults.plan("GET", "/reviews", *[422] * 9, page=2)
    run = gate.about(pull)
    assert (run.code, gate.state(pull)) == (1, "error")


@pytest.fixture
def team(gate: Gate) -> dict[str, str]:
    """team-billing is a team now."""
    gate.push_main({"stream_project.yml": WITH_TEAM})
    gate.github.world.teams["billing"] = {"bea": "active"}
    return gate.github.world.teams["billing"]


def test_a_member_of_the_team_approves_for_it(gate: Gate, team: dict[str, str]) -> None:
    pull = gate.open(BROKEN)
    gate.about(pull, "ghs_app")
    assert pull.teams == ["billing"]
    gate.approve(pull, "ana", "bea")
    gate.about(pull, "ghs_app")
    assert gate.state(pull) == "success"


def test_who_left_the_team_counts_neither_now_nor_at_the_deploy(
    gate: Gate, team: dict[str, str]
) -> None:
    pull = gate.open(BROKEN)
    gate.approve(pull, "ana", "bea")
    gate.about(pull, "ghs_app")
    assert gate.state(pull) == "success"
    commit = gate.github.world.merge(pull)
    assert gate.proved(commit, "ghs_app")
    del team["bea"]
    assert not gate.proved(commit, "ghs_app")


def test_who_has_not_joined_yet_does_not_count(gate: Gate, team: dict[str, str]) -> None:
    team["bea"] = "pending"
    pull = gate.open(BROKEN)
    gate.approve(pull, "ana", "bea")
    gate.about(pull, "ghs_app")
    assert gate.state(pull) == "pending"


def test_a_team_that_is_gone_is_an_error(gate: Gate, team: dict[str, str]) -> None:
    del gate.github.world.teams["billing"]
    pull = gate.open(BROKEN)
    gate.approve(pull, "ana", "bea")
    run = gate.about(pull, "ghs_app")
    assert gate.state(pull) in ("error", "pending") and "acme/billing" in run.out


def test_a_token_that_reads_no_teams_says_which_one_does(gate: Gate, team: dict[str, str]) -> None:
    pull = gate.open(BROKEN)
    gate.approve(pull, "ana", "bea")
    run = gate.about(pull)
    assert gate.state(pull) != "success"
    assert "members: read" in run.out and "GitHub App" in run.out


def test_a_reviewer_who_cannot_be_asked_changes_no_gate(gate: Gate) -> None:
    gate.github.faults.plan("POST", "/requested_reviewers", *[422] * 9)
    pull = gate.open(BROKEN)
    run = gate.about(pull)
    assert (run.code, gate.state(pull)) == (0, "pending")
    assert "could not be asked" in run.out
    gate.approve(pull, "ana", "bea")
    gate.about(pull)
    assert gate.state(pull) == "success"
