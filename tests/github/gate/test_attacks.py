"""Ways past the gate, each of which must end without a success; those past the deploy besides."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from cdk_stream.plugin.live import Live
from cdk_stream.problems import Refused
from cdk_stream.workflow.prove import prove
from tests.core.review.conftest import EXPOSURES, MODEL, SOURCE
from tests.github.double.world import PullRequest, Status, Token
from tests.github.gate.conftest import BOT, BROKEN, CONTEXT, FINE, PEOPLE_ONLY, Gate

SIGNAL = {"event": "pull_request_review"}
WITH_TEAM = PEOPLE_ONLY.replace('"@bea"', '"@acme/billing"')


def _proved(gate: Gate, commit: str, token: str = "ghs_actions") -> bool:
    """What a deploy asks before it does anything."""
    git(gate.workspace, "fetch", "--quiet", str(gate.github.world.git.path), "main")
    forge = Live.load(["github"]).open_forge(gate.github.environ(token))
    assert forge
    return prove(gate.workspace, forge, commit, "main").passed


def git(path: Path, *arguments: str) -> str:
    done = subprocess.run(("git", *arguments), cwd=path, check=True, capture_output=True)
    return done.stdout.decode().strip()


def _push_main(gate: Gate, files: dict[str, Any]) -> None:
    gate.github.world.push("main", files, "pia", "Rules")


# -- what the head says of itself ------------------------------------------------------------------


def test_a_policy_that_the_pull_request_weakens_still_judges_it(gate: Gate) -> None:
    loose = PEOPLE_ONLY.replace("levels: {", 'levels: { exposure_approval: "off",')
    pull = gate.open({**BROKEN, "stream_project.yml": loose})
    gate.about(pull)
    assert gate.state(pull) in ("pending", "failure")
    gate.approve(pull, "ana", "bea")
    run = gate.about(pull)
    assert json.loads(run.outputs["missing-owners"]) == ["platform"]
    assert gate.state(pull) != "success"


def test_an_author_who_becomes_an_owner_in_the_same_change_is_none(gate: Gate) -> None:
    mine = PEOPLE_ONLY.replace('["@bea"]', '["@cem"]').replace('["@pia"]', '["@cem"]')
    pull = gate.open({**BROKEN, "stream_project.yml": mine})
    gate.approve(pull, "cem", "ana")
    run = gate.about(pull)
    assert {"platform", "team-billing"} <= set(json.loads(run.outputs["missing-owners"]))
    assert gate.state(pull) == "pending"


def test_an_exposure_that_is_removed_first_still_has_its_owner(gate: Gate) -> None:
    only_shop = (
        EXPOSURES[: EXPOSURES.index("  - name: invoices")]
        + EXPOSURES[EXPOSURES.index("  - name: storefront") :]
    )
    pull = gate.open({**BROKEN, "exposures/apps.yml": only_shop})
    gate.approve(pull, "ana")
    run = gate.about(pull)
    assert json.loads(run.outputs["missing-owners"]) == ["team-billing"]


def test_a_workflow_of_the_pull_request_is_a_file_that_its_owners_must_see(gate: Gate) -> None:
    pull = gate.open({".github/workflows/gate.yml": "on: push\njobs: {}\n"})
    run = gate.about(pull)
    assert json.loads(run.outputs["missing-owners"]) == ["platform"]
    assert gate.state(pull) == "pending"


def test_a_python_file_of_the_pull_request_is_never_run(gate: Gate, tmp_path: Path) -> None:
    ran = tmp_path / "ran"
    code = f"open({str(ran)!r}, 'w').close()\n"
    names = ("sitecustomize.py", "usercustomize.py", "conftest.py", "cdk_stream.py", "yaml.py",
             "cdk_stream_github/__init__.py", "x.pth")  # fmt: skip
    pull = gate.open({name: code for name in names})
    for name in names:  # even where somebody had checked it out
        target = gate.workspace / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(code, encoding="utf-8")
    gate.about(pull)
    assert gate.state(pull) == "success" and not ran.exists()


def test_filters_and_hooks_of_the_pull_request_are_never_run(gate: Gate, tmp_path: Path) -> None:
    ran = tmp_path / "ran"
    git(gate.workspace, "config", "filter.evil.smudge", f"touch {ran}")
    git(gate.workspace, "config", "filter.evil.textconv", f"touch {ran}")
    git(gate.workspace, "config", "diff.evil.textconv", f"touch {ran}")
    git(gate.workspace, "config", "merge.evil.driver", f"touch {ran}")
    pull = gate.open({**BROKEN, ".gitattributes": "* filter=evil diff=evil merge=evil\n"})
    _push_main(gate, {"notes/main.md": "so that there is something to merge"})
    gate.about(pull)
    assert gate.state(pull) == "pending" and not ran.exists()


def test_nothing_of_the_head_is_checked_out(gate: Gate) -> None:
    pull = gate.open(BROKEN)
    gate.about(pull)
    assert git(gate.workspace, "status", "--porcelain") == ""
    assert "note" in (gate.workspace / "models" / "paid.yml").read_text(encoding="utf-8")


def test_one_edit_among_thousands_of_files_is_found(gate: Gate) -> None:
    """GitHub lists 3,000 files of a pull request; Git lists all."""
    many = {f"notes/{number:04}.md": "" for number in range(3_100)}
    pull = gate.open(many)
    gate.github.world.add(pull, BROKEN, "ann")
    gate.about(pull)
    assert gate.state(pull) == "pending"


def test_a_plugin_that_the_head_names_is_not_imported(gate: Gate) -> None:
    pull = gate.open({"stream_project.yml": PEOPLE_ONLY + "plugins: [evil]\n"})
    gate.about(pull)
    assert gate.state(pull) != "success"


# -- reviews ---------------------------------------------------------------------------------------


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
    _push_main(gate, {"stream_project.yml": PEOPLE_ONLY.replace('"@bea"', f'"@bea", "@{BOT}"')})
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


# -- owners ----------------------------------------------------------------------------------------


@pytest.fixture
def team(gate: Gate) -> dict[str, str]:
    """team-billing is a team now."""
    _push_main(gate, {"stream_project.yml": WITH_TEAM})
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
    assert _proved(gate, commit, "ghs_app")
    del team["bea"]
    assert not _proved(gate, commit, "ghs_app")


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


# -- events and races ------------------------------------------------------------------------------


def test_a_push_while_it_is_judged_gets_no_success(gate: Gate) -> None:
    pull = gate.open(BROKEN)
    gate.approve(pull, "ana", "bea")
    old = pull.head
    world = gate.github.world
    gate.github.faults.before("GET", "/reviews", lambda: _discard(world.add(pull, {"y.md": "1"})))
    gate.about(pull)
    assert gate.state(pull) == ""
    status = world.last_status(old, CONTEXT)
    assert status is None or status.state != "success"


def test_a_retarget_while_it_is_judged_gets_no_success(gate: Gate) -> None:
    world = gate.github.world
    world.push("dev", FINE, start=world.git.resolve("main"))
    pull = gate.open(FINE)
    gate.github.faults.before("GET", "/reviews", lambda: world.retarget(pull, "dev"))
    gate.about(pull)
    assert "success" not in {status.state for status in world.statuses}


def _discard(_: object) -> None: ...


def test_a_run_again_judges_what_is_there_now(gate: Gate) -> None:
    pull = gate.open(FINE)
    gate.about(pull)
    old = pull.head
    gate.github.world.add(pull, BROKEN)
    payload = {"pull_request": {"number": pull.number, "head": {"sha": old}}}
    gate.on("pull_request_target", payload)
    assert gate.state(pull) == "pending"


def test_a_branch_with_other_rules_has_a_status_of_its_own(gate: Gate) -> None:
    world = gate.github.world
    loose = PEOPLE_ONLY.replace("levels: {", 'levels: { exposure_approval: "off",')
    world.push("dev", {"stream_project.yml": loose}, start=world.git.resolve("main"))
    pull = gate.open(BROKEN, base_ref="dev")
    gate.about(pull)
    assert gate.state(pull, "cdk-stream/approval (dev)") == "success"
    assert gate.state(pull) == ""
    world.retarget(pull, "main")
    gate.about(pull)
    assert gate.state(pull) != "success"


def test_rules_that_came_to_the_branch_since_are_asked(gate: Gate) -> None:
    """GitHub's `base.sha` is that of the last push to the pull request."""
    pull = gate.open(BROKEN)
    _push_main(gate, {"stream_project.yml": PEOPLE_ONLY.replace('["@bea"]', '["@cem"]')})
    gate.approve(pull, "ana", "bea")
    run = gate.about(pull)
    assert json.loads(run.outputs["missing-owners"]) == ["team-billing"]


