"""A job that was just started: watched until it has proved itself, or failed."""

from __future__ import annotations

import time
from dataclasses import dataclass

from cdk_stream.plugin.system import SystemFailed
from cdk_stream_flink.deploy.jobmanager import JobManager
from cdk_stream_flink.stack_trace import read_failure


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait, in seconds, and for what."""

    start: float = 120.0
    """Until all tasks run."""
    checkpoint: float = 120.0
    """Until a checkpoint is complete."""
    checkpoints: int = 2
    """How many must complete without a failure: the first one proves that state can be read, the
    next that rows have gone through since."""
    stop: float = 600.0
    """Until a savepoint is written."""
    close: float = 10.0
    """Until a job that may be stopping has stopped."""
    pause: float = 0.25
    """Between two looks."""


def judge(manager: JobManager, job_id: str, patience: Patience) -> str:
    """Why the job failed its probation; empty when it passed.

    An incompatible state does not fail the submission: the job restarts for ever. So any failure
    counts, whatever the job's restart strategy makes of it.
    """
    return _await_tasks(manager, job_id, patience) or next(
        filter(None, (_checkpoint(manager, job_id, patience) for _ in range(patience.checkpoints))),
        "",
    )


def _await_tasks(manager: JobManager, job_id: str, patience: Patience) -> str:
    deadline = time.monotonic() + patience.start
    while time.monotonic() < deadline:
        fault = _fault(manager, job_id)
        if fault:
            return fault
        if manager.tasks_running(job_id):
            return ""
        time.sleep(patience.pause)
    return f"its tasks did not all run after {patience.start:.0f} seconds"


def _checkpoint(manager: JobManager, job_id: str, patience: Patience) -> str:
    """Asked for by hand: the job's own interval may be long."""
    deadline = time.monotonic() + patience.checkpoint
    request = ""
    while time.monotonic() < deadline:
        fault = _fault(manager, job_id)
        if fault:
            return fault
        if not request:
            request = _asked(manager, job_id)
        if request:
            trigger = manager.checkpointed(job_id, request)
            if trigger.state == "done":
                return _fault(manager, job_id)
            if trigger.state == "failed":
                request = ""  # one that started too early, or another was under way: once more
        time.sleep(patience.pause)
    return f"it completed no checkpoint in {patience.checkpoint:.0f} seconds"


def _asked(manager: JobManager, job_id: str) -> str:
    try:
        return manager.checkpoint(job_id)
    except SystemFailed:
        return ""  # the next look says why


def _fault(manager: JobManager, job_id: str) -> str:
    failures = manager.failures(job_id)
    if failures:
        return read_failure(failures[-1]).message.splitlines()[0]
    job = manager.job(job_id)
    return f"it is {job.state.lower()}" if job.ended else ""
