"""A merge group: what its pull requests hit together must have been agreed to as well."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from cdk_stream.plugin.workflow_run import Event
from cdk_stream.results.review import Reviewed
from cdk_stream.workflow.group import judge_group
from tests.core.review.conftest import BROKEN_MODEL, MODEL, World
from tests.core.review.test_overrides import ruled

GLASS = """\
  break_glass: { people: ["@dee"] }
  freeze: [{ name: q, starts: 2026-03-01T00:00, ends: 2026-04-01T00:00 }]"""
LATER = {"models/later.yml": MODEL.replace("paid", "later")}
"""Hits nobody, and waits for the freeze to end."""
CHANGE = {"models/paid.yml": BROKEN_MODEL}


class Run:
    """The commits are all here."""

    def fetch(self, directory: str, commits: Sequence[str]) -> None:
        assert all(commits)


@pytest.fixture
def world(world: World) -> World:
    world.advance(ruled(GLASS))
    return world


def _group(world: World, commit: str, *reviews: Reviewed | None) -> str:
    event = Event("merge_group", commit=commit, base=world.main, base_ref="main")
    return judge_group(world.root, Run(), event, reviews).gate.state  # type: ignore[arg-type]


def test_broken_glass_goes_through_a_queue(world: World) -> None:
    change = world.open(CHANGE)
    change.review("dee", text="break-glass: INC-812")

    assert _group(world, change.facts.head, world.judge(change)) == "success"


def test_glass_is_broken_for_one_change_and_not_for_all_that_go_along(world: World) -> None:
    later = world.open(LATER)
    later.review("dee", text="break-glass: INC-812")
    reviewed = world.judge(later)
    assert reviewed.passed and not reviewed.approvals.standings

    together = world.commit({**LATER, **CHANGE})

    assert _group(world, together, reviewed) == "failure"


def test_a_pull_request_that_could_not_be_judged_holds_the_group(world: World) -> None:
    later = world.open(LATER)

    assert _group(world, later.facts.head, None) == "error"