def test_a_draft_is_told_and_nobody_asked(gate: Gate) -> None:
    pull = gate.open(BROKEN, draft=True)
    run = gate.about(pull)
    assert (run.code, gate.state(pull)) == (0, "pending")
    assert pull.reviewers == [] and gate.comments()


def test_a_recheck_judges_and_approves_nothing(gate: Gate) -> None:
    pull = gate.open(BROKEN)
    told = {
        "action": "created",
        "issue": {"number": pull.number, "pull_request": {}},
        "comment": {"body": "/cdk-stream recheck", "user": {"login": "bea", "id": 1,
                                                            "type": "User"}},
    }  # fmt: skip
    run = gate.on("issue_comment", told)
    assert (run.code, gate.state(pull)) == (0, "pending")


def test_chatter_costs_nothing(gate: Gate) -> None:
    pull = gate.open(BROKEN)
    told = {
        "action": "created",
        "issue": {"number": pull.number, "pull_request": {}},
        "comment": {"body": "::set-output name=decision::success", "user": None},
    }
    run = gate.on("issue_comment", told)
    assert (run.code, gate.github.asked, gate.state(pull)) == (0, [], "")


@pytest.mark.parametrize("method", ["squash", "merge"])
def test_a_queue_takes_what_is_approved(gate: Gate, method: str) -> None:
    pull, other = gate.open(BROKEN), gate.open(FINE)
    gate.approve(pull, "ana", "bea")
    group = gate.github.world.queue(pull, other, method=method)
    run = gate.on("merge_group", {"merge_group": group})
    status = gate.github.world.last_status(group["head_sha"], CONTEXT)
    assert run.code == 0 and status and status.state == "success", run.out
    assert gate.comments() == [] and pull.reviewers == []


