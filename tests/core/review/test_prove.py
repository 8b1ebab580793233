"""A merged commit proves its approval again, however it was merged; nothing else is believed."""

from __future__ import annotations

import pytest

from cdk_stream.problems import Refused
from cdk_stream.results.evidence import read
from cdk_stream.results.review import Reviewed
from cdk_stream.testing.forge import FakePullRequest
from cdk_stream.workflow.prove import prove, prove_since
from tests.core.review.conftest import BROKEN_MODEL, MODEL, NOW, PROJECT, World

CHANGE = {"models/paid.yml": BROKEN_MODEL}


def approved(world: World, files: dict[str, str] | None = None) -> FakePullRequest:
    change = world.open(files or CHANGE)
    change.review("ana")
    change.review("cem")
    return change


def merge(world: World, change: FakePullRequest, how: str) -> str:
    """Merge as the forge does, and say so."""
    head = change.facts.head
    before = world.main
    if how == "merge":
        world.git("checkout", "--quiet", "--detach", before)
        world.git("merge", "--quiet", "--no-ff", "--no-edit", head, who="zoe")
    elif how == "squash":
        world.git("checkout", "--quiet", "--detach", before)
        world.git("merge", "--quiet", "--squash", head, who="zoe")
        world.git("commit", "--quiet", "--allow-empty", "--message", "squashed", who="zoe")
    else:
        world.git("checkout", "--quiet", "--detach", head)
        world.git("rebase", "--quiet", "--force-rebase", before, who="zoe")
    landed(world, change, world.git("rev-parse", "HEAD"))
    return world.main


def landed(world: World, change: FakePullRequest, commit: str) -> None:
    for one in world.git("rev-list", "--first-parent", commit, f"^{world.main}").split():
        world.forge.brought[one] = [change.facts.number]
    change.change(state="merged", merge_commit=commit)
    world.main = commit


def proved(world: World, commit: str) -> Reviewed:
    return prove(world.root, world.forge, commit, now=NOW)


@pytest.mark.parametrize("how", ["merge", "squash", "rebase"])
def test_what_was_approved_is_proved_however_it_was_merged(world: World, how: str) -> None:
    change = world.open(CHANGE)
    world.push(change, {"docs/x.md": "x"})
    change.review("ana")
    change.review("cem")
    world.advance({"docs/y.md": "y"})

    reviewed = proved(world, merge(world, change, how))

    assert reviewed.approvals.gate.state == "success"
    assert reviewed.subject.merged == world.main


@pytest.mark.parametrize("how", ["merge", "squash", "rebase"])
def test_what_was_not_approved_is_not(world: World, how: str) -> None:
    change = world.open(CHANGE)
    change.review("ana")
    change.statuses["cdk-stream/approval (main)"] = ("success", "forged", "")

    reviewed = proved(world, merge(world, change, how))

    assert reviewed.approvals.gate.state == "pending"
    assert not reviewed.passed


def test_a_commit_in_the_middle_of_a_rebase_is_of_its_pull_request(world: World) -> None:
    change = world.open({"docs/x.md": "x"})
    world.push(change, CHANGE)
    world.advance({"docs/y.md": "y"})
    merge(world, change, "rebase")

    reviewed = proved(world, f"{world.main}~1")

    assert reviewed.subject.number == change.facts.number
    assert not reviewed.passed


def test_a_rebase_is_judged_from_its_first_commit(world: World) -> None:
    """The last commit alone asks nobody."""
    change = world.open(CHANGE)
    world.push(change, {"docs/x.md": "x"})
    world.advance({"docs/y.md": "y"})

    assert not proved(world, merge(world, change, "rebase")).passed


def test_a_squash_of_two_commits_is_judged_from_the_commit_before_it(world: World) -> None:
    world.forge.brought[world.advance(CHANGE)] = [99]
    world.forge.open(99, world.main, world.main).change(state="merged", merge_commit=world.main)
    change = world.open({"docs/x.md": "x"})
    world.push(change, {"docs/y.md": "y"})

    assert proved(world, merge(world, change, "squash")).passed


def test_a_direct_push_is_refused(world: World) -> None:
    commit = world.advance(CHANGE)
    with pytest.raises(Refused, match=r"CS902 no merged pull request brought commit .* directly"):
        proved(world, commit)


def test_a_forge_that_does_not_answer_proves_nothing(world: World) -> None:
    commit = merge(world, approved(world), "squash")
    world.forge.broken.add("merged_as")
    with pytest.raises(Refused, match="CS903 the forge does not say: merged_as answered 502"):
        proved(world, commit)


def test_a_forge_that_names_a_pull_request_of_another_commit_is_not_believed(world: World) -> None:
    merge(world, approved(world), "squash")
    pushed = world.advance({"models/paid.yml": MODEL})
    world.forge.brought[pushed] = [1]
    with pytest.raises(Refused, match="CS902"):
        proved(world, pushed)


def test_an_open_pull_request_with_the_commit_proves_nothing(world: World) -> None:
    change = approved(world)
    commit = merge(world, change, "merge")
    change.change(state="open", merge_commit="")
    with pytest.raises(Refused, match="CS902"):
        proved(world, commit)


def test_a_merge_into_another_branch_proves_nothing_for_this_one(world: World) -> None:
    change = approved(world)
    change.change(base_ref="evil")
    commit = merge(world, change, "merge")
    with pytest.raises(Refused, match="was merged into evil, not into main"):
        prove(world.root, world.forge, commit, "main", now=NOW)


