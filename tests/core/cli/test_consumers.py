"""`check --consumers`: whoever reads without having said so."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cdk_stream.cli.main import main
from tests.core.advise.pull_request import opened

LESS = (
    ("models/card_payments_clean.yml", "        currency,\n", ""),
    ("models/card_payments_fraud_events.yml", "          p.currency,\n", ""),
    ("models/card_payments_fraud_events.yml", "p.currency, p.card", "'EUR', p.card"),
    ("models/card_payments_fraud_events.yml", "        currency,\n        card", "        card"),
)
GROUPS = "group,topic,members\nfraud-scoring-v3,{topic},2\nnight-batch,{topic},1\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return opened(tmp_path, LESS[1], LESS[2], LESS[3])


def run(root: Path, *options: str) -> int:
    return main(["check", "--project-dir", str(root), *options])


def groups(root: Path) -> str:
    file = root.parent / "groups.csv"
    topic = "fraud.events.enriched"
    file.write_text(GROUPS.format(topic=topic), encoding="utf-8")
    return str(file)


def test_strangers_are_told_in_every_report(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ("--base", "main", "--consumers", groups(root))
    run(root, *asked, "--format", "json")
    found = json.loads(capsys.readouterr().out)
    assert [one["group"] for one in found["undeclared"]] == ["night-batch"]
    assert found["consumers_from"] == "groups.csv"
    assert found["migrations"] and found["affected"]["edges"]

    run(root, *asked)
    assert "night-batch reads " in capsys.readouterr().out
    run(root, *asked, "--format", "markdown")
    assert "### 1 undeclared consumer group on" in capsys.readouterr().out


def test_without_a_base_nothing_changes(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(root, "--consumers", groups(root)) == 2
    assert "it needs --base" in capsys.readouterr().err


def test_live_needs_brokers_that_answer(
    root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cdk_stream.plugin.kafka.admin.TIMEOUT", 0.1)
    project = root / "stream_project.yml"
    text = project.read_text(encoding="utf-8").replace("kafka-eu.internal:9092", "127.0.0.1:1")
    project.write_text(text, encoding="utf-8")
    assert run(root, "--base", "main", "--consumers", "live") == 1
    assert "CS931" in capsys.readouterr().err
