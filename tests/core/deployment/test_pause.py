"""A model at rest, and going on again: on the record, and without losing what its job remembers."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from cdk_stream.cli.main import main
from tests.core.deployment.conftest import model
from tests.core.deployment.double import log
from tests.core.deployment.repository import Shown, record, run

DEV = ("--environment", "dev")
PAUSE = ("pause", "m0", *DEV, "--reason", "INC-812")


@pytest.fixture
def deployed(project: Path, capsys: Shown) -> Path:
    assert main(["deploy", *DEV]) == 0
    capsys.readouterr()
    return project


def live() -> Path:
    return Path(os.environ["CDK_TEST_LIVE"])


def jobs() -> list[str]:
    return [line for line in log(live()) if "suspend" in line or "proceed" in line]


def resource(project: Path, serial: int) -> dict[str, object]:
    found = record(project, "dev", serial)["resources"]
    (one,) = [one for one in found if (one["kind"], one["name"]) == ("flink_job", "m0")]
    return dict(one)


def test_a_paused_job_rests_until_it_is_resumed(deployed: Path, capsys: Shown) -> None:
    assert run(capsys, *PAUSE)[:2] == (0, "paused main/flink_job/m0\nrecord 2 of 'dev'\n")
    paused = resource(deployed, 2)["paused"]
    assert isinstance(paused, dict)
    assert (paused["reason"], "savepoint" in paused) == ("INC-812", True)
    code, out, _ = run(capsys, "resume", "m0", *DEV)
    assert (code, out) == (0, "resumed main/flink_job/m0\nrecord 3 of 'dev'\n")
    assert resource(deployed, 3)["paused"] == {}
    assert jobs() == ["suspend main/flink_job/m0", "proceed main/flink_job/m0"]


def test_a_deploy_leaves_at_rest_what_rests(deployed: Path, capsys: Shown) -> None:
    run(capsys, *PAUSE)
    before = log(live())
    code, out, _ = run(capsys, "deploy", *DEV)
    assert (code, out.splitlines()[-1]) == (0, "nothing to do: record 2 of 'dev'")
    assert log(live()) == before


def test_a_deploy_of_a_changed_model_ends_its_rest(deployed: Path, capsys: Shown) -> None:
    run(capsys, *PAUSE)
    (deployed / "models" / "m0.yml").write_text(model(0, 3))
    code, out, _ = run(capsys, "deploy", *DEV)
    assert (code, out.splitlines()[0]) == (0, "[1/1] done restart main/flink_job/m0")
    assert resource(deployed, 3)["paused"] == {}


def test_the_status_says_what_rests_and_why_and_is_fine(deployed: Path, capsys: Shown) -> None:
    assert run(capsys, "status", *DEV)[0] == 0
    run(capsys, *PAUSE)
    code, out, _ = run(capsys, "status", *DEV)
    assert code == 0
    (line,) = [line for line in out.splitlines() if "main/flink_job/m0 " in line]
    assert line.strip().startswith("paused")
    assert line.endswith(": INC-812")


def test_what_cannot_be_paused_is_told(deployed: Path, capsys: Shown) -> None:
    assert run(capsys, "pause", "m9", *DEV, "--reason", "x")[0] == 2
    assert run(capsys, "pause", "m0", *DEV, "--reason", " ")[0] == 2
    code, _, err = run(capsys, "resume", "m0", *DEV)
    assert (code, "'m0' is not paused" in err) == (2, True)
    run(capsys, *PAUSE)
    code, _, err = run(capsys, *PAUSE)
    assert (code, "'m0' is paused already" in err) == (2, True)


def test_nothing_is_deployed_yet(project: Path, capsys: Shown) -> None:
    code, _, err = run(capsys, *PAUSE)
    assert (code, "nothing is deployed in 'dev' yet" in err) == (2, True)


def test_a_system_that_fails_is_on_the_record_and_may_be_asked_again(
    deployed: Path, capsys: Shown
) -> None:
    refuse = live() / "refuse"
    refuse.write_text("m0")
    code, _, err = run(capsys, *PAUSE)
    assert (code, "CS846 the job 'm0' does not obey" in err) == (1, True)
    found = record(deployed, "dev", 2)
    assert (found["outcome"], resource(deployed, 2)["paused"]) == ("failed", {})
    assert run(capsys, "status", *DEV)[0] == 1
    refuse.unlink()
    assert run(capsys, *PAUSE)[0] == 0