def test_a_queue_refuses_what_is_not(gate: Gate) -> None:
    pull, other = gate.open(FINE), gate.open(BROKEN)
    group = gate.github.world.queue(pull, other)
    run = gate.on("merge_group", {"merge_group": group})
    status = gate.github.world.last_status(group["head_sha"], CONTEXT)
    assert run.code == 1 and status and status.state == "failure"
    assert f"#{other.number} is not approved" in status.description


def test_two_that_are_fine_alone_and_not_together_are_refused(gate: Gate) -> None:
    """One takes a column away that nobody read, the other begins to read it."""
    source = SOURCE.replace("      - { name: note, type: STRING, classification: internal }\n", "")
    _push_main(gate, BROKEN)
    reader = {
        "models/notes.yml": MODEL.replace("paid", "notes").replace("id, amount, note", "note")
    }
    pull, other = gate.open({"sources/orders.yml": source}), gate.open(reader)
    for one in (pull, other):
        gate.approve(one, "ana", "bea", "pia")
        gate.about(one)
    assert [gate.state(pull), gate.state(other)] == ["success", "success"]
    group = gate.github.world.queue(pull, other)
    run = gate.on("merge_group", {"merge_group": group})
    status = gate.github.world.last_status(group["head_sha"], CONTEXT)
    assert run.code == 1 and status and status.state == "failure"


@pytest.fixture
def glass(gate: Gate) -> PullRequest:
    """`cem` may break the glass."""
    named = 'owners: [platform]\n  break_glass: { people: ["@cem"] }'
    _push_main(gate, {"stream_project.yml": PEOPLE_ONLY.replace("owners: [platform]", named)})
    return gate.open(BROKEN)


GLASS = "break-glass: INC-812, payments stand still"


def test_whoever_is_named_for_it_breaks_the_glass(gate: Gate, glass: PullRequest) -> None:
    gate.github.world.review(glass, "cem", "APPROVED", body=GLASS)
    run = gate.about(glass)
    assert gate.state(glass) == "success" and "INC-812" in run.out


def test_a_review_that_may_have_been_edited_breaks_no_glass(gate: Gate, glass: PullRequest) -> None:
    gate.github.world.review(glass, "cem", "APPROVED", body=GLASS)
    gate.github.world.silent.add("graphql")
    gate.about(glass)
    assert gate.state(glass) == "pending"


@pytest.mark.parametrize(
    ("login", "body"),
    [("bo", GLASS), ("cem", "break-glass:"), ("cem", "I break-glass: x"), ("cem", "")],
)
def test_nobody_else_and_no_other_words_break_the_glass(
    gate: Gate, glass: PullRequest, login: str, body: str
) -> None:
    gate.github.world.review(glass, login, "APPROVED", body=body)
    gate.about(glass)
    assert gate.state(glass) == "pending"


# -- comment, log and status -----------------------------------------------------------------------


def test_a_stranger_s_comment_with_our_marker_stays_theirs(gate: Gate) -> None:
    pull = gate.open(BROKEN)
    marker = "<!-- cdk-stream:impact v1 project=shop -->"
    theirs = gate.github.world.comment(pull.number, "eve", f"{marker}\n## approved by all")
    gate.about(pull)
    assert theirs.body.endswith("approved by all") and len(gate.comments()) == 1


def test_a_report_of_hundreds_of_applications_is_one_comment(gate: Gate) -> None:
    many = "exposures:\n" + "".join(
        f"  - {{ name: app_{number:03}, type: application, owner: team-shop, "
        'depends_on: [ref("paid")] }\n'
        for number in range(400)
    )
    _push_main(gate, {"exposures/many.yml": many})
    pull = gate.open(BROKEN)
    run = gate.about(pull)
    (comment,) = gate.comments()
    assert len(comment) <= 60_000 and "team-shop" in comment
    assert len(json.loads(run.outputs["impacted-exposures"])) == 402
    assert 0 < len(run.summary.encode()) < 1_000_000


