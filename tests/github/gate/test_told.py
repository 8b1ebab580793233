"""Comment, log and status: strangers write nothing into them, and no failure leaves a success."""

from __future__ import annotations

import json
from typing import Any

import pytest

from cdk_stream.cli.action.__main__ import main
from tests.github.double.world import Status, Token
from tests.github.gate.conftest import BOT, BROKEN, CONTEXT, FINE, Gate


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
    gate.push_main({"exposures/many.yml": many})
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
    assert not gate.proved(world.merge(pull))


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


@pytest.mark.parametrize(
    "inputs",
    [
        {"COMMAND": "check\n::set-output name=decision::passed"},
        {"COMMAND": "check", "BASE": "::set-output name=x::y"},
    ],
)
def test_an_error_that_quotes_a_stranger_is_no_command(
    inputs: dict[str, str], gate: Gate, capfd: pytest.CaptureFixture[str]
) -> None:
    """A runner takes commands from both streams, and nobody knows in which order."""
    told = {"PROJECT_DIR": str(gate.workspace), **inputs}
    assert main({f"CDK_STREAM_{name}": value for name, value in told.items()}) != 0
    out, err = capfd.readouterr()
    mark, *lines, end, last = out.split("\n")
    assert mark == f"::stop-commands::{end.strip(':')}" and last == ""
    assert err == "" and any("::set-output" in line for line in lines)
