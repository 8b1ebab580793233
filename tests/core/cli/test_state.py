"""What becomes of a running job's state when its model changes, as `check --base` tells it."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from cdk_stream.cli.main import main

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "docs" / "how-to" / "change-a-stateful-model.md"
MODEL = "models/card_payments_fraud_events.yml"
GIT = ("git", "-c", "user.name=test", "-c", "user.email=test@example.com")
Shown = pytest.CaptureFixture[str]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The example project, committed on `main`."""
    monkeypatch.setenv("CDK_STREAM_CACHE", str(tmp_path / "cache"))
    folder = tmp_path / "fraud"
    shutil.copytree(ROOT / "examples" / "fraud", folder, ignore=shutil.ignore_patterns("target"))
    monkeypatch.chdir(folder)
    for arguments in (("init", "--quiet", "--initial-branch=main"), ("add", "--all")):
        subprocess.run([*GIT, *arguments], cwd=folder, check=True)
    subprocess.run([*GIT, "commit", "--quiet", "--message", "base"], cwd=folder, check=True)
    return folder


def change(project: Path, old: str, new: str) -> None:
    path = project / MODEL
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def say(project: Path, policy: str) -> None:
    change(project, "    cluster:", f"    on_state_change: {policy}\n    cluster:")


def told(capsys: Shown, expected: int) -> str:
    assert main(["check", "--base", "main"]) == expected
    return capsys.readouterr().out


NARROWER = ("'30' DAY", "'10' DAY")
IN_THE_JOIN = ("c.kyc_status,\n", "c.kyc_status,\n          p.status,\n")
IN_THE_RESULT = (
    "        kyc_status,\n        risk",
    "        kyc_status,\n        status,\n        risk",
)


def test_the_page_shows_what_is_said(project: Path, capsys: Shown) -> None:
    undecided, decided = re.findall(
        r"--base main\n```\n\n```text\n(.*?)```", PAGE.read_text(), re.S
    )

    change(project, *NARROWER)
    assert undecided in told(capsys, 1)
    say(project, "replay")
    assert decided in told(capsys, 0)


@pytest.mark.parametrize(
    ("policy", "code"),
    [("reset", "STATE_RESET"), ("replay", "STATE_RESET"), ("keep", "STATE_KEPT")],
)
def test_who_decides_may_pass(policy: str, code: str, project: Path, capsys: Shown) -> None:
    change(project, *NARROWER)
    say(project, policy)

    out = told(capsys, 0)

    assert code in out
    assert "CS82" not in out


def test_what_does_not_restore_cannot_be_kept(project: Path, capsys: Shown) -> None:
    change(project, *IN_THE_JOIN)
    change(project, *IN_THE_RESULT)
    say(project, "keep")

    out = told(capsys, 1)

    assert "CS821 the state of the running job of 'card_payments_fraud_events'" in out
    assert "it cannot be kept: say 'on_state_change: reset' or 'replay'" in out


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("SELECT\n        payment_id,", "SELECT  -- one row a payment\n        payment_id,"),
        (" AS p\n", " AS pay\n          /* once */"),
        ("risk_score > 0.9", "risk_score > 0.8"),
        ("        risk_band,\n        kyc_status,\n", "        kyc_status,\n        risk_band,\n"),
    ],
)
def test_nobody_is_asked_about_a_harmless_change(
    old: str, new: str, project: Path, capsys: Shown
) -> None:
    change(project, old, new)
    if " AS pay" in new:
        text = (project / MODEL).read_text(encoding="utf-8")
        (project / MODEL).write_text(re.sub(r"\bp\.", "pay.", text), encoding="utf-8")

    out = told(capsys, 0)

    assert "STATE_" not in out
    assert "CS82" not in out


def test_a_recorded_plan_that_differs_is_told_though_the_model_does_not(
    project: Path, capsys: Shown
) -> None:
    (project / "state").mkdir()
    (project / "state" / "card_payments_fraud_events.json").write_text("{}", encoding="utf-8")

    assert "STATE_" not in told(capsys, 0)  # a damaged file is as good as none
