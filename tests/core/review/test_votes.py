"""Which reviews count, over a real repository."""

from __future__ import annotations

from tests.core.review.conftest import BROKEN_MODEL, World, owners

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
