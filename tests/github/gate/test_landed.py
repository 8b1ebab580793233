"""What was merged is proved again before it is deployed."""

from __future__ import annotations

import pytest

from cdk_stream.problems import Refused
from tests.github.gate.conftest import BROKEN, PEOPLE_ONLY, Gate


@pytest.mark.parametrize("method", ["merge", "squash", "rebase"])
def test_what_was_approved_is_proved_however_it_was_merged(gate: Gate, method: str) -> None:
    pull = gate.open(BROKEN)
    gate.approve(pull, "ana", "bea")
    assert gate.proved(gate.github.world.merge(pull, method))


def test_a_commit_that_was_pushed_directly_has_no_proof(gate: Gate) -> None:
    commit = gate.github.world.push("main", BROKEN, "pia", "Trust me (#101)")
    with pytest.raises(Refused, match="pushed directly"):
        gate.proved(commit)


def test_a_merge_by_an_administrator_without_approval_has_no_proof(gate: Gate) -> None:
    pull = gate.open(BROKEN)
    assert not gate.proved(gate.github.world.merge(pull))


def test_a_pull_request_into_another_branch_proves_nothing_for_this_one(gate: Gate) -> None:
    world = gate.github.world
    loose = PEOPLE_ONLY.replace("levels: {", 'levels: { exposure_approval: "off",')
    world.push("dev", {"stream_project.yml": loose}, start=world.git.resolve("main"))
    pull = gate.open(BROKEN, base_ref="dev")
    commit = world.merge(pull)
    world.git.set_ref("refs/heads/main", commit)
    with pytest.raises(Refused):
        gate.proved(commit)


def test_github_s_failure_is_no_proof(gate: Gate, quick: None) -> None:
    pull = gate.open(BROKEN)
    gate.approve(pull, "ana", "bea")
    commit = gate.github.world.merge(pull)
    gate.github.faults.plan("GET", "/commits/{commit_sha}/pulls", *[502] * 9)
    with pytest.raises(Refused, match="502"):
        gate.proved(commit)
