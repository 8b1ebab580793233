"""Every workflow, as a runner runs it, from the event to what GitHub then shows."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests.github.act.conftest import WORKFLOWS, Act, executable
from tests.github.double.world import Token
from tests.github.gate.conftest import BROKEN, CONTEXT, FINE, Gate, gate
from tests.github.left_out import ACT
from tests.github.test_workflows import PERMISSIONS

__all__ = ["gate"]


def test_a_pull_request_and_then_its_reviews(gate: Gate, act: Act) -> None:
    pull = gate.open(BROKEN)
    event = {"pull_request": {"number": pull.number}, "action": "opened"}
    ran = act("gate", "pull_request_target", event, gate.workspace)
    assert (ran.code, gate.state(pull), ran.outputs["decision"]) == (0, "pending", "pending")
    assert len(gate.comments()) == 1 and sorted(pull.reviewers) == ["ana", "bea", "bo"]

    gate.approve(pull, "ana", "bea")
    review = {"pull_request": {"number": pull.number}, "action": "submitted"}
    signal = act("review-signal", "pull_request_review", review, gate.workspace)
    assert signal.code == 0
    told = {"workflow_run": {"head_sha": pull.head, "event": "pull_request_review"}}
    ran = act("gate", "workflow_run", told, gate.workspace)
    assert (ran.code, gate.state(pull), ran.outputs["decision"]) == (0, "success", "success")
    assert len(gate.comments()) == 1


def test_a_recheck(gate: Gate, act: Act) -> None:
    pull = gate.open(FINE)
    told = {
        "action": "created",
        "issue": {"number": pull.number, "pull_request": {"url": ""}},
        "comment": {
            "body": "/cdk-stream recheck",
            "user": {"login": "bea", "id": 1, "type": "User"},
        },
    }
    assert act("gate", "issue_comment", told, gate.workspace).code == 0
    assert gate.state(pull) == "success"


def test_a_merge_group(gate: Gate, act: Act) -> None:
    pull = gate.open(BROKEN)
    group = gate.github.world.queue(pull)
    ran = act("gate", "merge_group", {"merge_group": group}, gate.workspace)
    status = gate.github.world.last_status(group["head_sha"], CONTEXT)
    assert ran.code != 0 and status and status.state == "failure"
    gate.approve(pull, "ana", "bea")
    ran = act("gate", "merge_group", {"merge_group": group}, gate.workspace)
    status = gate.github.world.last_status(group["head_sha"], CONTEXT)
    assert ran.code == 0 and status and status.state == "success"


def test_a_check_needs_no_token(gate: Gate, act: Act) -> None:
    base = gate.github.world.git.resolve("main")
    _write(gate.workspace, BROKEN)
    event = {"pull_request": {"number": 1, "base": {"sha": base}}}
    ran = act("check", "pull_request", event, gate.workspace, token="none")
    assert json.loads(ran.outputs["impacted-exposures"]) == ["invoices", "storefront"]
    assert ran.outputs["decision"] == "needs_approval" and ran.code == 0
    assert gate.github.asked == []


def test_a_check_that_refuses_fails_the_job(gate: Gate, act: Act) -> None:
    _write(gate.workspace, {"models/paid.yml": "models: 12\n"})
    event = {"pull_request": {"number": 1, "base": {"sha": ""}}}
    ran = act("check", "pull_request", event, gate.workspace, token="none")
    assert ran.code != 0 and "::error file=models/paid.yml" in ran.log


def test_a_folder_full_of_python_runs_none_of_it(gate: Gate, act: Act, tmp_path: Path) -> None:
    ran = tmp_path / "ran"
    code = f"open({str(ran)!r}, 'w').close()\n"
    evil = ("sitecustomize.py", "usercustomize.py", "cdk_stream.py", "json.py", "github3.py")
    _write(gate.workspace, dict.fromkeys(evil, code))
    pull = gate.open(dict.fromkeys(evil, code))
    event = {"pull_request": {"number": pull.number}}
    assert act("gate", "pull_request_target", event, gate.workspace).code == 0
    assert gate.state(pull) == "success" and not ran.exists()


def test_a_gate_of_the_pull_request_s_own_is_not_what_runs(gate: Gate, act: Act) -> None:
    """It prints success; the one of the default branch is started, and waits for platform."""
    own = "on: pull_request_target\njobs: {gate: {runs-on: x, steps: [{run: 'exit 0'}]}}\n"
    pull = gate.open({".github/workflows/gate.yml": own, "action.yml": "runs: {}\n"})
    event = {"pull_request": {"number": pull.number}}
    ran = act("gate", "pull_request_target", event, gate.workspace)
    assert (ran.outputs["decision"], gate.state(pull)) == ("pending", "pending")


def test_an_old_run_again_tells_the_new_head_only_the_truth(gate: Gate, act: Act) -> None:
    pull = gate.open(FINE)
    event = {"pull_request": {"number": pull.number, "head": {"sha": pull.head}}}
    assert act("gate", "pull_request_target", event, gate.workspace).code == 0
    gate.github.world.add(pull, BROKEN)
    assert act("gate", "pull_request_target", event, gate.workspace).code == 0
    assert gate.state(pull) == "pending"


def test_the_rights_of_a_fork_s_own_run_end_in_words(gate: Gate, act: Act) -> None:
    gate.github.world.tokens["ghs_fork"] = Token("github-actions[bot]", permissions=frozenset())
    pull = gate.open(FINE, "eve", fork=True)
    event = {"pull_request": {"number": pull.number}}
    ran = act("gate", "pull_request_target", event, gate.workspace, token="ghs_fork")
    assert ran.code != 0 and "give the token 'statuses: write'" in ran.log
    assert "Traceback" not in ran.log


def test_a_push_that_no_pull_request_brought_is_not_deployed(gate: Gate, act: Act) -> None:
    """The environment is looked for first: the project has none of that name."""
    told = {"ref": "refs/heads/main", "before": "a" * 40, "after": "b" * 40}
    ran = act("deploy", "push", told, gate.workspace)
    assert ran.code != 0 and "production" in ran.log and "Traceback" not in ran.log


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("          comment: sometimes\n", "the input 'comment' is none of"),
        ("          arguments: --dry-run\n", "takes no 'arguments'"),
    ],
)
def test_a_wrong_input_is_told(gate: Gate, act: Act, line: str, told: str) -> None:
    pull = gate.open(FINE)
    event = {"pull_request": {"number": pull.number}}
    ran = act("gate", "pull_request_target", event, gate.workspace, more=line)
    assert ran.code != 0 and told in ran.log


@pytest.mark.parametrize("name", PERMISSIONS)
def test_act_reads_the_workflow_strictly(gate: Gate, name: str) -> None:
    path = executable()
    if path is None:
        pytest.skip(ACT)
    command = [path, "--validate", "--strict", "--workflows", str(WORKFLOWS / f"{name}.yml")]
    done = subprocess.run(command, cwd=gate.workspace, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def _write(workspace: Path, files: dict[str, str]) -> None:
    for name, content in files.items():
        path = workspace / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
