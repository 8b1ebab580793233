"""The workflows that users copy, and action.yml: least privilege, pinned, nothing injected."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement

from cdk_stream.cli.action.__main__ import COMMANDS

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "examples" / "workflows"
FILES = sorted(FOLDER.glob("*.yml"))
ACTION = ROOT / "action.yml"
BIN = Path(sys.executable).parent
_PIN = re.compile(r"^([\w.-]+)==([^\s;]+)", re.MULTILINE)

PERMISSIONS: dict[str, dict[str, str]] = {
    "check": {"contents": "read"},
    "deploy": {"contents": "read", "pull-requests": "read"},
    "gate": {"contents": "read", "pull-requests": "write", "statuses": "write"},
    "review-signal": {},
}


def _workflow(name: str) -> Any:
    return yaml.safe_load((FOLDER / f"{name}.yml").read_text(encoding="utf-8"))


def _steps(name: str) -> list[Any]:
    return [step for job in _workflow(name)["jobs"].values() for step in job["steps"]]


def test_every_workflow_is_looked_at() -> None:
    assert [path.stem for path in FILES] == sorted(PERMISSIONS)


@pytest.mark.parametrize("name", PERMISSIONS)
def test_a_workflow_may_what_it_needs_and_no_more(name: str) -> None:
    workflow = _workflow(name)
    (job,) = workflow["jobs"].values()
    assert workflow["permissions"] == {}
    assert job.get("permissions", {}) == PERMISSIONS[name]


@pytest.mark.parametrize("name", PERMISSIONS)
def test_nothing_is_skipped(name: str) -> None:
    """GitHub counts a skipped job as passed, and waits for ever for what a filter leaves out."""
    text = (FOLDER / f"{name}.yml").read_text(encoding="utf-8")
    assert not re.search(r"^\s*-?\s*(if|paths|paths-ignore|branches-ignore):", text, re.MULTILINE)


@pytest.mark.parametrize("name", PERMISSIONS)
def test_whatever_is_used_is_pinned(name: str) -> None:
    used = re.findall(r"- uses: (\S+)(.*)", (FOLDER / f"{name}.yml").read_text(encoding="utf-8"))
    assert all(re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", what) for what, _ in used)
    assert all(re.fullmatch(r" # v\d+\.\d+\.\d+", version) for _, version in used)


@pytest.mark.parametrize("name", PERMISSIONS)
def test_a_checkout_keeps_no_token_and_takes_no_head(name: str) -> None:
    for step in _steps(name):
        if step.get("uses", "").startswith("actions/checkout@"):
            assert step["with"] == {"fetch-depth": 0, "persist-credentials": False}


@pytest.mark.parametrize("name", PERMISSIONS)
def test_no_expression_stands_in_a_command(name: str) -> None:
    assert not [step for step in _steps(name) if "${{" in step.get("run", "")]


def test_only_the_gate_runs_with_rights_on_what_strangers_send() -> None:
    dangerous = {"pull_request_target", "workflow_run", "issue_comment"}
    triggers = {name: set(_workflow(name)[True]) & dangerous for name in PERMISSIONS}
    assert {name for name, found in triggers.items() if found} == {"gate"}
    assert not {step.get("run") for step in _steps("gate")} - {None}


def test_a_retarget_a_draft_and_a_queue_start_the_gate() -> None:
    events = _workflow("gate")[True]
    assert set(events) == {
        "pull_request_target", "workflow_run", "issue_comment", "merge_group", "schedule",
        "workflow_dispatch",
    }  # fmt: skip
    assert {"edited", "synchronize", "reopened", "ready_for_review", "converted_to_draft"} < set(
        events["pull_request_target"]["types"]
    )
    assert set(_workflow("review-signal")[True]["pull_request_review"]["types"]) == {
        "submitted", "edited", "dismissed",
    }  # fmt: skip


def test_the_gate_listens_to_the_signal() -> None:
    gate, signal = _workflow("gate"), _workflow("review-signal")
    assert gate[True]["workflow_run"]["workflows"] == [signal["name"]]


def test_a_stranger_s_comment_pushes_no_gate_out_of_the_queue() -> None:
    """A group keeps one waiting run: a comment must not be in that of the pull request."""
    concurrency = _workflow("gate")["concurrency"]
    assert "github.event.issue" not in concurrency["group"]
    assert concurrency["group"].rstrip(" }").endswith("github.run_id")
    assert concurrency["cancel-in-progress"] is False


def test_a_deploy_is_never_cut_off() -> None:
    assert _workflow("deploy")["concurrency"]["cancel-in-progress"] is False


def test_zizmor_finds_nothing() -> None:
    files = [str(path) for path in (*FILES, ACTION)]
    command = [str(BIN / "zizmor"), "--offline", "--quiet", "--no-progress", *files]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("schema", "files"),
    [("vendor.github-workflows", FILES), ("vendor.github-actions", [ACTION])],
)
def test_the_published_schemas_take_them(schema: str, files: list[Path]) -> None:
    command = [str(BIN / "check-jsonschema"), "--builtin-schema", schema, *map(str, files)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def _action() -> Any:
    return yaml.safe_load(ACTION.read_text(encoding="utf-8"))


def test_inputs_reach_commands_by_the_environment_only() -> None:
    for step in _action()["runs"]["steps"]:
        assert step["shell"] == "bash" and "uses" not in step
        assert "${{" not in step["run"]


def test_every_input_is_handed_on_and_described() -> None:
    action = _action()
    handed = " ".join(
        text for step in action["runs"]["steps"] for text in step.get("env", {}).values()
    )
    for name, told in action["inputs"].items():
        assert f"inputs.{name} " in handed, name
        assert told["description"].strip() and re.fullmatch(r"[a-z]+(-[a-z]+)*", name)


def test_every_output_is_described() -> None:
    assert all(told["description"].strip() for told in _action()["outputs"].values())


def test_the_commands_of_the_action_are_described() -> None:
    told = _action()["inputs"]["command"]["description"]
    assert set(re.findall(r"`(\w+)`", told)) == set(COMMANDS)


def test_a_pull_request_s_folder_is_never_on_the_path_of_python() -> None:
    commands = " ".join(step["run"] for step in _action()["runs"]["steps"])
    script = (ROOT / "action" / "install.sh").read_text(encoding="utf-8")
    started = re.findall(r'(?:python3|"\$CDK_STREAM_PYTHON") (-\S+)', f"{commands} {script}")
    assert started and set(started) == {"-I"}


def test_the_lock_pins_everything_by_digest_and_names_no_registry() -> None:
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert "://" not in text and "index" not in text
    for block in re.split(r"\n(?=\S)", text.strip()):
        assert re.match(r"[\w.-]+==\S+", block) and "--hash=sha256:" in block, block


def test_the_lock_has_what_the_program_needs() -> None:
    """Renew it with the line in CONTRIBUTING.md."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    wanted = [*project["dependencies"], *extras["github"], *extras["deploy"], "hatchling"]
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    pins = {name.replace(".", "-"): version for name, version in _PIN.findall(text)}
    for told in wanted:
        requirement = Requirement(told)
        name = requirement.name.lower().replace(".", "-").replace("_", "-")
        assert name in pins and requirement.specifier.contains(pins[name]), told
