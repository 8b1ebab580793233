"""When votes are not the whole answer: drafts, races, outages, freezes and broken glass."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

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


@pytest.mark.parametrize(
    ("window", "now", "held"),
    [
        ("starts: 2026-03-01T00:00, ends: 2026-03-05T00:00", "2026-03-04T12:00", True),
        ("starts: 2026-03-05T00:00, ends: 2026-03-06T00:00", "2026-03-04T12:00", False),
        ("starts: 2026-03-04T12:00, ends: 2026-03-04T13:00", "2026-03-04T13:00", False),
        # noon in London is one o'clock in Berlin
        ("starts: 2026-03-04T13:00, ends: 2026-03-04T14:00, timezone: Europe/Berlin",
         "2026-03-04T12:30", True),
        ("starts: 2026-07-04T13:00, ends: 2026-07-04T14:00, timezone: Europe/Berlin",
         "2026-07-04T12:30", False),
        # Fridays from four o'clock until Monday
        ("starts: 2026-01-02T16:00, ends: 2026-01-05T07:00, repeats: weekly",
         "2026-03-08T23:00", True),
        ("starts: 2026-01-02T16:00, ends: 2026-01-05T07:00, repeats: weekly",
         "2026-03-09T07:00", False),
        ("starts: 2026-01-01T22:00, ends: 2026-01-02T06:00, repeats: daily",
         "2026-03-04T05:59", True),
        ("starts: 2026-01-01T22:00, ends: 2026-01-02T06:00, repeats: daily",
         "2026-03-04T12:00", False),
        ("starts: 2027-01-01T22:00, ends: 2027-01-02T06:00, repeats: daily",
         "2026-03-04T05:59", False),
        ("starts: 2024-12-20T00:00, ends: 2025-01-06T00:00, repeats: yearly",
         "2026-01-03T12:00", True),
        ("starts: 2024-12-20T00:00, ends: 2025-01-06T00:00, repeats: yearly",
         "2026-01-07T12:00", False),
        ("starts: 2026-03-01T00:00, ends: 2026-03-05T00:00, allows: breaking",
         "2026-03-04T12:00", False),
        ("starts: 2026-03-01T00:00, ends: 2026-03-05T00:00, allows: [safe, risky]",
         "2026-03-04T12:00", True),
    ],
)  # fmt: skip
def test_nothing_changes_in_a_freeze(world: World, window: str, now: str, held: bool) -> None:
    world.advance(ruled(f"  freeze: [{{ name: quiet, {window} }}]"))
    change = approved(world)

    state, told = world.gate(change, datetime.fromisoformat(now).replace(tzinfo=UTC))

    assert (state, told.startswith("frozen: 'quiet' until")) == (
        ("pending", True) if held else ("success", False)
    )


def test_a_freeze_does_not_hold_what_changes_nothing(world: World) -> None:
    world.advance(
        ruled("  freeze: [{ name: q, starts: 2026-03-01T00:00, ends: 2026-04-01T00:00 }]")
    )

    assert world.gate(world.open({"docs/x.md": "x"}))[0] == "success"


def test_a_pull_request_does_not_lift_the_freeze_that_it_is_in(world: World) -> None:
    world.advance(
        ruled("  freeze: [{ name: q, starts: 2026-03-01T00:00, ends: 2026-04-01T00:00 }]")
    )
    change = world.open({"stream_project.yml": PROJECT})
    change.review("pia")

    assert world.gate(change)[0] == "pending"


@pytest.mark.parametrize(
    "window",
    [
        "starts: 2026-03-01T00:00, ends: 2026-04-01T00:00, timezone: Mars/Olympus",
        "starts: 2026-03-01T00:00, ends: 2026-04-01T00:00, timezone: ../../etc/passwd",
        "starts: 2026-04-01T00:00, ends: 2026-03-01T00:00",
    ],
)
def test_a_freeze_that_nobody_understands_holds(world: World, window: str) -> None:
    world.advance(ruled(f"  freeze: [{{ name: quiet, {window} }}]"))

    assert world.gate(approved(world))[0] == "error"


GLASS = '  break_glass: { people: ["@dee"] }'


def test_a_named_person_breaks_the_glass_with_a_reason(world: World) -> None:
    world.advance(ruled(GLASS))
    change = world.open(CHANGE)
    change.review("dee", text="Break-Glass:  payments are\ndown ")

    reviewed = world.judge(change)

    assert reviewed.approvals.gate.state == "success"
    assert reviewed.approvals.gate.description == "dee broke the glass: payments are down"
    assert reviewed.approvals.overridden == ("waiting for owner 'team-shop'",)
    glass = reviewed.record.body["approvals"]["broken_glass"]
    assert (glass["login"], glass["reason"]) == ("dee", "payments are down")


@pytest.mark.parametrize(
    ("login", "text", "edited", "why"),
    [
        ("dee", "break-glass:", False, "dee gives no reason"),
        ("dee", "break-glass: now", True, "may have been edited"),
        ("ana", "break-glass: now", False, "is not one of"),
        ("zoe", "break-glass: now", False, "is not one of"),
    ],
)
def test_glass_does_not_break_for_others_or_without_a_reason(
    world: World, login: str, text: str, edited: bool, why: str
) -> None:
    world.advance(ruled(GLASS))
    change = world.open(CHANGE)
    change.review(login, text=text, edited=edited)

    reviewed = world.judge(change)

    assert reviewed.approvals.broken_glass is None
    assert why in " ".join(reviewed.approvals.gate.reasons)


def test_glass_broken_for_an_older_commit_is_whole_again(world: World) -> None:
    world.advance(ruled(GLASS))
    change = world.open(CHANGE)
    change.review("dee", text="break-glass: now")
    world.push(change, {"docs/x.md": "x"})

    assert world.gate(change)[0] == "pending"


def test_nobody_breaks_the_glass_for_a_change_of_his_own(world: World) -> None:
    world.advance(ruled(GLASS))
    change = world.open(CHANGE, author="dee")
    change.review("dee", text="break-glass: now")

    assert world.gate(change)[0] == "pending"


def test_a_pull_request_does_not_name_who_breaks_its_glass(world: World) -> None:
    change = world.open({**CHANGE, **ruled(GLASS)})
    change.review("dee", text="break-glass: now")

    assert world.gate(change)[0] == "pending"


def test_a_breaker_who_asks_for_changes_later_takes_it_back(world: World) -> None:
    world.advance(ruled(GLASS))
    change = world.open(CHANGE)
    change.review("dee", text="break-glass: now")
    change.review("dee", "CHANGES_REQUESTED")

    assert world.gate(change)[0] == "failure"


def test_broken_glass_does_not_let_pass_what_does_not_compile(world: World) -> None:
    world.advance(ruled(GLASS))
    change = world.open({"models/paid.yml": "models: [{"})
    change.review("dee", text="break-glass: now")

    assert world.gate(change)[0] == "failure"


def test_broken_glass_lets_pass_denials_and_freezes(world: World) -> None:
    freeze = "  freeze: [{ name: q, starts: 2026-03-01T00:00, ends: 2026-04-01T00:00 }]"
    world.advance(ruled(f"{GLASS}\n{freeze}"))
    change = world.open(CHANGE)
    change.review("ana", "CHANGES_REQUESTED")
    change.review("dee", text="break-glass: now")

    reviewed = world.judge(change)

    assert reviewed.approvals.gate.state == "success"
    assert [told.split(" ")[0] for told in reviewed.approvals.overridden] == ["ana", "frozen:"]


STICKY = "  approvals: { sticky: impact-digest }"


def test_with_sticky_votes_an_approval_outlives_what_does_not_reach_the_owner(world: World) -> None:
    world.advance(ruled(STICKY))
    change = approved(world)
    world.push(change, {"docs/x.md": "x"})

    reviewed = world.judge(change)

    assert reviewed.approvals.gate.state == "success"
    standing = reviewed.approvals.of("team-shop")
    assert standing is not None
    assert len(standing.approvals[0].held_by) == 64


def test_with_sticky_votes_a_merge_of_main_keeps_them(world: World) -> None:
    world.advance(ruled(STICKY))
    change = approved(world)
    world.advance({"docs/y.md": "y"})
    world.git("checkout", "--quiet", "--detach", change.facts.head)
    world.git("merge", "--quiet", "--no-edit", world.main, who="mia")
    change.change(head=world.git("rev-parse", "HEAD"))

    assert world.gate(change)[0] == "success"


@pytest.mark.parametrize(
    "model",
    [BROKEN_MODEL.replace("id, amount", "id"), BROKEN_MODEL.replace("FROM", ", id AS two FROM")],
)
def test_sticky_votes_fall_with_what_reaches_the_owner(world: World, model: str) -> None:
    world.advance(ruled(STICKY))
    change = approved(world)
    world.push(change, {"models/paid.yml": model})

    assert world.gate(change)[0] == "pending"


def test_sticky_votes_are_the_bases_to_allow(world: World) -> None:
    change = world.open({**CHANGE, **ruled(STICKY)})
    for login in ("ana", "cem", "pia"):
        change.review(login)
    world.push(change, {"docs/x.md": "x"})

    assert world.gate(change)[0] == "pending"


def test_a_sticky_vote_of_whoever_pushed_since_is_gone(world: World) -> None:
    world.advance(ruled(STICKY))
    change = approved(world)
    world.push(change, {"docs/x.md": "x"}, who="ana")

    assert owners(world.judge(change))["team-shop"] == "missing"


def test_a_sticky_vote_for_a_commit_that_is_nowhere_does_not_hold(world: World) -> None:
    world.advance(ruled(STICKY))
    change = world.open(CHANGE)
    change.review("ana", commit="e" * 40)
    change.review("cem")

    assert owners(world.judge(change))["team-shop"] == "missing"


def test_sticky_votes_on_rules_fall_with_the_rules(world: World) -> None:
    world.advance(ruled(STICKY))
    change = world.open({"waivers.yml": "waivers: []\n"})
    change.review("pia")
    world.push(change, {"docs/x.md": "x"})
    assert world.gate(change)[0] == "success"

    world.push(change, {"waivers.yml": "waivers: [] # and more\n"})
    assert world.gate(change)[0] == "pending"
