"""A protected environment: what was merged is proven again, at every deploy."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from cdk_stream.testing.forge import FakeForge
from tests.core.deployment import plugin
from tests.core.deployment.conftest import model, write_project
from tests.core.deployment.double import log
from tests.core.deployment.repository import ENVIRONMENTS, Shown, commit, git, record, run

RULES = """\
description: orders
governance: { owners: [shop] }
policies:
  levels: { naming: "off", sla: "off", topics: "off", contracts: "off", fail_closed: "off",
            classification: "off" }
"""


@pytest.fixture
def forge(project: Path) -> FakeForge:
    """The project on main, and who may approve for its owner."""
    found = FakeForge(
        permissions={"ana": "write", "mia": "write"}, teams={"acme/shop": {"ana", "bo"}}
    )
    plugin.forges.append(found)
    write_project(project, 2, more=ENVIRONMENTS + RULES)
    commit(project)
    return found


def merge(
    root: Path, forge: FakeForge, files: Mapping[str, str], *approvers: str, into: str = "main"
) -> str:
    """A pull request that changes files, approved or not, merged; the commit that it became."""
    base = git(root, "rev-parse", "HEAD")
    git(root, "checkout", "--quiet", "--detach")
    for path, text in files.items():
        (root / path).write_text(text)
    head = commit(root)
    git(root, "checkout", "--quiet", "main")
    git(root, "merge", "--quiet", "--no-ff", "--message", "a merge", head)
    merged = git(root, "rev-parse", "HEAD")
    number = len(forge.pull_requests) + 1
    pull_request = forge.open(number, base, head)
    for login in approvers:
        pull_request.review(login)
    pull_request.change(state="merged", merge_commit=merged, base_ref=into)
    for one in git(root, "rev-list", f"{base}..{merged}").split():
        forge.brought[one] = [number]
    return merged


def governed(root: Path) -> dict[str, str]:
    """A change of the project file, which its owner must approve."""
    text = (root / "stream_project.yml").read_text()
    return {"stream_project.yml": text.replace("description: ", "description: more ")}


def deploy(capsys: Shown, environment: str = "prod") -> tuple[int, str, str]:
    planned = run(capsys, "plan", "--environment", environment, "--out", "plan.json")
    assert planned[0] == 0, planned
    return run(capsys, "deploy", "plan.json")


def test_an_approved_change_is_deployed_and_its_evidence_recorded(
    project: Path,
    forge: FakeForge,
    capsys: Shown,
) -> None:
    merge(project, forge, governed(project), "ana")
    code, out, err = deploy(capsys)
    assert (code, err) == (0, "")
    assert out.endswith("8 done: record 1 of 'prod'\n")
    first = record(project, "prod", 1)
    assert len(first["evidence"]) == 64 and first["protected"] is True
    merge(project, forge, governed(project), "ana")
    assert deploy(capsys)[0] == 0
    assert record(project, "prod", 2)["evidence"] != first["evidence"]


def test_a_change_without_its_approval_is_not(
    project: Path,
    forge: FakeForge,
    tmp_path: Path,
    capsys: Shown,
) -> None:
    merge(project, forge, governed(project))
    code, _, err = deploy(capsys)
    assert code == 1
    assert "CS845 pull request #1 is deployed with this, and " in err
    assert log(tmp_path / "live") == []


def test_one_unapproved_change_among_several_keeps_all_back(
    project: Path,
    forge: FakeForge,
    tmp_path: Path,
    capsys: Shown,
) -> None:
    merge(project, forge, governed(project), "ana")
    assert deploy(capsys)[0] == 0
    merge(project, forge, governed(project))
    merge(project, forge, {"models/m1.yml": model(1, 5)}, "ana")
    written = log(tmp_path / "live")
    code, _, err = deploy(capsys)
    assert code == 1
    assert "CS845 pull request #2 is deployed with this, and " in err
    assert log(tmp_path / "live") == written


def test_an_approval_that_was_taken_back_does_not_count_any_more(
    project: Path,
    forge: FakeForge,
    capsys: Shown,
) -> None:
    merge(project, forge, governed(project), "ana")
    run(capsys, "plan", "--environment", "prod", "--out", "plan.json")
    forge.pull_requests[1].review("ana", "CHANGES_REQUESTED")
    code, _, err = run(capsys, "deploy", "plan.json")
    assert code == 1
    assert "CS845 pull request #1" in err


def test_a_commit_that_was_pushed_directly_is_refused(
    project: Path,
    forge: FakeForge,
    capsys: Shown,
) -> None:
    merge(project, forge, governed(project), "ana")
    assert deploy(capsys)[0] == 0
    (project / "models" / "m1.yml").write_text(model(1, 7))
    commit(project)
    code, _, err = deploy(capsys)
    assert code == 1
    assert "no merged pull request brought commit" in err


def test_what_was_merged_into_another_branch_was_approved_by_other_rules(
    project: Path,
    forge: FakeForge,
    capsys: Shown,
) -> None:
    merge(project, forge, governed(project), "ana", into="playground")
    code, _, err = deploy(capsys)
    assert code == 1
    assert "was merged into playground, not into main" in err


def test_no_commit_says_itself_which_branch_counts(
    project: Path,
    forge: FakeForge,
    capsys: Shown,
) -> None:
    merge(project, forge, governed(project), "ana")
    assert deploy(capsys)[0] == 0
    text = (project / "stream_project.yml").read_text()
    evil = text.replace("protected: true", "protected: true\n    branch: playground")
    merge(project, forge, {"stream_project.yml": evil}, "ana", into="playground")
    code, _, err = deploy(capsys)
    assert code == 1
    assert "was merged into playground, not into main" in err


def test_broken_glass_opens_nothing_for_good(
    project: Path,
    forge: FakeForge,
    capsys: Shown,
) -> None:
    merge(project, forge, governed(project), "ana")
    assert deploy(capsys)[0] == 0
    text = (project / "stream_project.yml").read_text()
    open_ = text.replace("protected: true", "protected: false\n    branch: playground")
    merge(project, forge, {"stream_project.yml": open_})
    run(capsys, "plan", "--environment", "prod", "--commit", "HEAD", "--out", "plan.json")
    assert run(capsys, "deploy", "plan.json", "--break-glass", "INC-812")[0] == 0
    told = record(project, "prod", 2)
    assert (told["protected"], told["branch"]) == (True, "main")
    assert "CS837 'prod' is protected" in run(capsys, "deploy", "--environment", "prod")[2]


def test_a_forge_that_does_not_answer_refuses(
    project: Path,
    forge: FakeForge,
    capsys: Shown,
) -> None:
    merge(project, forge, governed(project), "ana")
    forge.broken.add("reviews")
    assert deploy(capsys)[0] == 1


def test_what_glass_was_broken_for_is_still_to_be_proven(
    project: Path,
    forge: FakeForge,
    capsys: Shown,
) -> None:
    merge(project, forge, governed(project), "ana")
    assert deploy(capsys)[0] == 0
    merge(project, forge, governed(project))
    run(capsys, "plan", "--environment", "prod", "--out", "plan.json")
    assert run(capsys, "deploy", "plan.json", "--break-glass", "INC-812")[0] == 0
    merge(project, forge, governed(project), "ana")
    code, _, err = deploy(capsys)
    assert code == 1
    assert "CS845 pull request #2" in err


def test_going_back_is_proven_too(
    project: Path,
    forge: FakeForge,
    capsys: Shown,
) -> None:
    merge(project, forge, governed(project), "ana")
    assert deploy(capsys)[0] == 0
    merge(project, forge, {"models/m1.yml": model(1, 5)}, "ana")
    assert deploy(capsys)[0] == 0
    run(capsys, "rollback", "1", "--environment", "prod", "--out", "plan.json")
    forge.pull_requests[1].review("ana", "CHANGES_REQUESTED")
    assert "CS845 pull request #1" in run(capsys, "deploy", "plan.json")[2]
    forge.pull_requests[1].review("ana", "APPROVED")
    assert run(capsys, "deploy", "plan.json")[0] == 0
    assert record(project, "prod", 3)["rollback"] is True
    assert "CS837" in run(capsys, "rollback", "1", "--environment", "prod")[2]


def test_a_branch_that_was_rewritten_is_not_deployed(
    project: Path,
    forge: FakeForge,
    capsys: Shown,
) -> None:
    before = git(project, "rev-parse", "HEAD")
    merge(project, forge, governed(project), "ana")
    assert deploy(capsys)[0] == 0
    git(project, "reset", "--quiet", "--hard", before)
    text = (project / "stream_project.yml").read_text()
    (project / "stream_project.yml").write_text(text.replace("protected: true", "protected: false"))
    commit(project)  # pushed directly
    merge(project, forge, {"models/m1.yml": model(1, 5)}, "ana")
    asked = run(capsys, "plan", "--environment", "prod", "--commit", "HEAD", "--out", "plan.json")
    assert asked[0] == 1 and "CS834" in asked[2]


def test_what_came_beside_the_last_proven_commit_is_proven_too(
    project: Path,
    forge: FakeForge,
    capsys: Shown,
) -> None:
    """Whoever goes back and rewrites the branch from there brings nothing in unseen."""
    first = merge(project, forge, governed(project), "ana")
    assert deploy(capsys)[0] == 0
    merge(project, forge, {"models/m1.yml": model(1, 5)}, "ana")
    assert deploy(capsys)[0] == 0
    run(capsys, "rollback", "1", "--environment", "prod", "--out", "plan.json")
    assert run(capsys, "deploy", "plan.json")[0] == 0
    git(project, "reset", "--quiet", "--hard", first)
    (project / "models" / "m0.yml").write_text(model(0, 7))
    commit(project)  # pushed directly
    merge(project, forge, {"models/m1.yml": model(1, 6)}, "ana")
    code, _, err = deploy(capsys)
    assert code == 1
    assert "no merged pull request brought commit" in err
