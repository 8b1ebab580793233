"""Freezes, broken glass, and approvals that outlive a push."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from cdk_stream.testing.forge import FakePullRequest
from tests.core.review.conftest import BROKEN_MODEL, PROJECT, World, owners

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