def test_a_merge_that_brings_more_than_was_approved_is_refused(world: World) -> None:
    """An evil merge: its tree is neither side's."""
    change = approved(world)
    world.git("checkout", "--quiet", "--detach", world.main)
    world.git("merge", "--quiet", "--no-ff", "--no-commit", change.facts.head, who="zoe")
    world.write({"models/paid.yml": BROKEN_MODEL.replace("id, amount", "amount")})
    world.git("add", "--all")
    world.git("commit", "--quiet", "--message", "merge", who="zoe")
    landed(world, change, world.git("rev-parse", "HEAD"))

    reviewed = proved(world, world.main)

    assert reviewed.approvals.gate.state == "failure"
    assert "something was changed on the way" in " ".join(reviewed.approvals.gate.reasons)


def test_a_merge_that_differs_in_nothing_that_compiles_is_fine(world: World) -> None:
    change = approved(world)
    world.advance({"docs/y.md": "y"})
    world.git("checkout", "--quiet", "--detach", world.main)
    world.git("merge", "--quiet", "--no-ff", "--no-commit", change.facts.head, who="zoe")
    world.write({"docs/y.md": "z"})
    world.git("add", "--all")
    world.git("commit", "--quiet", "--message", "merge", who="zoe")
    landed(world, change, world.git("rev-parse", "HEAD"))

    assert proved(world, world.main).passed


def test_a_merge_that_slips_a_workflow_in_is_refused(world: World) -> None:
    change = approved(world)
    world.git("checkout", "--quiet", "--detach", world.main)
    world.git("merge", "--quiet", "--no-ff", "--no-commit", change.facts.head, who="zoe")
    world.write({".github/workflows/gate.yml": "on: push"})
    world.git("add", "--all")
    world.git("commit", "--quiet", "--message", "merge", who="zoe")
    landed(world, change, world.git("rev-parse", "HEAD"))

    assert not proved(world, world.main).passed


def test_the_rules_are_those_of_the_branch_before_the_merge(world: World) -> None:
    """The pull request was green; main got another owner before it was merged."""
    change = approved(world)
    world.advance({"stream_project.yml": PROJECT.replace('"@ana", "@bo"', '"@pia"')})

    reviewed = proved(world, merge(world, change, "squash"))

    assert reviewed.approvals.gate.description == "waiting for team-shop"


def test_a_change_of_the_rules_does_not_judge_itself_once_it_is_merged(world: World) -> None:
    mine = PROJECT.replace("owners: [platform]", "owners: [team-shop]")
    change = world.open({"stream_project.yml": mine})
    change.review("ana")

    assert not proved(world, merge(world, change, "squash")).passed


def test_whoever_left_since_does_not_count_at_deployment(world: World) -> None:
    commit = merge(world, approved(world), "merge")
    assert proved(world, commit).passed

    world.forge.teams["acme/billing"].discard("cem")

    assert not proved(world, commit).passed


def test_approvals_after_the_merge_let_it_be_deployed(world: World) -> None:
    change = world.open(CHANGE)
    commit = merge(world, change, "squash")
    assert not proved(world, commit).passed
    change.review("ana")
    change.review("cem")

    assert proved(world, commit).passed


def test_a_squash_of_a_commit_that_main_had_already_is_empty_and_proved(world: World) -> None:
    change = world.open({"docs/x.md": "x"})
    world.advance({"docs/x.md": "x"})

    assert proved(world, merge(world, change, "squash")).passed


def test_every_merge_since_a_deployment_is_proved(world: World) -> None:
    start = world.main
    merge(world, approved(world), "squash")
    merge(world, world.open({"docs/z.md": "z"}), "merge")

    found = prove_since(world.root, world.forge, start, world.main, now=NOW)

    assert [one.subject.number for one in found] == [1, 2]
    assert all(one.passed for one in found)


def test_a_direct_push_between_two_merges_is_found(world: World) -> None:
    start = world.main
    merge(world, approved(world), "squash")
    world.advance({"docs/y.md": "y"})
    merge(world, world.open({"docs/z.md": "z"}), "merge")
    with pytest.raises(Refused, match="it was pushed directly"):
        prove_since(world.root, world.forge, start, world.main, now=NOW)


def test_two_merged_in_a_queue_are_proved_on_each_other(world: World) -> None:
    first, second = approved(world), world.open({"models/more.yml": MODEL.replace("paid", "more")})
    start = world.main
    merge(world, first, "squash")
    merge(world, second, "squash")

    found = prove_since(world.root, world.forge, start, world.main, now=NOW)
    assert [one.passed for one in found] == [True, True]
    assert found[1].subject.base == f"{found[0].subject.merged}"


def test_the_record_of_a_proof_holds_what_it_rests_on(world: World) -> None:
    reviewed = proved(world, merge(world, approved(world), "squash"))

    body = read(reviewed.record.content).body

    assert body["state"] == "success"
    assert body["subject"]["merged"] == world.main
    assert {one["login"] for one in body["approvals"]["standings"][0]["approvals"]} == {"cem"}
    assert set(body["inputs"]) == {
        "governed", "base", "head", "changed_artifacts", "policies", "settings", "owners",
        "governance",
    }  # fmt: skip
    assert len(body["inputs"]["head"]["manifest"]) == 64


def test_the_same_proof_at_the_same_time_is_the_same_record(world: World) -> None:
    commit = merge(world, approved(world), "squash")

    first, second = proved(world, commit), proved(world, commit)

    assert first.record.content == second.record.content
