"""plan, deploy, rollback and destroy as their user runs them, in a Git repository."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from tests.core.deployment.conftest import write_project
from tests.core.deployment.double import log, snapshot
from tests.core.deployment.repository import (
    ENVIRONMENTS,
    Shown,
    commit,
    git,
    names,
    record,
    run,
)


def test_a_folder_is_planned_and_deployed_to_an_open_environment(
    project: Path, tmp_path: Path, capsys: Shown
) -> None:
    code, out, _ = run(capsys, "plan", "--environment", "dev")
    assert code == 0
    assert out.startswith(
        "project shop to 'dev': 8 to create\nthe working tree, the first deploy\n\n"
        "wave 1\n  + create main/subject/m0-value  model 'm0' is new\n"
    )
    assert re.search(r"\ndigest [0-9a-f]{64}\n$", out)
    code, out, _ = run(capsys, "deploy", "--environment", "dev")
    assert code == 0
    lines = out.splitlines()
    assert lines[0] == "[1/8] done create main/subject/m0-value"
    assert lines[-1] == "8 done: record 1 of 'dev'"
    code, out, _ = run(capsys, "deploy", "--environment", "dev")
    assert (code, out) == (0, "nothing to do: record 1 of 'dev'\n")
    code, out, _ = run(capsys, "plan", "--environment", "dev", "--format", "markdown")
    assert out.startswith("### Plan for `dev`: 8 as wanted\n")


def test_a_plan_is_kept_in_a_file_and_carried_out_as_it_is(
    project: Path, tmp_path: Path, capsys: Shown
) -> None:
    out = run(capsys, "plan", "--environment", "dev", "--out", "plan.json", "--format", "json")[1]
    assert json.loads((project / "plan.json").read_text()) == json.loads(out)
    write_project(project, 2, 3, ENVIRONMENTS)
    code, _, err = run(capsys, "deploy", "plan.json")
    assert code == 1
    assert "CS833 the plan is now" in err
    assert log(tmp_path / "live") == []
    write_project(project, 2, 2, ENVIRONMENTS)
    assert run(capsys, "deploy", "plan.json")[0] == 0


def test_a_plan_that_was_changed_or_is_none_is_not_carried_out(
    project: Path, capsys: Shown
) -> None:
    run(capsys, "plan", "--environment", "dev", "--out", "plan.json")
    path = project / "plan.json"
    changed = json.loads(path.read_text()) | {"commit": "0" * 40}
    path.write_text(json.dumps(changed))
    code, _, err = run(capsys, "deploy", "plan.json")
    assert (code, err) == (
        2,
        "cdk-stream: 'plan.json' was changed after it was planned\n"
        "    write one: cdk-stream plan --out plan.json\n",
    )
    path.write_text("[]")
    assert "is not a plan" in run(capsys, "deploy", "plan.json")[2]
    path.write_text("{")
    assert "is not JSON" in run(capsys, "deploy", "plan.json")[2]
    path.write_text(json.dumps({"format": "cdk-stream/plan@1"}))
    assert "lacks something of a plan" in run(capsys, "deploy", "plan.json")[2]
    assert "cannot be read" in run(capsys, "deploy", "other.json")[2]
    both = run(capsys, "deploy", "plan.json", "--environment", "dev")
    assert "a PLAN says what to deploy where" in both[2]


def test_a_protected_environment_wants_a_plan_of_a_commit_and_a_proof(
    project: Path, tmp_path: Path, capsys: Shown
) -> None:
    assert "CS837 'prod' is protected" in run(capsys, "deploy", "--environment", "prod")[2]
    (project / "models" / "m1.yml").unlink()  # not committed: it does not count
    out = run(capsys, "plan", "--environment", "prod", "--out", "plan.json")[1]
    assert "8 to create" in out
    code, _, err = run(capsys, "deploy", "plan.json")
    assert code == 1
    assert "CS845 no forge tells whether commit" in err
    assert log(tmp_path / "live") == []
    reason = "INC-812: payments stand still"
    code, _, err = run(capsys, "deploy", "plan.json", "--break-glass", reason)
    assert (code, err) == (0, f"record 1 says that glass was broken: {reason}\n")
    found = record(project, "prod", 1)
    assert (found["break_glass"], found["protected"]) == (reason, True)


def test_a_project_without_environments_is_protected(project: Path, capsys: Shown) -> None:
    write_project(project, 2)
    commit(project)
    assert "CS837 'default' is protected" in run(capsys, "deploy")[2]


def test_protection_cannot_be_taken_away_by_an_edit(project: Path, capsys: Shown) -> None:
    run(capsys, "plan", "--environment", "prod", "--out", "plan.json")
    run(capsys, "deploy", "plan.json", "--break-glass", "first")
    write_project(project, 2, 3, ENVIRONMENTS.replace("protected: true", "protected: false"))
    assert "CS837 'prod' is protected" in run(capsys, "deploy", "--environment", "prod")[2]


def test_an_environment_lays_its_settings_over(
    project: Path, tmp_path: Path, capsys: Shown
) -> None:
    run(capsys, "plan", "--environment", "prod", "--out", "plan.json")
    run(capsys, "deploy", "plan.json", "--break-glass", "first")
    topics = [
        one["spec"] for one in record(project, "prod", 1)["resources"] if one["kind"] == "topic"
    ]
    assert {one["spec"]["replicationFactor"] for one in topics} == {2}


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("prdo", "there is no environment 'prdo'\n    did you mean 'prod'?"),
        ("pr", "'pr' is a template\n    name one of its environments, 'pr-1'"),
        ("pr-/x", "there is no environment 'pr-/x'"),
        ("", "say which environment: --environment\n    known here: dev, pr, prod"),
    ],
)
def test_an_unknown_environment_is_told(
    project: Path, capsys: Shown, name: str, message: str
) -> None:
    code, _, err = run(capsys, "plan", "--environment", name)
    assert code == 2
    assert message in err


def test_an_ephemeral_environment_has_names_of_its_own_and_goes_as_a_whole(
    project: Path, tmp_path: Path, capsys: Shown
) -> None:
    live = tmp_path / "live"
    run(capsys, "deploy", "--environment", "dev")
    before = snapshot(live)
    code, out, _ = run(capsys, "deploy", "--environment", "pr-7")
    assert (code, out.splitlines()[-1]) == (0, "8 done: record 1 of 'pr-7'")
    assert {
        "main/topic/pr-7.m0",
        "main/subject/pr-7.m0-value",
        "main/acl/cdk-pr-7-shop-m0@model.m0",
    } <= names(live)
    assert before.items() <= snapshot(live).items()
    code, out, _ = run(capsys, "destroy", "--environment", "pr-7")
    assert (code, out.splitlines()[-1]) == (0, "8 done: record 2 of 'pr-7'")
    order = re.findall(r"delete main/(\w+)/pr-7.m0|delete main/(\w+)/.*m0", out)
    gone = [one or other for one, other in order]
    assert gone.index("flink_job") < gone.index("topic") < gone.index("subject")
    assert gone.index("acl") < gone.index("topic")
    assert snapshot(live) == before
    assert "CS842 'dev' is not ephemeral" in run(capsys, "destroy", "--environment", "dev")[2]
    assert "say which environment" in run(capsys, "destroy")[2]


def test_the_record_of_another_environment_is_not_taken_for_ours(
    project: Path, tmp_path: Path, capsys: Shown
) -> None:
    run(capsys, "deploy", "--environment", "dev")
    written = log(tmp_path / "live")
    (project / ".cdk-stream" / "dev").rename(project / ".cdk-stream" / "pr-7")
    for verb in ("plan", "deploy", "destroy"):
        code, _, err = run(capsys, verb, "--environment", "pr-7")
        assert code == 1
        assert "holds the record of environment 'dev' of project 'shop'" in err
    assert log(tmp_path / "live") == written


def test_going_back_compiles_the_commit_of_an_earlier_record(
    project: Path, tmp_path: Path, capsys: Shown
) -> None:
    live = tmp_path / "live"
    old = git(project, "rev-parse", "HEAD")
    run(capsys, "deploy", "--environment", "dev", "--commit", "HEAD")
    before = snapshot(live)
    write_project(project, 2, 3, ENVIRONMENTS)
    new = commit(project)
    run(capsys, "deploy", "--environment", "dev", "--commit", "HEAD")
    assert snapshot(live) != before
    code, _, err = run(capsys, "deploy", "--environment", "dev", "--commit", old)
    assert code == 1
    assert f"CS834 commit {old[:7]} is older than {new[:7]}, which is deployed" in err
    out = run(capsys, "rollback", "1", "--environment", "dev", "--out", "plan.json")[1]
    assert "state drift: what it remembers was written by the newer version" in out
    assert run(capsys, "deploy", "plan.json")[0] == 0
    assert snapshot(live) == before
    assert record(project, "dev", 3)["rollback"] is True
    assert run(capsys, "deploy", "--environment", "dev", "--commit", new)[0] == 0
    assert run(capsys, "rollback", old, "--environment", "dev")[0] == 0
    assert snapshot(live) == before


def test_going_back_to_what_nobody_kept_is_refused(project: Path, capsys: Shown) -> None:
    refused = run(capsys, "rollback", "1", "--environment", "dev")
    assert "CS841 no record of 'dev' is 1\n    nothing was deployed yet" in refused[2]
    run(capsys, "deploy", "--environment", "dev")
    refused = run(capsys, "rollback", "1", "--environment", "dev")
    assert "CS841 record 1 is of a working tree, which nobody kept" in refused[2]
    refused = run(capsys, "rollback", "2", "--environment", "dev")
    assert "known here: 1 (folder)" in refused[2]


def test_a_commit_beside_the_deployed_one_is_refused_where_it_matters(
    project: Path, capsys: Shown
) -> None:
    git(project, "branch", "other")
    write_project(project, 2, 3, ENVIRONMENTS)
    commit(project)
    run(capsys, "plan", "--environment", "prod", "--out", "plan.json")
    run(capsys, "deploy", "plan.json", "--break-glass", "first")
    git(project, "checkout", "--quiet", "other")
    write_project(project, 2, 4, ENVIRONMENTS)
    commit(project)
    code, _, err = run(capsys, "plan", "--environment", "prod")
    assert code == 1
    assert "does not come after" in err


def test_a_foreign_resource_refuses_and_says_how_to_take_it(
    project: Path, tmp_path: Path, capsys: Shown
) -> None:
    run(capsys, "deploy", "--environment", "dev")
    shutil.rmtree(project / ".cdk-stream")  # the record is lost, and the project moves on
    write_project(project, 2, 3, ENVIRONMENTS)
    code, out, _ = run(capsys, "plan", "--environment", "dev")
    assert code == 1
    assert "? foreign main/flink_job/m0  it was there before the project, and differs" in out
    assert "      --adopt 'main/flink_job/m0'\n" in out
    assert run(capsys, "deploy", "--environment", "dev", "--adopt", "main/*")[0] == 0


def test_a_secret_is_named_when_it_is_missing_and_never_shown(
    project: Path, tmp_path: Path, capsys: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = project / "stream_project.yml"
    password = 'kafka: { bootstrap_servers: "kafka:9092", properties: { sasl.jaas.config: '
    text = path.read_text().replace(
        'kafka: { bootstrap_servers: "kafka:9092"', password + '"${env:JAAS}" }'
    )
    path.write_text(text)
    code, _, err = run(capsys, "plan", "--environment", "dev")
    assert code == 1
    assert "CS830 the secret '${env:JAAS}' is not in the environment" in err
    monkeypatch.setenv("JAAS", "correct horse battery")
    assert run(capsys, "deploy", "--environment", "dev")[0] == 0
    run(capsys, "plan", "--environment", "dev", "--out", "plan.json")
    written = [one.read_bytes() for one in project.rglob("*") if one.is_file()]
    assert not [content for content in written if b"correct horse" in content]
