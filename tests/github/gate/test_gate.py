"""From an event to the comment, the requests for review and the status."""

from __future__ import annotations

import json

from tests.github.gate.conftest import BROKEN, CONTEXT, FINE, Gate


def test_nobody_is_hit(gate: Gate) -> None:
    pull = gate.open(FINE)
    run = gate.about(pull)
    assert (run.code, run.decision, gate.state(pull)) == (0, "success", "success")
    assert gate.comments() == []


def test_owners_who_are_hit_are_asked_and_waited_for(gate: Gate) -> None:
    pull = gate.open(BROKEN)
    run = gate.about(pull)
    assert (run.code, gate.state(pull)) == (0, "pending")
    assert json.loads(run.outputs["impacted-exposures"]) == ["invoices", "storefront"]
    assert json.loads(run.outputs["missing-owners"]) == ["team-billing", "team-shop"]
    assert sorted(pull.reviewers) == ["ana", "bea", "bo"]
    (comment,) = gate.comments()
    assert comment.startswith("<!-- cdk-stream:impact v1 project=shop -->")
    assert "team-billing" in run.summary
    status = gate.github.world.last_status(pull.head, CONTEXT)
    assert status and status.url == f"{gate.github.url}/acme/streams/actions/runs/7"


def test_all_owners_agreed(gate: Gate) -> None:
    pull = gate.open(BROKEN)
    gate.about(pull)
    gate.approve(pull, "bea", "ana")
    run = gate.on("workflow_run", {"workflow_run": {"head_sha": pull.head,
                                                    "event": "pull_request_review"}})  # fmt: skip
    assert (run.code, run.decision, gate.state(pull)) == (0, "success", "success")
    assert len(gate.comments()) == 1
    assert json.loads(run.outputs["missing-owners"]) == []


def test_two_heads_that_are_the_same_are_both_judged(gate: Gate) -> None:
    pull, twin = gate.open(FINE), gate.open({"b.md": "x"}, base_ref="main")
    gate.github.world.move(twin, pull.head)
    run = gate.on("workflow_run", {"workflow_run": {"head_sha": pull.head,
                                                    "event": "pull_request_review"}})  # fmt: skip
    assert "would bring the same commit" in run.out
    assert gate.state(pull) == "pending"
