"""`cdk-stream state record` on the real planner, and what no plan shows on a real Kafka."""

from __future__ import annotations

import subprocess
from pathlib import Path

import httpx
import pytest

from cdk_stream.cli.main import main
from cdk_stream_flink.sql_gateway import Session
from tests.real.topics import Topics

MODEL = "models/card_payments_fraud_events.yml"
LEDGER = "state/card_payments_fraud_events.json"
GIT = ("git", "-c", "user.name=test", "-c", "user.email=test@example.com")
Shown = pytest.CaptureFixture[str]


@pytest.fixture
def project(example: Path) -> Path:
    """The example project on the real gateway, committed on `main`."""
    git("init", "--quiet", "--initial-branch=main")
    commit()
    return example


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def git(*arguments: str) -> None:
    subprocess.run([*GIT, *arguments], check=True)


def commit() -> None:
    git("add", "--all")
    git("commit", "--quiet", "--message", "base")


def test_the_same_job_gives_the_same_file(project: Path, capsys: Shown) -> None:
    assert main(["state", "record", "--check"]) == 1
    assert capsys.readouterr().out == f"would write {LEDGER}\n"
    assert main(["state", "record"]) == 0
    first = (project / LEDGER).read_bytes()
    capsys.readouterr()

    assert main(["state", "record", "--check"]) == 0

    assert capsys.readouterr().out == f"{LEDGER} is as it must be\n"
    assert (project / LEDGER).read_bytes() == first
    assert b"9092" not in first
    assert b"properties" not in first


def test_a_change_is_judged_by_the_plans(project: Path, capsys: Shown) -> None:
    main(["state", "record"])
    commit()
    replace(project / MODEL, "'30' DAY", "'10' DAY")
    main(["state", "record"])
    capsys.readouterr()

    assert main(["check", "--base", "main"]) == 1

    out = capsys.readouterr().out
    assert "leftUpperBound is 864000000, it was 2592000000" in out
    assert "knows for certain" not in out


def test_a_job_that_remembers_nothing_has_no_file(project: Path) -> None:
    main(["state", "record"])

    assert [file.name for file in (project / "state").iterdir()] == [Path(LEDGER).name]


def test_a_file_of_a_job_that_remembers_nothing_is_removed(project: Path, capsys: Shown) -> None:
    (project / "state").mkdir()
    (project / "state" / "customer_risk_profile.json").write_text("{}", encoding="utf-8")

    assert main(["state", "record", "customer_risk_profile"]) == 0

    assert capsys.readouterr().out == "removed state/customer_risk_profile.json\n"
    assert list((project / "state").iterdir()) == []


def test_a_gateway_that_does_not_answer_is_told(project: Path, capsys: Shown) -> None:
    assert main(["state", "record", "--sql-gateway", "http://127.0.0.1:1"]) == 1

    assert "CS661" in capsys.readouterr().out
    assert not (project / "state").exists()


def test_a_restored_job_goes_on_reading_the_old_topic(
    kafka: Topics, flink: dict[str, str], session: Session
) -> None:
    old, new, out = (kafka.create(name) for name in ("old", "new", "out"))
    bootstrap = kafka.addresses["bootstrap_servers"]
    session.execute("SET 'execution.checkpointing.interval' = '500 ms'")
    session.execute("SET 'parallelism.default' = '1'")

    def table(name: str, topic: str) -> None:
        session.execute(
            f"CREATE TEMPORARY TABLE {name} (id INT) WITH ('connector' = 'kafka',"
            f" 'topic' = '{topic}', 'properties.bootstrap.servers' = '{bootstrap}',"
            " 'properties.group.id' = 'state', 'scan.startup.mode' = 'earliest-offset',"
            " 'format' = 'json')"
        )

    table("before_", old)
    table("after_", new)
    table("results", out)
    first = session.execute("INSERT INTO results SELECT id FROM before_").job_id
    kafka.write(old, [(None, {"id": 1})])
    assert [row["id"] for _, row in kafka.read(out, 1)] == [1]
    (stopped,) = session.execute(f"STOP JOB '{first}' WITH SAVEPOINT").rows
    session.execute(f"SET 'execution.state-recovery.path' = '{stopped[0]}'")
    second = session.execute("INSERT INTO results SELECT id FROM after_").job_id
    kafka.write(old, [(None, {"id": 2})])
    kafka.write(new, [(None, {"id": 3})])

    rows = kafka.read(out, 3)

    assert sorted(row["id"] for _, row in rows) == [1, 2, 3]
    httpx.patch(f"{flink['rest']}/jobs/{second}", params={"mode": "cancel"}, timeout=30)