def test_names_cannot_write_workflow_commands_or_outputs(gate: Gate) -> None:
    evil = "::set-output name=decision::success\n::add-mask::x\nend-0\ndecision<<x\nsuccess\nx"
    pull = gate.open(
        {**BROKEN, "exposures/evil.yml": (
            'exposures:\n  - name: evil\n    type: application\n    owner: team-shop\n'
            f"    description: {json.dumps(evil)}\n    depends_on: [ref(\"paid\")]\n"
        )},
        title=evil,
    )  # fmt: skip
    run = gate.about(pull)
    first, *inner = run.out.split("\n")
    token = first.removeprefix("::stop-commands::")
    assert first.startswith("::stop-commands::") and len(token) == 32
    before = "\n".join(inner).partition(f"::{token}::")[0]
    assert run.decision == "pending"
    assert not [line for line in inner if line.startswith("::") and line != f"::{token}::"]
    assert before


def test_a_forged_status_opens_nothing(gate: Gate) -> None:
    """Whoever runs a workflow can write a status: the deploy asks the reviews."""
    pull = gate.open(BROKEN)
    world = gate.github.world
    world.statuses.append(Status(pull.head, CONTEXT, "success", "", BOT))
    assert not _proved(gate, world.merge(pull))


def test_a_token_that_may_not_write_leaves_no_success(gate: Gate) -> None:
    """As `pull_request` has it for a fork."""
    gate.github.world.tokens["ghs_fork"] = Token(BOT, permissions=frozenset())
    pull = gate.open(FINE, "eve", fork=True)
    run = gate.about(pull, "ghs_fork")
    assert run.code == 1 and "statuses: write" in run.out
    assert gate.github.world.statuses == []


def test_a_fork_is_judged_as_any_other(gate: Gate) -> None:
    pull = gate.open(BROKEN, "eve", fork=True)
    gate.approve(pull, "ana", "bea")
    gate.about(pull)
    assert gate.state(pull) == "success"


@pytest.mark.parametrize(
    ("ending", "trouble"),
    [
        ("/pulls/{pull_number}", 500),
        ("/reviews", 500),
        ("/reviews", 403),
        ("/reviews", "truncated"),
        ("/commits", 500),
        ("/permission", 500),
        ("/branches/{branch}", 404),
        ("/pulls", "truncated"),
    ],
)
def test_whatever_github_fails_at_there_is_no_success(
    gate: Gate, ending: str, trouble: Any, quick: None
) -> None:
    pull = gate.open(BROKEN)
    gate.approve(pull, "ana", "bea")
    gate.github.faults.plan("GET", ending, *[trouble] * 20)
    run = gate.about(pull)
    assert run.code != 0 or run.decision != "success"
    assert gate.state(pull) != "success"
    assert "Traceback" not in run.out


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test waits for a server that will not come back."""
    monkeypatch.setattr("time.sleep", lambda seconds: None)


# -- the deploy's proof ----------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["merge", "squash", "rebase"])
def test_what_was_approved_is_proved_however_it_was_merged(gate: Gate, method: str) -> None:
    pull = gate.open(BROKEN)
    gate.approve(pull, "ana", "bea")
    assert _proved(gate, gate.github.world.merge(pull, method))


def test_a_commit_that_was_pushed_directly_has_no_proof(gate: Gate) -> None:
    commit = gate.github.world.push("main", BROKEN, "pia", "Trust me (#101)")
    with pytest.raises(Refused, match="pushed directly"):
        _proved(gate, commit)


def test_a_merge_by_an_administrator_without_approval_has_no_proof(gate: Gate) -> None:
    pull = gate.open(BROKEN)
    assert not _proved(gate, gate.github.world.merge(pull))


def test_a_pull_request_into_another_branch_proves_nothing_for_this_one(gate: Gate) -> None:
    world = gate.github.world
    loose = PEOPLE_ONLY.replace("levels: {", 'levels: { exposure_approval: "off",')
    world.push("dev", {"stream_project.yml": loose}, start=world.git.resolve("main"))
    pull = gate.open(BROKEN, base_ref="dev")
    commit = world.merge(pull)
    world.git.set_ref("refs/heads/main", commit)
    with pytest.raises(Refused):
        _proved(gate, commit)


def test_github_s_failure_is_no_proof(gate: Gate, quick: None) -> None:
    pull = gate.open(BROKEN)
    gate.approve(pull, "ana", "bea")
    commit = gate.github.world.merge(pull)
    gate.github.faults.plan("GET", "/commits/{commit_sha}/pulls", *[502] * 9)
    with pytest.raises(Refused, match="502"):
        _proved(gate, commit)
