"""A Flink job is upgraded once and from its state, whichever request of it goes wrong."""

from __future__ import annotations

import hashlib
from functools import partial
from pathlib import Path

import httpx
import pytest

from cdk_stream.deployment.file_store import FileStore
from cdk_stream.deployment.step import Carrier, Work
from cdk_stream.plugin.system import SystemFailed, Wanted
from cdk_stream.results.plan import Key, Step
from cdk_stream.results.record import StepResult
from cdk_stream_flink.deploy.jobmanager import JobManager
from cdk_stream_flink.deploy.jobs import FlinkJobs
from cdk_stream_flink.deploy.probation import Patience
from cdk_stream_flink.deploy.upgrade import Flink
from cdk_stream_flink.sql_gateway import open_session
from tests.systems.driver import Kept
from tests.systems.flink_double import FAULTS, FlinkDouble, Running

KEY = Key("flink", "main", "flink_job", "totals")
OLD = "SET 'pipeline.name' = 'shop.totals';\n\nINSERT INTO t SELECT 1\n;\n"
NEW = OLD.replace("1", "2")
BOUND = 300
"""Requests of one step that may be needed at the very most."""


def digest(script: str) -> str:
    return hashlib.sha256(script.encode()).hexdigest()


def wanted(state: str = "keep") -> Wanted:
    return Wanted(KEY, "model.totals", NEW, digest(NEW), OLD, {"state": state})


def system(double: FlinkDouble) -> FlinkJobs:
    transport = httpx.MockTransport(double)
    manager = JobManager("http://flink", transport=transport, pause=lambda _: None)
    gateway = partial(open_session, "http://gateway", transport=transport)
    close = 30 if double.late else 0.02
    patience = Patience(start=5, checkpoint=5, stop=5, close=close, pause=0)
    return FlinkJobs("main", "shop", Flink(manager, gateway, lambda _: "", patience))


def upgraded(double: FlinkDouble, folder: Path) -> StepResult:
    """The old job runs; a deploy's step puts the new one in its place, with one fault or many."""
    double.jobs.append(Running(f"{1:032x}", f"shop.totals@{digest(OLD)[:12]}"))
    flink = system(double)
    strikes, double.strikes = double.strikes, 0
    live = flink.observe([wanted()], [KEY])[KEY]
    double.asked, double.strikes = 0, strikes
    lease = FileStore(folder).acquire("a test", 30)
    step = Step(KEY, "restart", "model.totals", "its script differs")
    carrier = Carrier(lease, pause=lambda _: None)
    result = carrier.carry_out(Work(step, flink, wanted(), live, None))
    lease.release()
    flink.close()
    return result


@pytest.fixture(scope="module")
def requests(tmp_path_factory: pytest.TempPathFactory) -> int:
    """How many requests an upgrade takes when nothing goes wrong."""
    double = FlinkDouble()
    assert upgraded(double, tmp_path_factory.mktemp("state")).result == "done"
    return double.asked


@pytest.mark.parametrize("fault", FAULTS)
def test_one_fault_at_any_request_leaves_one_job_that_goes_on_from_the_savepoint(
    fault: str, requests: int, tmp_path: Path
) -> None:
    for number in range(1, requests + 1):
        double = FlinkDouble(fault, number)
        result = upgraded(double, tmp_path / str(number))
        assert result.result == "done", (number, result.told)
        assert [job.name for job in double.alive] == [f"shop.totals@{digest(NEW)[:12]}"], number
        assert double.alive[0].restored == double.jobs[0].savepoint != "", number
        assert double.most == 1, number
        assert len(double.jobs) == 2, number


@pytest.mark.parametrize("fault", FAULTS)
def test_a_flink_that_stays_broken_is_given_up_and_never_told_as_done(
    fault: str, requests: int, tmp_path: Path
) -> None:
    for number in range(1, requests):
        double = FlinkDouble(fault, number, forever=True)
        result = upgraded(double, tmp_path / str(number))
        closing = number > requests - 3 and result.result == "done"
        assert closing or result.result == "failed", (number, result.told)
        assert double.most == 1, number
        assert double.asked <= BOUND, number


@pytest.mark.parametrize("fault", ["timeout", "reset", "truncated", "empty"])
def test_a_job_whose_answer_was_lost_and_that_comes_late_is_waited_for(
    fault: str, requests: int, tmp_path: Path
) -> None:
    for number in range(1, requests + 1):
        double = FlinkDouble(fault, number, late=3)
        result = upgraded(double, tmp_path / str(number))
        assert result.result == "done", (number, result.told)
        assert double.most == 1, number


def test_a_job_that_flink_forgot_while_it_was_stopped_goes_on_from_its_savepoint() -> None:
    double, notes = FlinkDouble(), Kept()
    notes.keep("old", {"job": f"{7:032x}"})
    notes.keep("savepoint", "file:/savepoints/7")
    step = Step(KEY, "create", "model.totals", "it was deployed")
    system(double).apply(step, wanted(), None, notes)
    assert [job.restored for job in double.alive] == ["file:/savepoints/7"]


def test_a_job_that_flink_forgot_without_a_savepoint_does_not_start_empty_unasked() -> None:
    double, notes = FlinkDouble(), Kept()
    notes.keep("old", {"job": f"{7:032x}"})
    step = Step(KEY, "create", "model.totals", "it was deployed")
    with pytest.raises(SystemFailed, match="knows no job 00000000 any more") as failed:
        system(double).apply(step, wanted(), None, notes)
    assert "on_state_change: reset" in failed.value.mend
    assert double.jobs == []
    system(double).apply(step, wanted("reset"), None, notes)
    assert len(double.alive) == 1
