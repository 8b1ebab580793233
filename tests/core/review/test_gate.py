"""When votes are not the whole answer: drafts, races, outages, freezes and broken glass."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cdk_stream.problems import Usage
from cdk_stream.results.approval import Approvals
from cdk_stream.testing.forge import FakePullRequest
from cdk_stream.workflow.review import request_reviews, review, set_gate
from tests.core.review.conftest import BROKEN_MODEL, NOW, PROJECT, World, owners

CHANGE = {"models/paid.yml": BROKEN_MODEL}


def ruled(rules: str) -> dict[str, str]:
    """The project file with more under `governance:`."""
    return {
        "stream_project.yml": PROJECT.replace("owners: [platform]", f"owners: [platform]\n{rules}")
    }


def approved(world: World) -> FakePullRequest:
    change = world.open(CHANGE)
    change.review("ana")
    change.review("cem")
    return change


def test_a_draft_waits_and_bothers_nobody(world: World) -> None:
    change = world.open(CHANGE)
    change.change(draft=True)

    reviewed = world.judge(change)

    assert reviewed.approvals.gate.state == "pending"
    assert reviewed.approvals.ask == ()
    assert set(owners(reviewed)) == {"team-billing", "team-shop"}


def test_a_draft_that_is_approved_is_no_success(world: World) -> None:
    change = approved(world)
    change.change(draft=True)

    assert world.gate(change) == ("pending", "it is a draft")


@pytest.mark.parametrize("state", ["closed", "merged"])
def test_what_is_not_open_is_no_success(world: World, state: str) -> None:
    change = approved(world)
    change.change(state=state)

    assert world.gate(change)[0] == "pending"


@pytest.mark.parametrize(
    "moved",
    [{"head": "f" * 40}, {"base_ref": "dev"}, {"draft": True}, {"state": "closed"}],
    ids=["push", "retarget", "draft", "closed"],
)
def test_nothing_succeeds_that_moved_while_it_was_judged(
    world: World, moved: dict[str, object]
) -> None:
    change = approved(world)
    change.on_refresh = replace(change.facts, **moved)  # type: ignore[arg-type]

    reviewed = world.judge(change)

    assert reviewed.approvals.gate.state == "pending"
    assert reviewed.approvals.gate.description.startswith("it changed while it was judged")
    assert reviewed.approvals.ask == ()


def test_an_old_run_does_not_answer_for_a_new_head(world: World) -> None:
    change = world.open(CHANGE)
    old = change.facts.head
    world.push(change, {"docs/x.md": "x"})
    change.review("ana")
    change.review("cem")

    reviewed = review(world.root, world.forge, change, head=old, now=NOW)

    assert reviewed.approvals.gate.state == "pending"


def test_a_run_for_another_base_does_not_answer(world: World) -> None:
    """Retargeted from dev to main between the event and the run."""
    dev = world.commit({"stream_project.yml": PROJECT.replace("@ana", "@eve")})
    change = approved(world)

    reviewed = review(world.root, world.forge, change, base=dev, now=NOW)
    assert reviewed.approvals.gate.state == "pending"

    older = world.main
    world.advance({"docs/x.md": "x"})
    reviewed = review(world.root, world.forge, change, base=older, now=NOW)
    assert reviewed.approvals.gate.state == "success"


def test_each_base_branch_has_a_status_of_its_own(world: World) -> None:
    change = approved(world)
    set_gate(change, world.judge(change), "https://run")
    change.change(base_ref="release/1")
    set_gate(change, world.judge(change), "https://run")

    assert set(change.statuses) == {
        "cdk-stream/approval (main)", "cdk-stream/approval (release/1)",
    }  # fmt: skip


def test_one_commit_in_two_pull_requests_opens_neither(world: World) -> None:
    change = approved(world)
    other = world.forge.open(77, world.main, change.facts.head, "eve")

    assert world.gate(change) == ("pending", "#77 would bring the same commit into main")
    other.change(base_ref="dev")
    assert world.gate(change)[0] == "success"


@pytest.mark.parametrize("question", ["reviews", "contributors", "open_with_head", "refresh"])
def test_a_forge_that_fails_is_no_approval(world: World, question: str) -> None:
    change = approved(world)
    world.forge.broken.add(question)

    assert world.gate(change) == ("error", f"{question} answered 502")


@pytest.mark.parametrize("question", ["permission ana", "is_member acme/billing"])
def test_a_forge_that_fails_about_one_owner_leaves_the_owner_open(
    world: World, question: str
) -> None:
    change = approved(world)
    world.forge.broken.add(question)

    reviewed = world.judge(change)

    assert reviewed.approvals.gate.state == "error"
    assert sorted(owners(reviewed).values()) == ["approved", "unknown"]


def test_a_team_that_is_gone_is_told_before_anybody_votes(world: World) -> None:
    world.forge.teams.clear()
    reviewed = world.judge(world.open(CHANGE))

    assert reviewed.approvals.gate.state == "error"
    assert reviewed.approvals.gate.description == (
        "owner 'team-billing' cannot be resolved: there is no team 'acme/billing'"
    )
    assert "correct the team under `owners:`" in reviewed.approvals.gate.mends


def test_people_who_are_never_able_are_told_before_anybody_votes(world: World) -> None:
    world.forge.permissions.update({"ana": "read", "bo": "none"})

    state, told = world.gate(world.open(CHANGE))

    assert (state, told.startswith("owner 'team-shop' cannot give 1 approval")) == ("error", True)


def test_commits_that_are_not_here_are_the_callers_affair(world: World) -> None:
    change = world.open(CHANGE)
    change.change(head="0" * 39 + "1")
    with pytest.raises(Usage, match="is not here"):
        world.judge(change)


@pytest.mark.parametrize("head", ["main", "--upload-pack=x", "HEAD", "", "A" * 40])
def test_a_head_that_is_no_commit_is_refused(world: World, head: str) -> None:
    change = world.open(CHANGE)
    change.change(head=head)
    with pytest.raises(Usage, match="is no commit"):
        world.judge(change)


def test_a_shallow_clone_cannot_say_who_had_a_hand_in_it(world: World) -> None:
    change = approved(world)
    (world.root / ".git" / "shallow").write_text(f"{world.main}\n")

    state, told = world.gate(change)

    assert (state, told.startswith("the clone is shallow")) == ("error", True)


def test_reviewers_are_asked_once(world: World) -> None:
    change = world.open(CHANGE)
    change.unaskable = {"bo": "is no collaborator"}
    assert request_reviews(change, world.judge(change).approvals) == {"bo": "is no collaborator"}
    assert change.asked == ["acme/billing", "ana"]

    change.review("dee", "COMMENTED")
    change.change(requested=())  # each was asked, and one of the team has said something
    change.review("ana", "COMMENTED")
    reviewed = world.judge(change)
    assert reviewed.approvals.ask == ("bo",)


def test_a_request_that_fails_changes_no_gate(world: World) -> None:
    change = world.open(CHANGE)
    reviewed = world.judge(change)
    world.forge.broken.add("request_reviews")

    assert set(request_reviews(change, reviewed.approvals)) == {"acme/billing", "ana", "bo"}
    assert request_reviews(change, Approvals(reviewed.approvals.gate)) == {}


def test_a_description_is_short_and_on_one_line(world: World) -> None:
    text = PROJECT.replace("team-shop:", f"team-{'x' * 150}:").replace('"@ana", "@bo"', '"@ana"')
    exposures = world.root / "exposures/apps.yml"
    files = {
        "stream_project.yml": text,
        "sources/orders.yml": (world.root / "sources/orders.yml").read_text().replace(
            "team-shop", f"team-{'x' * 150}"),
        "models/paid.yml": (world.root / "models/paid.yml").read_text().replace(
            "team-shop", f"team-{'x' * 150}"),
        "exposures/apps.yml": exposures.read_text().replace("team-shop", f"team-{'x' * 150}"),
    }  # fmt: skip
    world.advance(files)
    changed = files["models/paid.yml"].replace("id, amount, note", "id, amount")
    _, told = world.gate(world.open({"models/paid.yml": changed}))

    assert len(told) == 140
    assert told.endswith("...")
