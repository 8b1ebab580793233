"""Which reviews count, over a real repository."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cdk_stream.plugin.forge import ReviewState
from tests.core.review.conftest import BROKEN_MODEL, PROJECT, World, owners, why_not

CHANGE = {"models/paid.yml": BROKEN_MODEL}


def test_the_owners_of_what_is_hit_are_asked(world: World) -> None:
    reviewed = world.judge(world.open(CHANGE))

    assert owners(reviewed) == {"team-billing": "missing", "team-shop": "missing"}
    assert reviewed.approvals.gate.state == "pending"
    assert reviewed.approvals.gate.description == "waiting for team-billing, team-shop"
    assert reviewed.approvals.ask == ("acme/billing", "ana", "bo")


def test_all_owners_approve(world: World) -> None:
    change = world.open(CHANGE)
    change.review("ana")
    change.review("cem")

    assert world.gate(change) == ("success", "approved by ana, cem")


def test_nothing_hit_is_a_success_that_is_said(world: World) -> None:
    change = world.open({"docs/readme.md": "hello"})

    assert world.gate(change) == ("success", "no exposure is hit, no approval needed")


def test_formatting_alone_asks_nobody(world: World) -> None:
    change = world.open({"models/paid.yml": MODEL_SPACED})

    assert world.gate(change)[0] == "success"


MODEL_SPACED = BROKEN_MODEL.replace(
    "SELECT id, amount FROM", "select  id,\n        amount, note from"
)


def test_an_approval_of_an_older_commit_is_stale(world: World) -> None:
    change = world.open(CHANGE)
    change.review("ana")
    change.review("cem")
    old = change.facts.head
    new = world.push(change, {"docs/x.md": "x"})

    reviewed = world.judge(change)

    assert owners(reviewed) == {"team-billing": "missing", "team-shop": "missing"}
    assert why_not(reviewed, "team-shop") == [f"it is of commit {old[:7]}, not of {new[:7]}"]
    assert "ana's does not count" in " ".join(reviewed.approvals.gate.reasons)


def test_an_abbreviated_commit_of_a_review_is_none(world: World) -> None:
    change = world.open(CHANGE)
    change.review("ana", commit=change.facts.head[:12])
    change.review("cem", commit="")

    assert world.gate(change)[0] == "pending"


@pytest.mark.parametrize(
    ("words", "state"),
    [
        (["APPROVED", "COMMENTED"], "approved"),
        (["APPROVED", "PENDING"], "approved"),
        (["PENDING"], "missing"),
        (["COMMENTED"], "missing"),
        (["APPROVED", "CHANGES_REQUESTED"], "blocked"),
        (["CHANGES_REQUESTED", "COMMENTED"], "blocked"),
        (["CHANGES_REQUESTED", "APPROVED"], "approved"),
        (["APPROVED", "DISMISSED"], "missing"),
        (["APPROVED", "CHANGES_REQUESTED", "DISMISSED"], "missing"),
        (["APPROVED", "DISMISSED", "APPROVED"], "approved"),
    ],
)
def test_the_last_decisive_word_of_a_reviewer_counts(
    world: World, words: list[ReviewState], state: str
) -> None:
    change = world.open(CHANGE)
    change.review("cem")
    for word in words:
        change.review("ana", word)

    assert owners(world.judge(change))["team-shop"] == state


def test_reviews_that_come_in_another_order_are_put_in_time(world: World) -> None:
    change = world.open(CHANGE)
    change.review("ana")
    change.review("ana", "CHANGES_REQUESTED")
    change.given.reverse()

    assert owners(world.judge(change))["team-shop"] == "blocked"


def test_two_reviews_of_one_second_are_told_apart_by_their_ids(world: World) -> None:
    change = world.open(CHANGE)
    first, second = change.review("ana"), change.review("ana", "CHANGES_REQUESTED")
    change.given[:] = [replace(second, submitted=first.submitted), first]

    assert owners(world.judge(change))["team-shop"] == "blocked"


def test_one_who_asks_for_changes_blocks_whoever_else_approves(world: World) -> None:
    change = world.open(CHANGE)
    change.review("cem")
    change.review("bo", "CHANGES_REQUESTED")
    change.review("ana")

    state, told = world.gate(change)

    assert (state, told) == ("failure", "bo asks for changes, for owner 'team-shop'")


def test_a_request_for_changes_of_an_older_commit_still_blocks(world: World) -> None:
    change = world.open(CHANGE)
    change.review("ana", "CHANGES_REQUESTED")
    world.push(change, {"docs/x.md": "x"})
    change.review("bo")
    change.review("cem")

    assert world.gate(change)[0] == "failure"


def test_an_outsider_neither_approves_nor_blocks(world: World) -> None:
    change = world.open(CHANGE)
    change.review("ana")
    change.review("cem")
    change.review("zoe", "CHANGES_REQUESTED")

    reviewed = world.judge(change)

    assert reviewed.approvals.gate.state == "success"
    assert [vote.login for vote in reviewed.approvals.outsiders] == ["zoe"]


def test_the_author_does_not_approve(world: World) -> None:
    change = world.open(CHANGE, author="ana")
    change.review("ana")
    change.review("cem")

    reviewed = world.judge(change)

    assert owners(reviewed)["team-shop"] == "missing"
    assert why_not(reviewed, "team-shop") == ["ana wrote, committed or opened a part of it"]
    assert reviewed.approvals.ask == ("bo",)


def test_whoever_pushed_a_commit_does_not_approve(world: World) -> None:
    change = world.open(CHANGE)
    world.push(change, {"docs/x.md": "x"}, who="ana")
    change.authors.discard("ana")  # the forge could not name the account; the commit does
    change.review("ana")
    change.review("cem")

    assert owners(world.judge(change))["team-shop"] == "missing"


@pytest.mark.parametrize(
    "trailer",
    [
        "Co-authored-by: Ana <1234+Ana@users.noreply.forge.example>",
        "co-AUTHORED-by:   Ana <ana@users.noreply.forge.example>",
        "  Co-authored-by: A <99-ana@users.noreply.gitlab.example>\n\nafter the trailers",
    ],
)
def test_a_co_author_does_not_approve(world: World, trailer: str) -> None:
    change = world.open(CHANGE, message=f"a change\n\n{trailer}")
    change.review("ana")
    change.review("cem")

    assert owners(world.judge(change))["team-shop"] == "missing"


def test_a_committer_who_is_not_the_author_does_not_approve(world: World) -> None:
    change = world.open(CHANGE)
    change.authors.add("Bo")  # as the forge names the committer, in another case
    change.review("bo")
    change.review("cem")

    assert owners(world.judge(change))["team-shop"] == "missing"


def test_whoever_merged_the_base_into_the_branch_had_a_hand_in_it(world: World) -> None:
    change = world.open(CHANGE)
    world.advance({"docs/y.md": "y"})
    world.git("checkout", "--quiet", "--detach", change.facts.head)
    world.git("merge", "--quiet", "--no-edit", world.main, who="bo")
    change.change(head=world.git("rev-parse", "HEAD"))
    change.review("bo")
    change.review("cem")

    assert owners(world.judge(change)) == {"team-billing": "approved", "team-shop": "missing"}


def test_whoever_committed_to_main_alone_had_no_hand_in_it(world: World) -> None:
    world.advance({"docs/y.md": "y"}, who="ana")
    change = world.open(CHANGE)
    change.review("ana")
    change.review("cem")

    assert world.gate(change)[0] == "success"


@pytest.mark.parametrize("login", ["shop[bot]", "shopbot"])
def test_a_bot_counts_only_when_the_base_says_so(world: World, login: str) -> None:
    text = PROJECT.replace('"@bo"]', f'"@bo", "@{login}"]')
    world.forge.permissions[login] = "write"
    world.advance({"stream_project.yml": text})
    change = world.open(CHANGE)
    change.review(login, bot=True)
    change.review("cem")
    assert why_not(world.judge(change), "team-shop") == [f"{login} is a bot"]

    allowed = text.replace(
        "owners: [platform]", f'owners: [platform]\n  approvals: {{ allow_bots: ["{login}"] }}'
    )
    world.advance({"stream_project.yml": allowed})
    assert world.gate(change)[0] == "success"


def test_a_pull_request_does_not_let_its_own_bot_in(world: World) -> None:
    text = PROJECT.replace('"@bo"]', '"@bo", "@shop[bot]"]')
    world.forge.permissions["shop[bot]"] = "admin"
    world.advance({"stream_project.yml": text})
    let_in = text.replace(
        "owners: [platform]", 'owners: [platform]\n  approvals: { allow_bots: ["shop[bot]"] }'
    )
    change = world.open({**CHANGE, "stream_project.yml": let_in})
    change.review("shop[bot]", bot=True)
    change.review("cem")
    change.review("pia")

    assert owners(world.judge(change))["team-shop"] == "missing"


def test_a_deleted_account_counts_for_nobody(world: World) -> None:
    change = world.open(CHANGE)
    change.review(None)
    change.review(None, "CHANGES_REQUESTED")

    assert owners(world.judge(change)) == {"team-billing": "missing", "team-shop": "missing"}


def test_a_deleted_author_leaves_the_votes_as_they_are(world: World) -> None:
    head = world.commit(CHANGE)
    change = world.forge.open(9, world.main, head, None)
    change.review("ana")
    change.review("cem")

    assert world.gate(change)[0] == "success"


def test_logins_differ_in_case_by_accident(world: World) -> None:
    change = world.open(CHANGE)
    change.review("ANA")
    change.review("Cem")

    assert world.gate(change)[0] == "success"


@pytest.mark.parametrize("login", ["\u0430na", "bo\u200b", "\uff41\uff4e\uff41", "an\u0430"])
def test_a_login_that_looks_like_an_owners_is_somebody_else(world: World, login: str) -> None:
    world.forge.permissions[login.casefold()] = "admin"
    change = world.open(CHANGE)
    change.review(login)
    change.review("cem")

    assert owners(world.judge(change))["team-shop"] == "missing"


def test_a_kelvin_sign_is_no_k(world: World) -> None:
    """Its casefold is: the two names would be compared equal."""
    world.advance({"stream_project.yml": PROJECT.replace('"@ana", "@bo"', '"@kim"')})
    world.forge.permissions["kim"] = "write"
    change = world.open(CHANGE)
    change.review("\u212aim")
    change.review("cem")

    assert owners(world.judge(change))["team-shop"] == "missing"


@pytest.mark.parametrize("permission", ["read", "triage", "none"])
def test_whoever_cannot_write_cannot_approve(world: World, permission: str) -> None:
    world.forge.permissions["ana"] = permission  # type: ignore[assignment]
    change = world.open(CHANGE)
    change.review("ana")
    change.review("cem")

    told = f"ana may not write to the repository (permission: {permission})"
    assert why_not(world.judge(change), "team-shop") == [told]


def test_a_member_who_cannot_write_cannot_approve_for_the_team(world: World) -> None:
    change = world.open(CHANGE)
    change.review("ana")
    change.review("rex")

    assert owners(world.judge(change))["team-billing"] == "missing"


def test_whoever_left_the_team_after_approving_does_not_count(world: World) -> None:
    change = world.open(CHANGE)
    change.review("ana")
    change.review("cem")
    assert world.gate(change)[0] == "success"

    world.forge.teams["acme/billing"].discard("cem")

    assert owners(world.judge(change))["team-billing"] == "missing"


def test_one_person_speaks_for_several_owners(world: World) -> None:
    world.forge.teams["acme/billing"].add("ana")
    change = world.open(CHANGE)
    change.review("ana")

    assert world.gate(change) == ("success", "approved by ana")


def test_two_approvals_need_two_people(world: World) -> None:
    text = PROJECT.replace(
        "owners: [platform]", "owners: [platform]\n  approvals: { owners: { team-billing: 2 } }"
    )
    text = text.replace('"@acme/billing"', '"@acme/billing", "@cem", "@CEM"')
    world.advance({"stream_project.yml": text})
    change = world.open(CHANGE)
    change.review("ana")
    change.review("cem")  # as himself and as a member of the team
    change.review("Cem")

    reviewed = world.judge(change)
    assert owners(reviewed)["team-billing"] == "missing"
    assert reviewed.approvals.gate.reasons == ("waiting for owner 'team-billing' (1 of 2)",)

    change.review("dee")
    assert world.gate(change)[0] == "success"


@pytest.mark.parametrize(
    ("rule", "asked"),
    [
        ("min_approvals: 2", {"team-billing": 2, "team-shop": 2}),
        ("categories: { breaking: 2 }", {"team-billing": 2, "team-shop": 2}),
        ("categories: { safe: 2 }", {"team-billing": 1, "team-shop": 1}),
        ("classifications: { confidential: 2 }", {"team-billing": 2, "team-shop": 2}),
        ("classifications: { sensitive: 2 }", {"team-billing": 1, "team-shop": 1}),
        ("owners: { team-shop: 2 }", {"team-billing": 1, "team-shop": 2}),
    ],
)
def test_the_base_says_how_many_must_agree(world: World, rule: str, asked: dict[str, int]) -> None:
    text = PROJECT.replace("owners: [platform]", f"owners: [platform]\n  approvals: {{ {rule} }}")
    world.advance({"stream_project.yml": text})

    reviewed = world.judge(world.open(CHANGE))

    found = {
        one.requirement.owner: one.requirement.min_approvals for one in reviewed.approvals.standings
    }
    assert found == asked


def test_an_optional_owner_is_asked_and_not_waited_for(world: World) -> None:
    text = PROJECT.replace(
        "owners: [platform]", "owners: [platform]\n  approvals: { optional: [team-billing] }"
    )
    world.advance({"stream_project.yml": text})
    change = world.open(CHANGE)
    change.review("ana")

    reviewed = world.judge(change)

    assert reviewed.approvals.gate.state == "success"
    assert reviewed.approvals.ask == ("acme/billing",)


def test_more_approvals_than_there_are_people_are_told(world: World) -> None:
    text = PROJECT.replace(
        "owners: [platform]", "owners: [platform]\n  approvals: { owners: { team-shop: 3 } }"
    )
    world.advance({"stream_project.yml": text})
    change = world.open(CHANGE)
    change.review("cem")

    assert world.gate(change) == ("error", "owner 'team-shop' cannot give 3 approvals")
