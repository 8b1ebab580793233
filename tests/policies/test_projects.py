"""What the bundled policies say of whole projects."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from cdk_stream.workflow.check import check

ROOT = Path(__file__).parents[2]


def judge(project: str, folder: Path) -> list[tuple[str, str, str]]:
    copy = shutil.copytree(ROOT / project, folder / "project")
    found = check(copy).decisions
    return [(item.decision.policy, item.decision.effect, item.decision.node) for item in found]


def test_the_example_is_green(tmp_path: Path) -> None:
    assert judge("examples/fraud", tmp_path) == []


@pytest.mark.parametrize(
    ("project", "denied"),
    [
        (
            "fraud",
            [
                ("classification", "deny", "source.card_payments_raw"),
                ("classification", "deny", "source.customers_cdc"),
            ],
        ),
        (
            "payments",
            [
                ("classification", "deny", "source.customers_stream"),
                ("classification", "deny", "source.payments_events"),
                ("fail_closed", "deny", "model.customer_balance_5m"),
                ("sla", "deny", "exposure.fraud_scoring_service"),  # 800 ms, of a window of 5 min
            ],
        ),
    ],
)
def test_what_is_missing_is_denied_where_it_is_missing(
    project: str, denied: list[tuple[str, str, str]], tmp_path: Path
) -> None:
    assert judge(f"tests/projects/{project}", tmp_path) == denied
