"""How often GitHub is asked, per event; CDK_STREAM_WRITE=1 renews the table of the how-to."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import pytest

from tests.github.gate.conftest import BROKEN, FINE, Gate

PAGE = Path(__file__).parents[3] / "docs" / "how-to" / "set-up-the-github-action.md"


def _table() -> dict[str, int]:
    rows = re.findall(r"^\| ([a-z].*?) \| (\d+) \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    return {what: int(calls) for what, calls in rows}


def _renew(counted: dict[str, int]) -> None:
    page = PAGE.read_text(encoding="utf-8")
    for what, calls in counted.items():
        page = re.sub(rf"(?m)^\| {re.escape(what)} \| \d+ \|$", f"| {what} | {calls} |", page)
    PAGE.write_text(page, encoding="utf-8")


def _counted(gate: Gate, name: str, payload: Any) -> int:
    gate.github.asked.clear()
    gate.on(name, payload)
    return sum(template != "git" for _, template in gate.github.asked)


def _target(gate: Gate, number: int) -> int:
    return _counted(gate, "pull_request_target", {"pull_request": {"number": number}})


def _signal(gate: Gate, head: str) -> int:
    told = {"workflow_run": {"head_sha": head, "event": "pull_request_review"}}
    return _counted(gate, "workflow_run", told)


def test_the_table_is_what_is_asked(gate: Gate) -> None:
    counted = {}
    fine, broken = gate.open(FINE), gate.open(BROKEN)
    counted["a pull request that hits nobody"] = _target(gate, fine.number)
    counted["a pull request that hits two owners with three people, first run"] = _target(
        gate, broken.number
    )
    counted["the same again, nothing changed"] = _target(gate, broken.number)
    gate.approve(broken, "ana", "bea")
    counted["a review by each owner"] = _signal(gate, broken.head)
    counted["a comment that is no command"] = _counted(
        gate, "issue_comment", _comment(broken, "+1")
    )
    counted["a comment `/cdk-stream recheck`"] = _counted(
        gate, "issue_comment", _comment(broken, "/cdk-stream recheck")
    )
    group = gate.github.world.queue(fine, broken)
    counted["a merge group of two pull requests"] = _counted(
        gate, "merge_group", {"merge_group": group}
    )
    if os.environ.get("CDK_STREAM_WRITE"):
        _renew(counted)
    assert counted == _table()


def _comment(pull: Any, body: str) -> Any:
    user = {"login": "mia", "id": 1, "type": "User"}
    return {
        "action": "created",
        "issue": {"number": pull.number, "pull_request": {}},
        "comment": {"body": body, "user": user},
    }


@pytest.mark.parametrize("many", [10, 60])
def test_calls_do_not_grow_with_chatter(gate: Gate, many: int) -> None:
    """Neither remarks nor comments of people who are asked for nothing cost a call each."""
    pull = gate.open(BROKEN)
    for number in range(many):
        gate.github.world.comment(pull.number, "eve", f"{number}")
        gate.github.world.review(pull, "eve", "COMMENTED")
    first = _target(gate, pull.number)
    assert first <= 16
