"""The verdict for programs."""

from __future__ import annotations

import dataclasses
import json
import re
from pathlib import Path
from typing import Any

import pytest

from cdk_stream.problems import Location, Problem
from cdk_stream.report.frame import Frame
from cdk_stream.report.json import render
from cdk_stream.results.affected import Affected
from cdk_stream.results.change import Aspect, Change
from cdk_stream.results.consumer import Undeclared
from cdk_stream.results.counts import Counts
from cdk_stream.results.decision import Decision
from cdk_stream.results.impact import AtRisk, Impact, Spared
from cdk_stream.results.migration import Migration, Move, Step
from cdk_stream.results.verdict import Verdict
from cdk_stream.results.waiver import Waived

PAGE = Path(__file__).parents[3] / "docs" / "verdict.md"
SHOWN = (
    Affected, Aspect, AtRisk, Change, Counts, Decision, Impact, Location, Migration, Move, Problem,
    Spared, Step, Undeclared, Verdict, Waived,
)  # fmt: skip


def document(verdict: Verdict) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(render(verdict, Frame()))
    return found


def test_every_key_is_documented(refused: Verdict) -> None:
    keys = {field.name for class_ in SHOWN for field in dataclasses.fields(class_)}
    documented = set(re.findall(r"`(\w+)`", PAGE.read_text(encoding="utf-8")))
    shown = (keys | document(refused).keys()) - {
        "decision",
        "nodes",
    }  # a waived one's keys stand beside it
    assert shown <= documented


def test_nothing_is_null(verdict: Verdict) -> None:
    assert "null" not in render(verdict, Frame())


def test_without_a_base_nothing_is_said_of_changes() -> None:
    assert not {"base", "changes", "impacts", "spared"} & document(Verdict("p")).keys()


def test_with_a_base_and_no_change_the_lists_are_empty() -> None:
    found = document(Verdict("p", base="commit 1a2b3c4"))
    assert (found["changes"], found["impacts"], found["spared"]) == ([], [], [])


@pytest.mark.parametrize("strict", [True, False])
def test_says_what_the_exit_code_says(verdict: Verdict, strict: bool) -> None:
    found = json.loads(render(verdict, Frame(strict=strict)))
    assert found["passed"] is verdict.passed(strict)
    assert found["passed"] is (found["outcome"] != "refused")
